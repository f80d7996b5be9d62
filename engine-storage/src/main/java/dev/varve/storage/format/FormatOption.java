// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.util.List;

/// A setting of formats by name; [FormatSettings] is what their values come to.
///
/// @param type `Bool`, `UInt64`, `Float32` or `String`
public record FormatOption(String name, String type, String byDefault, String description) {
  /// Every setting that formats look at.
  public static final List<FormatOption> ALL =
      List.of(
          new FormatOption("format_csv_delimiter", "String", ",", "between the fields of CSV"),
          new FormatOption("format_csv_null_representation", "String", "\\N", "NULL in CSV"),
          new FormatOption("format_tsv_null_representation", "String", "\\N", "NULL in TSV"),
          new FormatOption(
              "output_format_csv_crlf_end_of_line", "Bool", "0", "lines of CSV end in CRLF"),
          new FormatOption(
              "output_format_tsv_crlf_end_of_line", "Bool", "0", "lines of TSV end in CRLF"),
          new FormatOption(
              "output_format_csv_serialize_tuple_into_separate_columns",
              "Bool",
              "1",
              "a tuple is a column of CSV for each of its fields"),
          new FormatOption(
              "output_format_json_quote_64bit_integers",
              "Bool",
              "0",
              "integers of 64 bits and more stand in quotes"),
          new FormatOption(
              "output_format_json_quote_64bit_floats", "Bool", "0", "Float64 stands in quotes"),
          new FormatOption(
              "output_format_json_quote_decimals", "Bool", "0", "decimals stand in quotes"),
          new FormatOption(
              "output_format_json_quote_denormals",
              "Bool",
              "0",
              "nan and inf are \"nan\" and \"inf\" instead of null"),
          new FormatOption(
              "output_format_json_escape_forward_slashes", "Bool", "1", "a slash is written \\/"),
          new FormatOption(
              "output_format_json_named_tuples_as_objects",
              "Bool",
              "1",
              "a tuple whose fields have names is an object"),
          new FormatOption(
              "output_format_json_array_of_rows", "Bool", "0", "JSONEachRow is one JSON array"),
          new FormatOption(
              "date_time_output_format", "String", "simple", "simple, iso or unix_timestamp"),
          new FormatOption(
              "date_time_input_format",
              "String",
              "basic",
              "basic, best_effort or best_effort_us: ISO 8601 is read under each, other spellings"
                  + " under none"),
          new FormatOption("bool_true_representation", "String", "true", "a true Bool in text"),
          new FormatOption("bool_false_representation", "String", "false", "a false Bool in text"),
          new FormatOption(
              "output_format_write_statistics",
              "Bool",
              "1",
              "JSON and XML end with what the query read"),
          new FormatOption(
              "output_format_pretty_max_rows", "UInt64", "1000", "rows that a drawn table shows"),
          new FormatOption(
              "output_format_pretty_row_numbers", "Bool", "1", "drawn rows are numbered"),
          new FormatOption(
              "input_format_skip_unknown_fields",
              "Bool",
              "0",
              "fields of the input that no column has are passed over"),
          new FormatOption(
              "input_format_allow_errors_num",
              "UInt64",
              "0",
              "rows of CSV, TSV and JSONEachRow that may be left out because they do not fit"),
          new FormatOption(
              "input_format_allow_errors_ratio",
              "Float32",
              "0",
              "share of the rows that may be left out, where those are more"),
          new FormatOption(
              "output_format_decimal_trailing_zeros",
              "Bool",
              "0",
              "decimals keep the zeros at their end"),
          new FormatOption(
              "format_custom_escaping_rule",
              "String",
              "Escaped",
              "how CustomSeparated guards its fields: Escaped, Quoted, CSV, JSON or Raw"),
          new FormatOption(
              "format_custom_field_delimiter", "String", "\t", "between fields of CustomSeparated"),
          new FormatOption(
              "format_custom_row_before_delimiter",
              "String",
              "",
              "before a row of CustomSeparated"),
          new FormatOption(
              "format_custom_row_after_delimiter",
              "String",
              "\n",
              "behind a row of CustomSeparated"),
          new FormatOption(
              "format_custom_row_between_delimiter",
              "String",
              "",
              "between rows of CustomSeparated"),
          new FormatOption(
              "format_custom_result_before_delimiter",
              "String",
              "",
              "before all rows of CustomSeparated"),
          new FormatOption(
              "format_custom_result_after_delimiter",
              "String",
              "",
              "behind all rows of CustomSeparated"),
          new FormatOption(
              "output_format_sql_insert_table_name", "String", "table", "the table of SQLInsert"),
          new FormatOption(
              "output_format_sql_insert_max_batch_size",
              "UInt64",
              "65409",
              "rows of one statement of SQLInsert"),
          new FormatOption(
              "output_format_sql_insert_include_column_names",
              "Bool",
              "1",
              "SQLInsert names the columns"),
          new FormatOption(
              "output_format_sql_insert_use_replace", "Bool", "0", "SQLInsert writes REPLACE INTO"),
          new FormatOption(
              "output_format_sql_insert_quote_names",
              "Bool",
              "1",
              "SQLInsert quotes the names of columns"),
          new FormatOption(
              "output_format_pretty_single_large_number_tip_threshold",
              "UInt64",
              "1000000",
              "larger numbers at the end of a drawn row are told in words too; 0: none"),
          new FormatOption(
              "input_format_csv_skip_first_lines",
              "UInt64",
              "0",
              "lines of CSV passed over at the start"),
          new FormatOption(
              "input_format_csv_trim_whitespaces",
              "Bool",
              "1",
              "blanks around a field of CSV do not count"),
          new FormatOption(
              "input_format_tsv_skip_first_lines",
              "UInt64",
              "0",
              "lines of TSV passed over at the start"),
          new FormatOption(
              "input_format_custom_skip_first_lines",
              "UInt64",
              "0",
              "lines of CustomSeparated passed over at the start"),
          new FormatOption(
              "input_format_tsv_empty_as_default",
              "Bool",
              "0",
              "an empty field of TSV is the column's default"),
          new FormatOption(
              "format_template_row_format",
              "String",
              "",
              "a row of Template, where ${column:Rule} stands for a value"),
          new FormatOption(
              "format_template_resultset_format",
              "String",
              "${data}\n",
              "all of Template, where ${data} stands for the rows"),
          new FormatOption(
              "format_template_rows_between_delimiter",
              "String",
              "\n",
              "between rows of Template"));
}
