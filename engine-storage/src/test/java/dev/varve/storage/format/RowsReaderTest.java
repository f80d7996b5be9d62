// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class RowsReaderTest extends FormatContract {
  private static final List<ColumnDefinition> COLUMNS =
      List.of(
          ColumnDefinition.of("id", DataTypes.INT64),
          ColumnDefinition.of("name", DataTypes.STRING),
          ColumnDefinition.of("price", DataTypes.parse("Nullable(Decimal(15, 2))")),
          ColumnDefinition.of("tags", DataTypes.parse("Array(String)")));

  @Test
  void tabSeparatedTakesEscapesNullsAndAMissingLastLineBreak() throws IOException {
    assertThat(read("TSV", "1\ta\\tb\\\\\t1.5\t['x','y']\n2\t\t\\N\t[]"))
        .isEqualTo("[1, a\tb\\, 1.50, [x, y]][2, , null, []]");
  }

  @Test
  void aBackslashBeforeALetterThatIsNoEscapeStays() throws IOException {
    assertThat(read("TSV", "1\t\\d\\%\\x41\\N\\/\\q\t1\t['\\d\\x42\\'']\n"))
        .isEqualTo("[1, \\d\\%A/\\q, 1.00, [\\dB']]");
  }

  @Test
  void csvTakesQuotesLineBreaksInThemAndEmptyFields() throws IOException {
    assertThat(read("CSV", "1,\"say \"\"x\"\",\n\",1.5,\"['a']\"\r\n2,b,,\n"))
        .isEqualTo("[1, say \"x\",\n, 1.50, [a]][2, b, null, []]");
  }

  @Test
  void headersChooseTheColumns() throws IOException {
    assertThat(read("CSVWithNames", "name,id\nz,7\n"))
        .isEqualTo("[7, z, null, []]".replace("null", "null"));
    assertThat(read("TSVWithNamesAndTypes", "name\tid\nString\tInt64\nz\t7\n"))
        .isEqualTo("[7, z, null, []]");
  }

  @Test
  void jsonLinesMayBeSplitAnywhere() throws IOException {
    assertThat(read("JSONEachRow", "{\"id\":1,\"name\":\"é\"}\n\n{\"id\":2,\"tags\":[\"}\"]}"))
        .isEqualTo("[1, é, null, []][2, , null, [}]]");
  }

  @Test
  void errorsNameRowColumnAndText() {
    assertThatThrownBy(() -> read("CSV", "1,a,1,[]\nx,b,2,[]\n"))
        .isInstanceOf(VarveException.class)
        .hasMessageContainingAll("row 2", "\"id\"", "Int64", "\"x\"");
    assertThatThrownBy(() -> read("TSV", "1\ta\n"))
        .isInstanceOf(VarveException.class)
        .hasMessageContainingAll("row 1", "expected 4 fields, found 2");
    assertThatThrownBy(() -> read("CSVWithNames", "nam\n"))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("did you mean \"name\"?");
    assertThatThrownBy(() -> read("JSONEachRow", "{\"id\":1,")).isInstanceOf(VarveException.class);
    assertThatThrownBy(() -> read("CSV", "1,\"a"))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("inside a quoted field");
  }

  @Randomized(times = 50)
  void whatAWriterWritesAReaderReads(RandomGenerator random) throws IOException {
    List<Object[]> rows = new ArrayList<>();
    for (int i = random.nextInt(1, 30); i > 0; i--) {
      Object price = random.nextInt(4) == 0 ? null : "1." + random.nextInt(10, 100);
      rows.add(
          new Object[] {
            random.nextLong(), text(random), price, List.of(text(random), text(random))
          });
    }
    List<Vector> vectors = new ArrayList<>();
    for (int c = 0; c < COLUMNS.size(); c++) {
      int column = c;
      vectors.add(
          VectorValues.of(
              COLUMNS.get(c).type(), scratch, rows.stream().map(r -> r[column]).toArray()));
    }
    Batch written = new Batch(rows.size(), vectors);
    for (String format :
        List.of(
            "TSV",
            "TSVWithNamesAndTypes",
            "CSV",
            "CSVWithNames",
            "JSON",
            "JSONCompact",
            "JSONColumns",
            "JSONColumnsWithMetadata",
            "JSONCompactColumns",
            "JSONCompactEachRow",
            "JSONCompactEachRowWithNamesAndTypes",
            "JSONEachRow",
            "JSONStringsEachRow",
            "JSONCompactStringsEachRowWithNames",
            "TSKV",
            "RowBinary",
            "RowBinaryWithNamesAndTypes",
            "Native",
            "Arrow",
            "ArrowStream")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      RowsWriter writer =
          RowsFormats.writer(
              format,
              out,
              COLUMNS.stream().map(ColumnDefinition::name).toList(),
              COLUMNS.stream().map(ColumnDefinition::type).toList());
      writer.begin();
      writer.write(written);
      writer.end(new RowsWriter.Statistics(0, 0, 0));
      assertThat(read(format, out.toByteArray(), random.nextInt(1, 7)))
          .as(format)
          .isEqualTo(shown(written));
    }
  }

  private static String text(RandomGenerator random) {
    String alphabet = "ab \t\n\r\"'\\,[]{}:é\u0000N";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private String read(String format, String text) throws IOException {
    return read(format, text.getBytes(StandardCharsets.UTF_8), 3);
  }

  private String read(String format, byte[] bytes, int piece) throws IOException {
    InputStream slow =
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] to, int from, int length) {
            return super.read(to, from, Math.min(piece, length));
          }
        };
    RowsReader reader = RowsFormats.reader(format, slow, COLUMNS);
    RowBuilders rows = new RowBuilders(COLUMNS, scratch);
    while (reader.read(rows, 2) > 0) {
      assertThat(rows.rows()).isPositive();
    }
    return shown(rows.build());
  }

  private static String shown(Batch batch) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < batch.rows(); row++) {
      Object[] values = new Object[batch.columns().size()];
      for (int c = 0; c < values.length; c++) {
        values[c] = VectorValues.get(batch.column(c), row);
      }
      text.append(Arrays.toString(values));
    }
    return text.toString();
  }
}
