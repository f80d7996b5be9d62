// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How formats write and read, as the settings of a statement ask for.
///
/// @param csvDelimiter between the fields of CSV
/// @param csvNull NULL in CSV
/// @param tsvNull NULL in tab-separated text
/// @param crlf whether lines of CSV and TSV end with `\r\n`
/// @param tupleColumns whether a tuple is a CSV column for each of its fields
/// @param json how JSON is written
/// @param times how moments are written
/// @param trueText what a true Bool is in text
/// @param falseText what a false one is
/// @param statistics whether JSON and XML tell what the query read
/// @param prettyRows how many rows a drawn table shows at most
/// @param prettyNumbers whether a drawn table numbers its rows
/// @param skipUnknown whether fields of the input that no column has are passed over
public record FormatSettings(
    char csvDelimiter,
    String csvNull,
    String tsvNull,
    boolean crlf,
    boolean tupleColumns,
    Json json,
    Times times,
    String trueText,
    String falseText,
    boolean statistics,
    int prettyRows,
    boolean prettyNumbers,
    boolean skipUnknown) {

  /// What of JSON can be chosen: which numbers stand in quotes, and the shape of tuples and rows.
  public record Json(
      boolean quotesLongs,
      boolean quotesDoubles,
      boolean quotesDecimals,
      boolean quotesDenormals,
      boolean escapesSlashes,
      boolean tuplesAreObjects,
      boolean rowsInArray) {}

  /// How moments are written.
  public enum Times {
    SIMPLE,
    ISO,
    UNIX
  }

  /// A setting by name.
  ///
  /// @param type `Bool`, `UInt64` or `String`
  public record Option(String name, String type, String byDefault, String description) {}

  /// Every setting that formats look at.
  public static final List<Option> OPTIONS =
      List.of(
          new Option("format_csv_delimiter", "String", ",", "between the fields of CSV"),
          new Option("format_csv_null_representation", "String", "\\N", "NULL in CSV"),
          new Option("format_tsv_null_representation", "String", "\\N", "NULL in TSV"),
          new Option("output_format_csv_crlf_end_of_line", "Bool", "0", "lines of CSV end in CRLF"),
          new Option("output_format_tsv_crlf_end_of_line", "Bool", "0", "lines of TSV end in CRLF"),
          new Option(
              "output_format_csv_serialize_tuple_into_separate_columns",
              "Bool",
              "1",
              "a tuple is a column of CSV for each of its fields"),
          new Option(
              "output_format_json_quote_64bit_integers",
              "Bool",
              "0",
              "integers of 64 bits and more stand in quotes"),
          new Option(
              "output_format_json_quote_64bit_floats", "Bool", "0", "Float64 stands in quotes"),
          new Option("output_format_json_quote_decimals", "Bool", "0", "decimals stand in quotes"),
          new Option(
              "output_format_json_quote_denormals",
              "Bool",
              "0",
              "nan and inf are \"nan\" and \"inf\" instead of null"),
          new Option(
              "output_format_json_escape_forward_slashes", "Bool", "1", "a slash is written \\/"),
          new Option(
              "output_format_json_named_tuples_as_objects",
              "Bool",
              "1",
              "a tuple whose fields have names is an object"),
          new Option(
              "output_format_json_array_of_rows", "Bool", "0", "JSONEachRow is one JSON array"),
          new Option(
              "date_time_output_format", "String", "simple", "simple, iso or unix_timestamp"),
          new Option("bool_true_representation", "String", "true", "a true Bool in text"),
          new Option("bool_false_representation", "String", "false", "a false Bool in text"),
          new Option(
              "output_format_write_statistics",
              "Bool",
              "1",
              "JSON and XML end with what the query read"),
          new Option(
              "output_format_pretty_max_rows", "UInt64", "1000", "rows that a drawn table shows"),
          new Option("output_format_pretty_row_numbers", "Bool", "1", "drawn rows are numbered"),
          new Option(
              "input_format_skip_unknown_fields",
              "Bool",
              "0",
              "fields of the input that no column has are passed over"));

  /// As a statement without settings has them.
  public static final FormatSettings DEFAULT = of(Map.of());

  /// @throws VarveException BAD_ARGUMENTS naming the setting
  public static FormatSettings of(Map<String, String> values) {
    String delimiter = text(values, "format_csv_delimiter", ",");
    if (delimiter.length() != 1 || delimiter.charAt(0) >= 0x80 || delimiter.equals("\"")) {
      throw bad("format_csv_delimiter", delimiter, "one ASCII character that is no quote");
    }
    return new FormatSettings(
        delimiter.charAt(0),
        text(values, "format_csv_null_representation", "\\N"),
        text(values, "format_tsv_null_representation", "\\N"),
        flag(values, "output_format_csv_crlf_end_of_line", false)
            || flag(values, "output_format_tsv_crlf_end_of_line", false),
        flag(values, "output_format_csv_serialize_tuple_into_separate_columns", true),
        json(values),
        times(values),
        text(values, "bool_true_representation", "true"),
        text(values, "bool_false_representation", "false"),
        flag(values, "output_format_write_statistics", true),
        count(values, "output_format_pretty_max_rows", 1000),
        flag(values, "output_format_pretty_row_numbers", true),
        flag(values, "input_format_skip_unknown_fields", false));
  }

  private static Json json(Map<String, String> values) {
    return new Json(
        flag(values, "output_format_json_quote_64bit_integers", false),
        flag(values, "output_format_json_quote_64bit_floats", false),
        flag(values, "output_format_json_quote_decimals", false),
        flag(values, "output_format_json_quote_denormals", false),
        flag(values, "output_format_json_escape_forward_slashes", true),
        flag(values, "output_format_json_named_tuples_as_objects", true),
        flag(values, "output_format_json_array_of_rows", false));
  }

  private static Times times(Map<String, String> values) {
    String name = text(values, "date_time_output_format", "simple");
    return switch (name) {
      case "simple" -> Times.SIMPLE;
      case "iso" -> Times.ISO;
      case "unix_timestamp" -> Times.UNIX;
      default -> throw bad("date_time_output_format", name, "simple, iso or unix_timestamp");
    };
  }

  private static String text(Map<String, String> values, String name, String byDefault) {
    return values.getOrDefault(name, byDefault);
  }

  private static boolean flag(Map<String, String> values, String name, boolean byDefault) {
    String value = values.get(name);
    return value == null
        ? byDefault
        : switch (value.toLowerCase(Locale.ROOT)) {
          case "1", "true" -> true;
          case "0", "false" -> false;
          default -> throw bad(name, value, "0 or 1");
        };
  }

  private static int count(Map<String, String> values, String name, int byDefault) {
    String value = values.get(name);
    if (value == null) {
      return byDefault;
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw bad(name, value, "a whole number below 1,000,000,000");
    }
    return Integer.parseInt(value);
  }

  private static VarveException bad(String name, String value, String expected) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "setting " + name + " takes " + expected + ", found \"" + value + "\"");
  }
}
