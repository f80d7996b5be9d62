// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.sql.parse.StatementParser;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlShuttle;

/// Puts the expressions of computed columns in place of their names. One thread.
final class ComputedColumns extends SqlShuttle {
  private static final int DEEPEST = 64;

  private final Map<String, String> expressions = new HashMap<>();
  private int depth;

  private ComputedColumns() {}

  static ComputedColumns of(List<ColumnDefinition> columns) {
    ComputedColumns computed = new ComputedColumns();
    for (ColumnDefinition column : columns) {
      if (!column.isInsertable()) {
        computed.expressions.put(
            column.name(), "CAST((" + column.expression() + ") AS " + column.type().name() + ")");
      }
    }
    return computed;
  }

  SqlNode inlined(SqlNode expression) {
    return expressions.isEmpty() ? expression : expression.accept(this);
  }

  @Override
  public SqlNode visit(SqlIdentifier name) {
    String expression = expressions.get(String.join(".", name.names));
    if (expression == null) {
      return name;
    }
    if (depth == DEEPEST) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "column \"" + name + "\" is computed from itself");
    }
    depth++;
    SqlNode inlined = StatementParser.parseExpression(expression).accept(this);
    depth--;
    return inlined;
  }
}
