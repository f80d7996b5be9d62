// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.Expression;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// The value of a subquery that stands for a value: an error where it gave more rows than one.
final class OneRow {
  private OneRow() {}

  static Expression of(Expression value, Expression rows) {
    BoundFunction check =
        new BoundFunction(
            "oneRow",
            List.of(value.type(), rows.type()),
            value.type(),
            BoundFunction.Nulls.HANDLE,
            BoundFunction.Stability.VOLATILE,
            OneRow::check);
    return new Expression.Call(check, List.of(value, rows));
  }

  private static Vector check(List<Vector> arguments, int rows, Scratch scratch) {
    Vector counts = arguments.get(1);
    for (int row = 0; row < rows; row++) {
      if (counts.base().getLong(counts.valueRow(row)) > 1) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "a subquery that stands for a value gives more than one row; aggregate it or add"
                + " LIMIT 1");
      }
    }
    return arguments.get(0);
  }
}
