// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Settings of ClickHouse by which one of two answers is chosen, where there is one here. The value
/// that stands for it is taken; another is refused, as its user would get what was not asked for.
final class FixedSettings {
  /// @param values that stand for what is done here
  /// @param done what that is
  private record Fixed(List<String> values, String done) {}

  private static final List<String> ON = List.of("1", "true");
  private static final List<String> OFF = List.of("0", "false");

  private static final Map<String, Fixed> SETTINGS =
      Map.ofEntries(
          Map.entry("join_use_nulls", new Fixed(ON, "outer joins give NULL where no row matches")),
          Map.entry(
              "group_by_use_nulls", new Fixed(ON, "keys of ROLLUP and CUBE are NULL in totals")),
          Map.entry("union_default_mode", new Fixed(List.of("DISTINCT", ""), "UNION is distinct")),
          Map.entry("except_default_mode", new Fixed(List.of("DISTINCT"), "EXCEPT is distinct")),
          Map.entry(
              "intersect_default_mode", new Fixed(List.of("DISTINCT"), "INTERSECT is distinct")),
          Map.entry("flatten_nested", new Fixed(ON, "Nested is an array for each field")),
          Map.entry(
              "enable_positional_arguments", new Fixed(ON, "GROUP BY 1 is by the first item")),
          Map.entry("decimal_check_overflow", new Fixed(ON, "decimals that overflow are an error")),
          Map.entry("cast_keep_nullable", new Fixed(OFF, "CAST gives the type it names")),
          Map.entry(
              "count_distinct_implementation",
              new Fixed(List.of("uniqExact"), "count(DISTINCT x) is exact")),
          Map.entry(
              "date_time_overflow_behavior",
              new Fixed(List.of("throw"), "times out of range are an error")),
          Map.entry(
              "enable_extended_results_for_datetime_functions",
              new Fixed(OFF, "functions of Date give Date")),
          Map.entry(
              "any_join_distinct_right_table_keys",
              new Fixed(OFF, "ANY JOIN takes one row of the right side for each of the left")),
          Map.entry(
              "empty_result_for_aggregation_by_empty_set",
              new Fixed(OFF, "aggregates of no rows are one row")),
          Map.entry("apply_mutations_on_fly", new Fixed(ON, "a mutation is seen when it returns")),
          Map.entry("apply_deleted_mask", new Fixed(ON, "deleted rows do not show")),
          Map.entry("dialect", new Fixed(List.of("clickhouse"), "there is one dialect")),
          Map.entry(
              "force_grouping_standard_compatibility",
              new Fixed(ON, "grouping(x) is 1 where x is not a key of the row's set")),
          Map.entry(
              "totals_mode",
              new Fixed(
                  List.of("after_having_exclusive"), "totals are of the groups that HAVING keeps")),
          Map.entry(
              "join_default_strictness",
              new Fixed(List.of("ALL", ""), "a join without a word is ALL")),
          Map.entry("prefer_column_name_to_alias", new Fixed(OFF, "an alias goes before a column")),
          Map.entry("enable_order_by_all", new Fixed(ON, "ORDER BY ALL is by every item")),
          Map.entry("enable_global_with_statement", new Fixed(ON, "WITH reaches into sub-queries")),
          Map.entry(
              "insert_null_as_default",
              new Fixed(ON, "NULL for a column that takes none is its default")),
          Map.entry(
              "interval_output_format", new Fixed(List.of("numeric"), "intervals are numbers")),
          Map.entry(
              "use_variant_as_common_type",
              new Fixed(OFF, "values of no common type are an error")),
          Map.entry(
              "materialized_views_ignore_errors",
              new Fixed(OFF, "an error of a view is the INSERT's")),
          Map.entry(
              "splitby_max_substrings_includes_remaining_string",
              new Fixed(OFF, "what is behind the last part is left out")),
          Map.entry("asterisk_include_alias_columns", new Fixed(OFF, "* is of stored columns")),
          Map.entry(
              "asterisk_include_materialized_columns", new Fixed(OFF, "* is of ordinary columns")),
          Map.entry(
              "input_format_null_as_default",
              new Fixed(ON, "NULL for a column that cannot hold it becomes the column's default")),
          Map.entry(
              "input_format_defaults_for_omitted_fields",
              new Fixed(
                  List.of("1", "true", "2"), "what a row leaves out is the column's default")),
          Map.entry(
              "input_format_with_names_use_header",
              new Fixed(ON, "the names of a header say which column a field is of")),
          Map.entry(
              "input_format_values_interpret_expressions",
              new Fixed(ON, "VALUES may hold expressions")),
          Map.entry(
              "output_format_arrow_string_as_string", new Fixed(ON, "String is utf8 in Arrow")),
          Map.entry(
              "output_format_parquet_string_as_string",
              new Fixed(ON, "String is a string in Parquet")),
          Map.entry(
              "output_format_json_validate_utf8", new Fixed(OFF, "JSON has the bytes of a String")),
          Map.entry(
              "output_format_json_map_as_array_of_tuples", new Fixed(OFF, "a map is an object")),
          Map.entry(
              "output_format_pretty_color",
              new Fixed(List.of("0", "false", "auto"), "drawn tables have no colours")),
          overflow("distinct_overflow_mode"),
          overflow("group_by_overflow_mode"),
          overflow("join_overflow_mode"),
          overflow("read_overflow_mode"),
          overflow("set_overflow_mode"),
          overflow("sort_overflow_mode"));

  private static Map.Entry<String, Fixed> overflow(String name) {
    return Map.entry(name, new Fixed(List.of("throw"), "what is beyond a limit is an error"));
  }

  static final Set<String> NAMES = SETTINGS.keySet();

  private FixedSettings() {}

  /// The names in order, each with the value that stands for what is done here, and what that is.
  static Map<String, List<String>> shown() {
    Map<String, List<String>> shown = new TreeMap<>();
    SETTINGS.forEach(
        (name, fixed) -> shown.put(name, List.of(fixed.values().getFirst(), fixed.done())));
    return shown;
  }

  /// @throws VarveException NOT_IMPLEMENTED telling what is done instead
  static void check(String name, String value) {
    Fixed fixed = SETTINGS.get(name);
    if (fixed != null && fixed.values().stream().noneMatch(value::equalsIgnoreCase)) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "setting "
              + name
              + " = "
              + value
              + " is not supported: "
              + fixed.done()
              + "; leave it at "
              + fixed.values().getFirst());
    }
  }
}
