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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Rows that do not fit are left out and told, and the rows around them are all there.
final class RowErrorsTest extends FormatContract {
  private static final List<ColumnDefinition> COLUMNS =
      List.of(
          ColumnDefinition.of("id", DataTypes.INT32),
          ColumnDefinition.of("name", DataTypes.STRING));

  private final List<String> refused = new ArrayList<>();

  private List<Object> ids(String format, String text, long most, double share, int step)
      throws IOException {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    RowErrors errors = new RowErrors(most, share, row -> refused.add(row.line() + "/" + row.row()));
    List<Object> ids = new ArrayList<>();
    try (RowsReader reader = RowsFormats.reader(format, in, COLUMNS).tolerating(errors)) {
      while (true) {
        RowBuilders builders = new RowBuilders(COLUMNS, scratch);
        int count = reader.read(builders, step);
        Batch batch = builders.build();
        assertThat(batch.rows()).isEqualTo(count);
        if (count == 0) {
          return ids;
        }
        for (int i = 0; i < count; i++) {
          ids.add(VectorValues.get(batch.column(0), i));
        }
      }
    }
  }

  @Test
  void csvGoesOnBehindWrongValuesMissingAndTooManyFields() throws IOException {
    String text = "id,name\n1,a\nx,\"b\nc\"\n3\n4,\"d\n\"\n5,e,f\n6,g\n";
    assertThat(ids("CSVWithNames", text, 3, 0, 2)).isEqualTo(List.of(1L, 4L, 6L));
    assertThat(refused).containsExactly("3/2", "5/3", "8/5");
  }

  @Test
  void tabSeparatedTextGoesOnAtTheNextLine() throws IOException {
    assertThat(ids("TSV", "x\ta\n2\tb\n3\n4\td\te\n5\tf\n", 3, 0, 8)).isEqualTo(List.of(2L, 5L));
    assertThat(refused).containsExactly("1/1", "3/3", "4/4");
  }

  @Test
  void jsonGoesOnBehindTornRows() throws IOException {
    String text =
        """
        {"id": 1}
        {"id": "x",
         "name": "y"}
        {"id": 3, "name": "torn
        {"id": 4}
        {"id": 5, "what": 1}
        {"id": 6
        {"id": 7}
        """;
    assertThat(ids("JSONEachRow", text, 4, 0, 1)).isEqualTo(List.of(1L, 4L, 7L));
    assertThat(refused).extracting(r -> r.substring(0, 1)).containsExactly("2", "4", "6", "7");
  }

  @Test
  void oneTooManyEndsTheReadingWithItsOwnError() {
    assertThatThrownBy(() -> ids("TSV", "x\ta\ny\tb\n", 1, 0, 8))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("row 2")
        .hasMessageContaining("found \"y\"");
  }

  @Test
  void aShareOfTheRowsMayBeLeftOut() throws IOException {
    String good = "1\ta\n".repeat(9);
    assertThat(ids("TSV", good + "x\ta\n" + good, 0, 0.1, 8)).hasSize(18);
    assertThatThrownBy(() -> ids("TSV", "x\ta\n" + good, 0, 0.1, 8)).hasMessageContaining("row 1");
  }

  @Test
  void theSettingsOfAStatementAllowThem() throws IOException {
    FormatSettings settings = FormatSettings.of(Map.of("input_format_allow_errors_num", "1"));
    InputStream in = new ByteArrayInputStream("x\ta\n2\tb\n".getBytes(StandardCharsets.UTF_8));
    RowBuilders builders = new RowBuilders(COLUMNS, scratch);
    assertThat(RowsFormats.reader("TSV", in, COLUMNS, settings).read(builders, 8)).isEqualTo(1);
    assertThatThrownBy(() -> FormatSettings.of(Map.of("input_format_allow_errors_ratio", "2")))
        .hasMessageContaining("input_format_allow_errors_ratio");
  }

  @Randomized(times = 40)
  void linesAreThoseOfTheFile(RandomGenerator random) throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    List<Object> kept = new ArrayList<>();
    int line = 1;
    int rows = random.nextInt(1, 40_000);
    for (int row = 1; row <= rows; row++) {
      boolean good = random.nextInt(50) > 0;
      int breaks = random.nextInt(3);
      text.append(good ? "" + row : "no").append(",\"").append("\n".repeat(breaks)).append("\"\n");
      if (good) {
        kept.add((long) row);
      } else {
        expected.add(line + "/" + row);
      }
      line += 1 + breaks;
    }
    assertThat(ids("CSV", text.toString(), rows, 0, 1 + random.nextInt(9000))).isEqualTo(kept);
    assertThat(refused).isEqualTo(expected);
  }

  @Test
  void defaultsStandWhereRowBinaryFlagsThem() throws IOException {
    List<ColumnDefinition> columns =
        List.of(
            ColumnDefinition.of("id", DataTypes.INT32),
            new ColumnDefinition(
                "name", DataTypes.STRING, ColumnDefinition.Kind.DEFAULT, "'d'", "", ""));
    InputStream json =
        new ByteArrayInputStream(
            "{\"id\":1,\"name\":\"a\"} {\"id\":2}".getBytes(StandardCharsets.UTF_8));
    RowBuilders given = new RowBuilders(columns, scratch);
    assertThat(RowsFormats.reader("JSONEachRow", json, columns).read(given, 8)).isEqualTo(2);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    new DefaultedRows(written).write(given.build(), given::omitted);

    RowBuilders read = new RowBuilders(columns, scratch);
    InputStream binary = new ByteArrayInputStream(written.toByteArray());
    assertThat(RowsFormats.reader("RowBinaryWithDefaults", binary, columns).read(read, 8))
        .isEqualTo(2);
    assertThat(read.omitted(1)).isEqualTo(given.omitted(1)).isNotNull();
    assertThat(VectorValues.get(read.build().column(1), 0)).isEqualTo("a");
  }
}
