// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.catalog.Relation;
import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `merge([database, ]'pattern')` in FROM: the rows of all tables whose names fit, with the columns
/// that all of them have, in the order of the first.
final class MergedTables {
  private MergedTables() {}

  /// The column that tells which table a row is of; no star shows it.
  static final String TABLE = "_table";

  static SqlNode of(SqlCall call, PlanContext context, String ownDatabase) {
    SqlParserPos position = call.getParserPosition();
    if (call.operandCount() == 0 || call.operandCount() > 2) {
      throw Place.error(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          position,
          "merge([database, ]'pattern') takes 1 or 2 arguments, found " + call.operandCount());
    }
    String database =
        call.operandCount() == 1 || isCurrent(call.operand(0))
            ? ownDatabase
            : name(call.operand(0));
    SqlNode last = call.operand(call.operandCount() - 1);
    Pattern pattern;
    try {
      pattern = Pattern.compile(TableFunctions.text(last));
    } catch (PatternSyntaxException e) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS,
          last.getParserPosition(),
          "not a pattern of names: " + e.getMessage());
    }
    List<String> tables = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    for (String table : context.catalog().tables(database).stream().sorted().toList()) {
      if (pattern.matcher(table).find()) {
        List<String> columns = columns(context, new TableName(database, table));
        if (tables.isEmpty()) {
          shared.addAll(columns);
        }
        shared.retainAll(columns);
        tables.add(table);
      }
    }
    if (shared.isEmpty()) {
      throw Place.error(
          ErrorCode.UNKNOWN_TABLE,
          position,
          "no table of \"" + database + "\" fits, or those that do share no column");
    }
    return union(database, tables, shared, position);
  }

  private static SqlNode union(
      String database, List<String> tables, List<String> columns, SqlParserPos position) {
    SqlNode all = null;
    for (String table : tables) {
      List<SqlNode> items = new ArrayList<>();
      columns.forEach(column -> items.add(new SqlIdentifier(column, position)));
      if (!columns.contains(TABLE)) {
        items.add(
            SqlStdOperatorTable.AS.createCall(
                position,
                SqlLiteral.createCharString(table, position),
                new SqlIdentifier(TABLE, position)));
      }
      SqlNode one =
          PlainSelect.of(items, new SqlIdentifier(List.of(database, table), position), position);
      all = all == null ? one : SqlStdOperatorTable.UNION_ALL.createCall(position, all, one);
    }
    return all;
  }

  /// The item of FROM, of which the star shows what the tables share.
  static Names.Source source(String alias, List<String> columns) {
    List<String> starred = columns.stream().filter(column -> !column.equals(TABLE)).toList();
    return new Names.Source(alias, "", columns, starred);
  }

  private static List<String> columns(PlanContext context, TableName name) {
    return switch (context.catalog().find(name).orElseThrow()) {
      case Relation.Stored stored -> names(stored.table().definition().columns());
      case Relation.View(var view) -> names(view.columns());
      case Relation.Rows rows -> names(rows.columns());
      case Relation.Block block -> names(block.definition().columns());
    };
  }

  private static List<String> names(List<ColumnDefinition> columns) {
    return columns.stream()
        .filter(column -> column.kind() == ColumnDefinition.Kind.DEFAULT)
        .map(ColumnDefinition::name)
        .toList();
  }

  private static boolean isCurrent(SqlNode node) {
    return node instanceof SqlCall call
        && call.getOperator().getName().equalsIgnoreCase("currentDatabase");
  }

  private static String name(SqlNode node) {
    return node instanceof SqlIdentifier identifier
        ? identifier.names.getLast()
        : TableFunctions.text(node);
  }
}
