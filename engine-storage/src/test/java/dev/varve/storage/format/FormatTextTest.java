// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the text formats look like, and what settings change of it.
final class FormatTextTest extends FormatContract {
  private static final List<String> NAMES = List.of("n", "s");
  private static final List<DataType> TYPES =
      List.of(DataTypes.UINT64, DataTypes.parse("Nullable(String)"));

  @Test
  void linesOfJsonComeAsObjectsArraysAndStrings() throws IOException {
    assertThat(two("JSONStringsEachRow"))
        .isEqualTo("{\"n\":\"1\",\"s\":\"a\\/b\"}\n{\"n\":\"2\",\"s\":\"ᴺᵁᴸᴸ\"}\n");
    assertThat(two("JSONCompactStringsEachRow"))
        .isEqualTo("[\"1\", \"a\\/b\"]\n[\"2\", \"ᴺᵁᴸᴸ\"]\n");
    assertThat(two("JSONCompactEachRowWithNamesAndTypes"))
        .isEqualTo(
            """
            ["n", "s"]
            ["UInt64", "Nullable(String)"]
            [1, "a\\/b"]
            [2, null]
            """);
    assertThat(two("JSONObjectEachRow"))
        .isEqualTo(
            """
            {
            \t"row_1": {"n":1,"s":"a\\/b"},
            \t"row_2": {"n":2,"s":null}
            }
            """);
  }

  @Test
  void jsonColumnsHoldAnArrayForEachColumn() throws IOException {
    assertThat(two("JSONColumns"))
        .isEqualTo("{\n\t\"n\": [1, 2],\n\t\"s\": [\"a\\/b\", null]\n}\n");
    assertThat(two("JSONCompactColumns")).isEqualTo("[\n\t[1, 2],\n\t[\"a\\/b\", null]\n]\n");
    assertThat(two("JSONColumnsWithMetadata"))
        .contains("\"meta\":", "\t\t\"n\": [1, 2],\n", "\"rows\": 2,", "\"rows_read\": 7");
  }

  @Test
  void keyValuesMarkdownXmlAndInsertsNameTheColumns() throws IOException {
    assertThat(two("TSKV")).isEqualTo("n=1\ts=a/b\nn=2\ts=\\N\n");
    assertThat(two("Markdown")).isEqualTo("| n | s |\n|-:|:-|\n| 1 | a/b |\n| 2 | \\N |\n");
    assertThat(two("SQLInsert"))
        .isEqualTo("INSERT INTO table (`n`, `s`) VALUES (1, 'a/b'), (2, NULL);\n");
    assertThat(two("XML"))
        .contains("<name>s</name>\n\t\t\t\t<type>Nullable(String)</type>")
        .contains("\t\t<row>\n\t\t\t<n>1</n>\n\t\t\t<s>a/b</s>\n\t\t</row>\n")
        .contains("<rows>2</rows>");
  }

  @Test
  void rawTextIsWrittenWithoutEscapesAndNullAsInTabSeparated() throws IOException {
    assertThat(one("TSVRaw", "Nullable(String)", Map.of(), "a\tb\\", null))
        .isEqualTo("a\tb\\\n\\N\n");
    assertThat(one("RawBLOB", "String", Map.of(), "ab", "cd")).isEqualTo("abcd");
    assertThat(one("LineAsString", "String", Map.of(), "ab", "c\\d")).isEqualTo("ab\nc\\d\n");
  }

  @Test
  void aTupleIsAColumnOfCsvForEachField() throws IOException {
    assertThat(one("CSVWithNames", "Tuple(x Int32, y String)", Map.of(), List.of(1L, "a")))
        .isEqualTo("\"c.x\",\"c.y\"\n1,\"a\"\n");
    assertThat(
            one(
                "CSV",
                "Tuple(x Int32, y String)",
                Map.of("output_format_csv_serialize_tuple_into_separate_columns", "0"),
                List.of(1L, "a")))
        .isEqualTo("\"(1,'a')\"\n");
    assertThat(read("CSV", "Tuple(x Int32, y String)", "1,\"a\"\n\"(2,'b')\"\n"))
        .isEqualTo("[1, a]|[2, b]");
    assertThat(read("CSVWithNames", "Tuple(x Int32, y String)", "c.x,c.y\n1,a\n"))
        .isEqualTo("[1, a]");
  }

