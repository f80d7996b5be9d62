// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.Constraint;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The `CHECK` constraints of a table, for the rows of an INSERT.
final class Constraints {
  private final TableDefinition table;
  private final Map<Constraint, ExpressionCompiler.Compiled> checks = new LinkedHashMap<>();

  private Constraints(TableDefinition table) {
    this.table = table;
  }

  /// @param columns what the conditions may name
  static Constraints of(
      TableDefinition table, List<ColumnDefinition> columns, ExpressionCompiler compiler) {
    Constraints constraints = new Constraints(table);
    for (Constraint constraint : table.constraints()) {
      if (constraint.checked()) {
        constraints.checks.put(constraint, compiler.compile(constraint.expression(), columns));
      }
    }
    return constraints;
  }

  /// @throws VarveException VIOLATED_CONSTRAINT with the row
  void check(Batch rows, Scratch scratch) {
    checks.forEach((constraint, condition) -> {
      Vector holds = condition.evaluate(rows, scratch);
      for (int row = 0; row < rows.rows(); row++) {
        if (!isTrue(VectorValues.get(holds, row))) {
          throw new VarveException(
              ErrorCode.VIOLATED_CONSTRAINT,
              "row "
                  + (row + 1)
                  + " of the block violates the constraint \""
                  + constraint.name()
                  + "\" of table "
                  + table.name()
                  + ": "
                  + constraint.expression());
        }
      }
    });
  }

  private static boolean isTrue(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case Number number -> number.doubleValue() != 0;
      case null, default -> false;
    };
  }
}
