// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Wherever a stream is cut, the pieces have the rows of the whole.
final class RowPiecesTest extends FormatContract {
  private static final List<ColumnDefinition> COLUMNS =
      List.of(
          ColumnDefinition.of("id", DataTypes.INT64),
          ColumnDefinition.of("name", DataTypes.STRING));

  private static final String[] FORMATS = {
    "TSV", "TSVWithNames", "TSVRaw", "CSV", "CSVWithNamesAndTypes", "JSONEachRow"
  };

  @Randomized(times = 300)
  void piecesHaveTheRowsOfTheWhole(RandomGenerator random) throws IOException {
    String format = FORMATS[random.nextInt(FORMATS.length)];
    String text = text(format, random);
    int bytes = random.nextInt(1, 60);
    assertThat(pieces(format, text, bytes)).isEqualTo(whole(format, text));
  }

  @Test
  void emptyInputHasNoPiece() throws IOException {
    for (String format : FORMATS) {
      assertThat(pieces(format, "", 8)).isEmpty();
    }
  }

  @Test
  void aReaderNumbersRowsBehindThePiecesBefore() throws IOException {
    RowPieces pieces = open("TSV", "1\ta\n2\tb\nx\tc\n").ofBytes(8);
    RowPieces.Piece first = pieces.next();
    assertThat(read(pieces, first)).containsExactly("1a", "2b");
    RowPieces.Reader second = pieces.reader(pieces.next(), true);
    second.startBehind(2);
    assertThatThrownBy(() -> second.read(new RowBuilders(COLUMNS, scratch), 10))
        .isInstanceOf(VarveException.class)
        .hasMessageContainingAll("row 3", "\"id\"", "\"x\"");
  }

  @Test
  void toleratedErrorsAndOtherFormatsNeedOneReader() {
    InputStream none = InputStream.nullInputStream();
    assertThat(RowsFormats.pieces("Native", none, COLUMNS, FormatSettings.DEFAULT)).isEmpty();
    assertThatThrownBy(() -> RowsFormats.pieces("CVS", none, COLUMNS, FormatSettings.DEFAULT))
        .hasMessageContaining("did you mean \"CSV\"?");
  }

  private static String text(String format, RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    String lineEnd = random.nextBoolean() ? "\n" : "\r\n";
    if (format.contains("WithNames")) {
      text.append(format.startsWith("CSV") ? "name,id" : "name\tid").append(lineEnd);
    }
    if (format.endsWith("AndTypes")) {
      text.append("String,Int64").append(lineEnd);
    }
    String end = lineEnd;
    for (int i = random.nextInt(40); i >= 0; i--) {
      String row = row(format, random.nextInt(1000), random);
      end = format.startsWith("CSV") && random.nextInt(9) == 0 ? "\r" : lineEnd;
      text.append(row).append(i == 0 && random.nextBoolean() ? "" : end);
    }
    return text.toString();
  }

  private static String row(String format, int id, RandomGenerator random) {
    String name = name(format, random);
    if (format.startsWith("JSON")) {
      String blank = random.nextInt(5) == 0 ? "\n" : "";
      return "{" + blank + "\"id\":" + id + ",\"name\":\"" + name + "\"" + blank + "}";
    }
    String tab = format.startsWith("CSV") ? "," : "\t";
    return format.contains("WithNames") ? name + tab + id : id + tab + name;
  }

  private static String name(String format, RandomGenerator random) {
    String[] plain = {"", "a", "bcd", "a long one of several words", "é"};
    String[] csv = {"\"a,\nb\"", "\"\"\"\r\n\"", "x\"y", "\"\""};
    String[] json = {"}", "\\\"{", "\\\\", "a\\nb"};
    String[] tab = {"a\\tb", "\\\\", "\\N", "x\"y"};
    String[] odd = format.startsWith("CSV") ? csv : format.startsWith("JSON") ? json : tab;
    String[] from = random.nextInt(3) == 0 ? odd : plain;
    return from[random.nextInt(from.length)];
  }

  private static RowPieces open(String format, String text) {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return RowsFormats.pieces(format, in, COLUMNS, FormatSettings.DEFAULT).orElseThrow();
  }

  private List<String> pieces(String format, String text, int bytes) throws IOException {
    RowPieces pieces = open(format, text).ofBytes(bytes);
    List<String> rows = new ArrayList<>();
    for (RowPieces.Piece piece = pieces.next(); piece != null; piece = pieces.next()) {
      rows.addAll(read(pieces, piece));
      pieces.giveBack(piece);
    }
    return rows;
  }

  private List<String> read(RowPieces pieces, RowPieces.Piece piece) throws IOException {
    RowBuilders builders = new RowBuilders(COLUMNS, scratch);
    RowPieces.Reader reader = pieces.reader(piece, false);
    while (reader.read(builders, 5) > 0) {}
    return rows(builders.build());
  }

  private List<String> whole(String format, String text) throws IOException {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    RowBuilders builders = new RowBuilders(COLUMNS, scratch);
    try (RowsReader reader = RowsFormats.reader(format, in, COLUMNS)) {
      while (reader.read(builders, 100) > 0) {}
    }
    return rows(builders.build());
  }

  private static List<String> rows(Batch batch) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < batch.rows(); i++) {
      rows.add("" + VectorValues.get(batch.column(0), i) + VectorValues.get(batch.column(1), i));
    }
    return rows;
  }
}
