// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.StringLiteral;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TtlRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The queries of a TTL that rolls rows up. The condition that a row is due stands in them as the
/// name `_is_due`.
///
/// @param rows part and offset of the rows that go
/// @param groups a row for each group to roll up
/// @param results two values to ignore, then the row of each group
record Rollup(String rows, String groups, String results) {
  static Rollup of(TableDefinition table, TtlRule rule, Optional<String> partition) {
    Map<String, String> sets = sets(table, rule);
    String keys = String.join(", ", rule.groupBy());
    String from =
        " FROM "
            + quoted(table.name().database())
            + "."
            + quoted(table.name().table())
            + " WHERE (_is_due)"
            + partition.map(id -> " AND _partition_id = " + StringLiteral.of(id)).orElse("");
    List<String> changes = new ArrayList<>(List.of("count(*) > 1"));
    sets.forEach((column, value) ->
        changes.add("any(" + quoted(column) + ") IS DISTINCT FROM (" + value + ")"));
    String grouped = from + " GROUP BY " + keys + " HAVING " + String.join(" OR ", changes);
    List<String> items = new ArrayList<>();
    for (ColumnDefinition column : table.columns()) {
      if (column.isInsertable() && column.isStored()) {
        String item = item(column.name(), keys, rule, sets, table);
        items.add(item + " AS `_updated_" + items.size() + "`");
      }
    }
    return new Rollup(
        "SELECT _part_index, _part_offset"
            + from
            + " AND ("
            + keys
            + ") IN (SELECT "
            + keys
            + grouped
            + ")",
        "SELECT 1" + grouped + " LIMIT 1",
        "SELECT 0, 0, " + String.join(", ", items) + grouped);
  }

  /// What a column of the one row is: of a column that is neither a key nor set, the value of the
  /// first row in the order of the sorting key.
  private static String item(
      String column, String keys, TtlRule rule, Map<String, String> sets, TableDefinition table) {
    String set = sets.get(column);
    if (set != null) {
      return "(" + set + ")";
    }
    boolean isKey = rule.groupBy().stream().map(Rollup::bare).anyMatch(column::equals);
    if (isKey) {
      return quoted(column);
    }
    List<String> order = new ArrayList<>(table.orderBy());
    order.add("_part_index");
    order.add("_part_offset");
    return "argMin(" + quoted(column) + ", tuple(" + String.join(", ", order) + "))";
  }

  private static Map<String, String> sets(TableDefinition table, TtlRule rule) {
    Map<String, String> sets = new LinkedHashMap<>();
    for (String assignment : rule.assignments()) {
      int equals = equalsSign(assignment);
      String column = bare(assignment.substring(0, equals).strip());
      ColumnDefinition target =
          table
              .column(column)
              .orElseThrow(() ->
                  new VarveException(
                      ErrorCode.BAD_TTL_EXPRESSION,
                      "table "
                          + table.name()
                          + " has no column \""
                          + column
                          + "\" for TTL to set"));
      if (rule.groupBy().stream().map(Rollup::bare).anyMatch(column::equals)
          || sets.putIfAbsent(target.name(), assignment.substring(equals + 1)) != null) {
        throw new VarveException(
            ErrorCode.BAD_TTL_EXPRESSION,
            "table "
                + table.name()
                + ": TTL sets column \""
                + column
                + "\" twice, or though it is"
                + " grouped by it");
      }
    }
    return sets;
  }

  /// The one behind the column, whose name may have one in quotes.
  private static int equalsSign(String assignment) {
    char first = assignment.charAt(0);
    boolean isQuoted = first == '`' || first == '"';
    return assignment.indexOf('=', isQuoted ? assignment.indexOf(first, 1) : 0);
  }

  /// A name as written, without its quotes.
  private static String bare(String name) {
    boolean isQuoted = name.length() > 1 && (name.charAt(0) == '`' || name.charAt(0) == '"');
    return isQuoted ? name.substring(1, name.length() - 1) : name;
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
