// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.table.TableName;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `getSetting('name')` and `getSettingOrDefault('name', value)`: what `system.settings` shows.
final class SettingValues {
  private static final TableName SETTINGS = new TableName(EngineCatalog.SYSTEM, "settings");
  private static final int VALUE = 1;
  private static final int TYPE = 3;

  private SettingValues() {}

  static SqlNode of(SqlCall call, PlanContext context) {
    boolean withDefault = call.getOperator().getName().endsWith("OrDefault");
    SqlParserPos position = call.getParserPosition();
    if (call.operandCount() != (withDefault ? 2 : 1)) {
      throw Place.error(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          position,
          withDefault
              ? "getSettingOrDefault('name', value) takes 2 arguments"
              : "getSetting('name') takes 1 argument");
    }
    String name = TableFunctions.text(call.operand(0));
    if (context.catalog().find(SETTINGS).orElse(null) instanceof Relation.Rows settings) {
      for (List<Object> row : settings.rows().get()) {
        if (row.getFirst().equals(name)) {
          return literal(row.get(VALUE).toString(), row.get(TYPE).toString(), position);
        }
      }
    }
    if (withDefault) {
      return call.operand(1);
    }
    throw Place.error(ErrorCode.UNKNOWN_SETTING, position, "no setting \"" + name + "\"");
  }

  private static SqlNode literal(String value, String type, SqlParserPos position) {
    if (type.equals("Bool")) {
      return SqlLiteral.createBoolean(value.equals("1") || value.equals("true"), position);
    }
    return value.matches("-?[0-9]+")
        ? SqlLiteral.createExactNumeric(value, position)
        : SqlLiteral.createCharString(value, position);
  }
}
