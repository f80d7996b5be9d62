// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RowsWriterTest extends FormatContract {
  @Test
  void tabSeparatedEscapesWhatWouldBreakARow() throws IOException {
    assertThat(write("TabSeparated", "String", "a\tb\n'\\\0")).isEqualTo("a\\tb\\n\\'\\\\\\0\n");
  }

  @Test
  void csvDoublesQuotesAndGuardsDates() throws IOException {
    assertThat(write("CSV", "String", "say \"x\",\n")).isEqualTo("\"say \"\"x\"\",\n\"\n");
    assertThat(write("CSV", "Date", LocalDate.of(2020, 1, 2))).isEqualTo("\"2020-01-02\"\n");
    assertThat(write("CSV", "Array(String)", List.of("a'b"))).isEqualTo("\"['a\\'b']\"\n");
  }

  @Test
  void nullsAreWrittenAsTheFormatSays() throws IOException {
    assertThat(write("TabSeparated", "Nullable(Int32)", (Object) null)).isEqualTo("\\N\n");
    assertThat(write("CSV", "Nullable(Int32)", (Object) null)).isEqualTo("\\N\n");
    assertThat(write("JSONEachRow", "Nullable(Int32)", (Object) null)).isEqualTo("{\"c\":null}\n");
    assertThat(write("Values", "Nullable(Int32)", null, 5L)).isEqualTo("(NULL),(5)");
  }

  @Test
  void numbersAreTheShortestTextThatReadsBack() throws IOException {
    assertThat(text("Float64", 1e20)).isEqualTo("100000000000000000000");
    assertThat(text("Float64", 1e21)).isEqualTo("1e21");
    assertThat(text("Float64", 1e-6)).isEqualTo("0.000001");
    assertThat(text("Float64", 1e-7)).isEqualTo("1e-7");
    assertThat(text("Float64", 0.1)).isEqualTo("0.1");
    assertThat(text("Float64", 123456.789)).isEqualTo("123456.789");
    assertThat(text("Float64", 12345678.9)).isEqualTo("12345678.9");
    assertThat(text("Float64", -1.5e-9)).isEqualTo("-1.5e-9");
    assertThat(text("Float64", Double.NaN)).isEqualTo("nan");
    assertThat(text("Float64", Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
    assertThat(text("Float32", 0.1f)).isEqualTo("0.1");
    assertThat(text("Float32", 16777216f)).isEqualTo("16777216");
    assertThat(text("UInt64", new BigInteger("18446744073709551615")))
        .isEqualTo("18446744073709551615");
    assertThat(text("Int64", Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
    assertThat(text("Decimal(18, 2)", new BigDecimal("-0.50"))).isEqualTo("-0.5");
    assertThat(text("Decimal(38, 4)", new BigDecimal("12345678901234567890.1200")))
        .isEqualTo("12345678901234567890.12");
    assertThat(text("Decimal(9, 3)", new BigDecimal("7.000"))).isEqualTo("7");
  }

  @Test
  void everyFloatReadsBackFromItsText() {
    for (double value :
        new double[] {5e-324, 1.7976931348623157e308, 2.2250738585072014E-308, 1e22, 4.35, 0.3}) {
      assertThat(Double.parseDouble(NumberText.of(value))).isEqualTo(value);
    }
  }

  @Test
  void timesAreShownInTheZoneOfTheType() throws IOException {
    LocalDateTime noon = LocalDateTime.of(2024, 7, 1, 12, 0, 0, 120_000_000);
    assertThat(text("DateTime64(3)", noon)).isEqualTo("2024-07-01 12:00:00.120");
    assertThat(text("DateTime('Europe/Berlin')", noon)).isEqualTo("2024-07-01 12:00:00");
    assertThat(text("DateTime64(3)", LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_000_000)))
        .isEqualTo("1969-12-31 23:59:59.999");
    for (String day :
        List.of("1900-01-01", "1970-01-01", "2000-02-29", "2024-12-31", "2299-12-31")) {
      assertThat(text("Date32", LocalDate.parse(day))).isEqualTo(day);
    }
  }

  @Test
  void nestedValuesKeepTheirBrackets() throws IOException {
    assertThat(text("Array(Array(Int8))", List.of(List.of(1L, 2L), List.of())))
        .isEqualTo("[[1,2],[]]");
    assertThat(text("Map(String, UInt8)", Map.of("k", 1L))).isEqualTo("{'k':1}");
    assertThat(text("Tuple(UInt8, String)", List.of(1L, "a"))).isEqualTo("(1,'a')");
    assertThat(write("JSONEachRow", "Tuple(x UInt8, y String)", List.of(1L, "a")))
        .isEqualTo("{\"c\":{\"x\":1,\"y\":\"a\"}}\n");
    assertThat(write("JSONEachRow", "Map(String, UInt8)", Map.of("k", 1L)))
        .isEqualTo("{\"c\":{\"k\":1}}\n");
  }

  @Test
  void jsonHasNoNanAndEscapesControls() throws IOException {
    assertThat(write("JSONEachRow", "Float64", Double.NaN)).isEqualTo("{\"c\":null}\n");
    assertThat(write("JSONEachRow", "String", "\"\u0001\n"))
        .isEqualTo("{\"c\":\"\\\"\\u0001\\n\"}\n");
  }

  @Test
  void jsonDocumentSaysTypesRowsAndStatistics() throws IOException {
    assertThat(write("JSONCompact", "UInt8", 1L, 2L))
        .isEqualTo(
            """
            {
            \t"meta":
            \t[
            \t\t{
            \t\t\t"name": "c",
            \t\t\t"type": "UInt8"
            \t\t}
            \t],

            \t"data":
            \t[
            \t\t[1],
            \t\t[2]
            \t],

            \t"rows": 2,

            \t"statistics":
            \t{
            \t\t"elapsed": 0.5,
            \t\t"rows_read": 2,
            \t\t"bytes_read": 16
            \t}
            }
            """);
  }

  @Test
  void rowBinaryIsLittleEndianWithTheWidthOfThePrecision() throws IOException {
    assertThat(binary("Decimal(9, 2)", new BigDecimal("-1.50"))).isEqualTo("6affffff");
    assertThat(binary("Decimal(38, 2)", new BigDecimal("-1.50"))).isEqualTo("6a" + "ff".repeat(15));
    assertThat(binary("UInt16", 0x1234L)).isEqualTo("3412");
    assertThat(binary("String", "ab")).isEqualTo("026162");
    assertThat(binary("Nullable(UInt8)", (Object) null)).isEqualTo("01");
    assertThat(binary("Nullable(UInt8)", 7L)).isEqualTo("0007");
    assertThat(binary("UUID", java.util.UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")))
        .isEqualTo("7766554433221100ffeeddccbbaa9988");
    assertThat(binary("Array(UInt8)", List.of(1L, 2L))).isEqualTo("020102");
  }

  @Test
  void dictionariesAndConstantsAreWrittenAsValues() throws IOException {
    Vector dictionary = VectorValues.of(DataTypes.STRING, scratch, "red", "blue");
    Vector codes = VectorValues.of(DataTypes.INT32, scratch, 1L, 0L, 1L);
    Vector coded = Vector.dictionary(DataTypes.STRING, 3, codes.values(), dictionary, null);
    Vector constant =
        Vector.constant(DataTypes.UINT8, 3, VectorValues.of(DataTypes.UINT8, scratch, 9L));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowsWriter writer =
        RowsFormats.writer(
            "TSV", out, List.of("a", "b"), List.of(DataTypes.STRING, DataTypes.UINT8));
    writer.begin();
    writer.write(new Batch(3, List.of(coded, constant)));
    writer.end(new RowsWriter.Statistics(0, 0, 0));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("blue\t9\nred\t9\nblue\t9\n");
  }

  @Test
  void prettyAlignsNumbersToTheRight() throws IOException {
    assertThat(write("PrettyCompact", "UInt8", 1L, 22L))
        .isEqualTo(
            """
               ┌──c─┐
            1. │  1 │
            2. │ 22 │
               └────┘
            """);
  }

  @Test
  void anUnknownFormatSuggestsANearOne() {
    assertThatThrownBy(() -> RowsFormats.writer("JSONEachRows", null, List.of(), List.of()))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("did you mean \"JSONEachRow\"?");
  }

  private String text(String type, Object value) throws IOException {
    return write("TabSeparatedRaw", type, value).stripTrailing();
  }

  private String write(String format, String type, Object... values) throws IOException {
    return new String(bytes(format, type, values), StandardCharsets.UTF_8);
  }

  private String binary(String type, Object... values) throws IOException {
    return HexFormat.of().formatHex(bytes("RowBinary", type, values));
  }

  private byte[] bytes(String format, String type, Object... values) throws IOException {
    DataType parsed = DataTypes.parse(type);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowsWriter writer = RowsFormats.writer(format, out, List.of("c"), List.of(parsed));
    writer.begin();
    writer.write(
        new Batch(
            values.length,
            List.of(VectorValues.of(parsed, scratch, Arrays.copyOf(values, values.length)))));
    writer.end(new RowsWriter.Statistics(0.5, values.length, values.length * 8L));
    return out.toByteArray();
  }
}
