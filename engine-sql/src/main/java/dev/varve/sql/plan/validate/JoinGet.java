// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import static dev.varve.sql.parse.StarMarks.call;

import dev.varve.sql.catalog.Relation;
import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `joinGet(table, 'column', key, …)`, the table as a name or a text: the column of the first row
/// with these keys, as a query that depends on the row; without one the default of the column's
/// type, of `joinGetOrNull` NULL.
final class JoinGet {
  private static final int FIRST_KEY = 2;
  private static final String INSIDE = "_looked_up_";
  private static final String VALUE = "";

  private JoinGet() {}

  static SqlNode of(SqlCall given, PlanContext context) {
    String name = given.getOperator().getName();
    SqlParserPos position = given.getParserPosition();
    if (given.operandCount() <= FIRST_KEY) {
      throw Place.error(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          position,
          name + "('table', 'column', key, …) takes 3 arguments or more");
    }
    TableDefinition table = table(given.operand(0), context);
    List<SqlNode> keys = given.getOperandList().subList(FIRST_KEY, given.operandCount());
    if (table.orderBy().size() != keys.size()) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS,
          position,
          "table " + table.name() + " has the keys " + table.orderBy() + ", found " + keys.size());
    }
    String wanted = TableFunctions.text(given.operand(1));
    List<String> columns = table.columns().stream().map(ColumnDefinition::name).toList();
    if (!columns.contains(wanted)) {
      throw Place.error(
          ErrorCode.UNKNOWN_IDENTIFIER,
          position,
          "no column \"" + wanted + "\" in " + table.name() + NearNames.suggest(wanted, columns));
    }
    SqlNode condition = null;
    for (int i = 0; i < keys.size(); i++) {
      SqlNode equal =
          SqlStdOperatorTable.EQUALS.createCall(
              position, inside(table.orderBy().get(i), position), keys.get(i));
      condition =
          condition == null
              ? equal
              : SqlStdOperatorTable.AND.createCall(position, condition, equal);
    }
    SqlNode value = call("anyOrNull", List.of(inside(VALUE, position)));
    SqlNode from = from(table, wanted, position);
    SqlNode row =
        SqlStdOperatorTable.SCALAR_QUERY.createCall(
            position, PlainSelect.of(List.of(value), from, condition, position));
    String type = table.columns().get(columns.indexOf(wanted)).type().unwrapped().name();
    return name.endsWith("OrNull")
        ? row
        : call(
            "ifNull",
            List.of(
                row,
                call(
                    "defaultValueOfTypeName",
                    List.of(SqlLiteral.createCharString(type, position)))));
  }

  /// The table with its columns under names of our own, so that those of the keys mean columns of
  /// the query around it.
  private static SqlNode from(TableDefinition table, String wanted, SqlParserPos position) {
    List<SqlNode> items = new ArrayList<>();
    table.orderBy().forEach(key -> items.add(item(key, INSIDE + key, position)));
    items.add(item(wanted, INSIDE + VALUE, position));
    SqlNode whole =
        new SqlIdentifier(List.of(table.name().database(), table.name().table()), position);
    return SqlStdOperatorTable.AS.createCall(
        position, PlainSelect.of(items, whole, position), new SqlIdentifier(INSIDE, position));
  }

  private static SqlNode item(String column, String as, SqlParserPos position) {
    return SqlStdOperatorTable.AS.createCall(
        position, new SqlIdentifier(column, position), new SqlIdentifier(as, position));
  }

  private static SqlNode inside(String column, SqlParserPos position) {
    return new SqlIdentifier(List.of(INSIDE, INSIDE + column), position);
  }

  private static TableDefinition table(SqlNode named, PlanContext context) {
    String text =
        named instanceof SqlIdentifier id ? String.join(".", id.names) : TableFunctions.text(named);
    int dot = text.indexOf('.');
    TableName name =
        dot < 0
            ? new TableName(context.database(), text)
            : new TableName(text.substring(0, dot), text.substring(dot + 1));
    if (context.catalog().find(name).orElse(null) instanceof Relation.Stored(var table)) {
      return table.definition();
    }
    throw Place.error(
        ErrorCode.UNKNOWN_TABLE, named.getParserPosition(), "no table \"" + text + "\" to look up");
  }
}