  @Test
  void settingsChooseWhatJsonPutsInQuotes() throws IOException {
    Map<String, String> quoted =
        Map.of(
            "output_format_json_quote_64bit_integers", "1",
            "output_format_json_quote_denormals", "1",
            "output_format_json_escape_forward_slashes", "0");
    BigInteger most = new BigInteger("18446744073709551615");
    assertThat(one("JSONEachRow", "UInt64", quoted, most))
        .isEqualTo("{\"c\":\"18446744073709551615\"}\n");
    assertThat(one("JSONEachRow", "UInt32", quoted, 5L)).isEqualTo("{\"c\":5}\n");
    assertThat(one("JSONEachRow", "Float64", quoted, Double.NaN)).isEqualTo("{\"c\":\"nan\"}\n");
    assertThat(one("JSONEachRow", "String", quoted, "a/b")).isEqualTo("{\"c\":\"a/b\"}\n");
    assertThat(one("JSONEachRow", "UInt8", Map.of("output_format_json_array_of_rows", "1"), 1L, 2L))
        .isEqualTo("[\n{\"c\":1},\n{\"c\":2}\n]\n");
  }

  @Test
  void settingsChooseDelimiterNullTruthAndMoments() throws IOException {
    assertThat(one("CSV", "Nullable(Bool)", Map.of("bool_true_representation", "yes"), true, null))
        .isEqualTo("yes\n\\N\n");
    assertThat(
            one("CSV", "Nullable(Bool)", Map.of("format_csv_null_representation", "-"), true, null))
        .isEqualTo("true\n-\n");
    LocalDateTime noon = LocalDateTime.of(2024, 2, 29, 12, 0);
    assertThat(one("TSV", "DateTime64(3)", Map.of("date_time_output_format", "iso"), noon))
        .isEqualTo("2024-02-29T12:00:00.000Z\n");
    assertThat(one("TSV", "DateTime", Map.of("date_time_output_format", "unix_timestamp"), noon))
        .isEqualTo("1709208000\n");
    FormatSettings semicolon = FormatSettings.of(Map.of("format_csv_delimiter", ";"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowsWriter writer = RowsFormats.writer("CSV", out, NAMES, TYPES, semicolon);
    writer.write(rows());
    writer.end(new RowsWriter.Statistics(0, 0, 0));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("1;\"a/b\"\n2;\\N\n");
    assertThatThrownBy(() -> FormatSettings.of(Map.of("format_csv_delimiter", ";;")))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("format_csv_delimiter");
  }

  @Test
  void tablesAreDrawnInThreeWays() throws IOException {
    assertThat(one("Pretty", "String", Map.of(), "東京", "a\nb"))
        .isEqualTo(
            """
               ┏━━━━━━┓
               ┃ c    ┃
               ┡━━━━━━┩
            1. │ 東京 │
               ├──────┤
            2. │ a   ↴│
               │↳b    │
               └──────┘
            """);
    assertThat(one("PrettySpace", "UInt8", Map.of(), 1L, 22L))
        .isEqualTo("    c\n\n1.   1 \n2.  22 \n".replace("    c\n", "     c\n"));
    assertThat(one("PrettyCompact", "UInt64", Map.of(), 12_345_678L))
        .contains("│ 12345678 │ -- 12.35 million\n");
    assertThat(
            one(
                "PrettyCompact",
                "UInt8",
                Map.of(
                    "output_format_pretty_max_rows", "1", "output_format_pretty_row_numbers", "0"),
                1L,
                2L))
        .isEqualTo("┌─c─┐\n│ 1 │\n└───┘\nShowed 1 out of 2 rows.\n");
  }

  @Test
  void wholeTextsFillOneColumnOfStrings() throws IOException {
    assertThat(read("LineAsString", "String", "a\tb\n\nc")).isEqualTo("a\tb||c");
    assertThat(read("JSONAsString", "String", "[{\"a\":{\"b\":1}},\n {\"c\":\"}\"}]"))
        .isEqualTo("{\"a\":{\"b\":1}}|{\"c\":\"}\"}");
    assertThat(read("RawBLOB", "String", "a\nb")).isEqualTo("a\nb");
    assertThatThrownBy(() -> read("LineAsString", "UInt8", "1"))
        .hasMessageContaining("one column of type String");
  }

  @Test
  void jsonDocumentsAreReadFromTheirField() throws IOException {
    String document =
        "{\"meta\":[{\"name\":\"data\",\"type\":\"String\"}],\"data\":[{\"c\":1},{\"c\":2}],"
            + "\"rows\":2}";
    assertThat(read("JSON", "UInt8", document)).isEqualTo("1|2");
    assertThat(read("JSONCompact", "UInt8", "{\"data\": [[1], [2]], \"rows\": 2}"))
        .isEqualTo("1|2");
    assertThatThrownBy(() -> read("JSON", "UInt8", "{\"rows\":[]}"))
        .hasMessageContaining("no field \"data\"");
    assertThatThrownBy(() -> read("JSONColumns", "UInt8", "{\"c\":[1],\"d\":[2]}"))
        .hasMessageContaining("unknown column \"d\"");
  }

  @Test
  void unknownFieldsArePassedOverWhereASettingSaysSo() throws IOException {
    FormatSettings skips = FormatSettings.of(Map.of("input_format_skip_unknown_fields", "1"));
    assertThat(read("JSONEachRow", "UInt8", "{\"x\":[1,{}],\"c\":3}", skips)).isEqualTo("3");
    assertThat(read("TSKV", "UInt8", "x=1\tc=3\n", skips)).isEqualTo("3");
    assertThatThrownBy(() -> read("TSKV", "UInt8", "x=1\tc=3\n"))
        .hasMessageContaining("unknown field \"x\"");
  }

  private Batch rows() {
    List<Vector> columns = new ArrayList<>();
    columns.add(VectorValues.of(TYPES.get(0), scratch, 1L, 2L));
    columns.add(VectorValues.of(TYPES.get(1), scratch, "a/b", null));
    return new Batch(2, columns);
  }

  private String two(String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowsWriter writer = RowsFormats.writer(format, out, NAMES, TYPES);
    writer.begin();
    writer.write(rows());
    writer.end(new RowsWriter.Statistics(0.5, 7, 9));
    return out.toString(StandardCharsets.UTF_8);
  }

  private String one(String format, String type, Map<String, String> settings, Object... values)
      throws IOException {
    DataType parsed = DataTypes.parse(type);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowsWriter writer =
        RowsFormats.writer(format, out, List.of("c"), List.of(parsed), FormatSettings.of(settings));
    writer.begin();
    writer.write(
        new Batch(
            values.length,
            List.of(VectorValues.of(parsed, scratch, Arrays.copyOf(values, values.length)))));
    writer.end(new RowsWriter.Statistics(0, 0, 0));
    return out.toString(StandardCharsets.UTF_8);
  }

  private String read(String format, String type, String text) throws IOException {
    return read(format, type, text, FormatSettings.DEFAULT);
  }

  private String read(String format, String type, String text, FormatSettings settings)
      throws IOException {
    List<ColumnDefinition> columns = List.of(ColumnDefinition.of("c", DataTypes.parse(type)));
    RowBuilders rows = new RowBuilders(columns, scratch);
    RowsReader reader =
        RowsFormats.reader(
            format,
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            columns,
            settings);
    while (reader.read(rows, 1) > 0) {
      assertThat(rows.rows()).isPositive();
    }
    Batch batch = rows.build();
    List<String> values = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      values.add(String.valueOf(VectorValues.get(batch.column(0), row)));
    }
    return String.join("|", values);
  }

  @Test
  void nativeBlocksHoldColumnAfterColumn() throws IOException {
    assertThat(hex("Nullable(UInt16)", 258L, null))
        .isEqualTo("01020163104e756c6c61626c652855496e743136290001" + "02010000");
    assertThat(hex("Array(String)", List.of("a", "bc"), List.of()))
        .isEqualTo(
            "010201630d417272617928537472696e6729"
                + "02000000000000000200000000000000"
                + "0161026263");
    assertThat(hex("LowCardinality(String)", "x")).isEqualTo("0101016306537472696e670178");
    assertThat(hex("Nullable(Decimal(9, 2))", (Object) null)).endsWith("0100000000");
  }

  private String hex(String type, Object... values) throws IOException {
    DataType parsed = DataTypes.parse(type);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowsWriter writer = RowsFormats.writer("Native", out, List.of("c"), List.of(parsed));
    writer.begin();
    writer.write(
        new Batch(
            values.length,
            List.of(VectorValues.of(parsed, scratch, Arrays.copyOf(values, values.length)))));
    writer.end(new RowsWriter.Statistics(0, 0, 0));
    return HexFormat.of().formatHex(out.toByteArray());
  }
}
