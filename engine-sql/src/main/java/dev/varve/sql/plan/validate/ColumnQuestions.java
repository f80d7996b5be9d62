// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.catalog.Relation;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.table.TableName;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `hasColumnInTable('database', 'table', 'column')`: 1 or 0, known when the query is planned.
final class ColumnQuestions {
  private static final int ARGUMENTS = 3;

  private ColumnQuestions() {}

  static SqlNode of(SqlCall call, PlanContext context, Operators operators) {
    SqlParserPos position = call.getParserPosition();
    if (call.operandCount() != ARGUMENTS) {
      throw Place.error(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          position,
          "hasColumnInTable('database', 'table', 'column') takes 3 arguments");
    }
    String database = TableFunctions.text(call.operand(0));
    TableName name =
        new TableName(
            database.isEmpty() ? context.database() : database,
            TableFunctions.text(call.operand(1)));
    String column = TableFunctions.text(call.operand(2));
    Relation relation =
        context
            .catalog()
            .find(name)
            .orElseThrow(
                () -> Place.error(ErrorCode.UNKNOWN_TABLE, position, "no table \"" + name + "\""));
    boolean has = columns(relation).stream().anyMatch(c -> c.name().equals(column));
    return operators.number(has ? BigDecimal.ONE : BigDecimal.ZERO, position);
  }

  private static List<ColumnDefinition> columns(Relation relation) {
    return switch (relation) {
      case Relation.Stored(var table) -> table.definition().columns();
      case Relation.Block block -> block.columns();
      case Relation.View(var definition) -> definition.columns();
      case Relation.Rows rows -> rows.columns();
    };
  }
}
