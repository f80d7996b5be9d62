// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
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
/// @param allowedErrors rows of the input that may be left out because they do not fit
/// @param allowedErrorShare share of the rows that may be, where those are more
/// @param custom what stands around the fields of CustomSeparated
/// @param insert how SQLInsert writes its statements
/// @param tip from which size on a drawn number is told in words too
/// @param skipLines lines of CSV, TSV and CustomSeparated that are passed over at the start
/// @param trimsCsv whether blanks around a field of CSV do not count
/// @param decimalZeros whether decimals keep the zeros at their end
/// @param template how Template puts rows together
/// @param emptyIsDefault whether an empty field of TSV is the column's default
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
    boolean skipUnknown,
    int allowedErrors,
    double allowedErrorShare,
    Custom custom,
    Insert insert,
    double tip,
    SkipLines skipLines,
    boolean emptyIsDefault,
    Template template,
    boolean decimalZeros,
    boolean trimsCsv) {

  /// How a field is guarded against what stands around it.
  public enum Escaping {
    ESCAPED,
    QUOTED,
    CSV,
    JSON,
    RAW
  }

  /// What stands around fields, rows and all of CustomSeparated.
  public record Custom(
      Escaping escaping,
      String betweenFields,
      String beforeRow,
      String behindRow,
      String betweenRows,
      String before,
      String behind) {}

  /// A row and all rows of Template.
  public record Template(String row, String result, String betweenRows) {}

  /// How SQLInsert writes its statements.
  ///
  /// @param rows of one statement
  public record Insert(
      String table, int rows, boolean namesColumns, boolean replaces, boolean quotesNames) {}

  /// Lines passed over at the start of a text.
  public record SkipLines(int csv, int tsv, int custom) {}

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
        flag(values, "input_format_skip_unknown_fields", false),
        count(values, "input_format_allow_errors_num", 0),
        share(values, "input_format_allow_errors_ratio"),
        custom(values),
        new Insert(
            text(values, "output_format_sql_insert_table_name", "table"),
            Math.max(1, count(values, "output_format_sql_insert_max_batch_size", 65_409)),
            flag(values, "output_format_sql_insert_include_column_names", true),
            flag(values, "output_format_sql_insert_use_replace", false),
            flag(values, "output_format_sql_insert_quote_names", true)),
        count(values, "output_format_pretty_single_large_number_tip_threshold", 1_000_000),
        new SkipLines(
            count(values, "input_format_csv_skip_first_lines", 0),
            count(values, "input_format_tsv_skip_first_lines", 0),
            count(values, "input_format_custom_skip_first_lines", 0)),
        flag(values, "input_format_tsv_empty_as_default", false),
        new Template(
            text(values, "format_template_row_format", ""),
            text(values, "format_template_resultset_format", "${data}\n"),
            text(values, "format_template_rows_between_delimiter", "\n")),
        flag(values, "output_format_decimal_trailing_zeros", false),
        flag(values, "input_format_csv_trim_whitespaces", true));
  }

  private static Custom custom(Map<String, String> values) {
    return new Custom(
        escaping(values, "format_custom_escaping_rule"),
        text(values, "format_custom_field_delimiter", "\t"),
        text(values, "format_custom_row_before_delimiter", ""),
        text(values, "format_custom_row_after_delimiter", "\n"),
        text(values, "format_custom_row_between_delimiter", ""),
        text(values, "format_custom_result_before_delimiter", ""),
        text(values, "format_custom_result_after_delimiter", ""));
  }

  private static Escaping escaping(Map<String, String> values, String setting) {
    String name = text(values, setting, "Escaped");
    for (Escaping rule : Escaping.values()) {
      if (rule.name().equalsIgnoreCase(name)) {
        return rule;
      }
    }
    throw bad(setting, name, "Escaped, Quoted, CSV, JSON or Raw");
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

  private static double share(Map<String, String> values, String name) {
    String value = values.getOrDefault(name, "0");
    if (!value.matches("0|1|0?\\.[0-9]{1,9}|[01]\\.0{1,9}")) {
      throw bad(name, value, "a number from 0 to 1");
    }
    return Double.parseDouble(value);
  }

  private static VarveException bad(String name, String value, String expected) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "setting " + name + " takes " + expected + ", found \"" + value + "\"");
  }
}
