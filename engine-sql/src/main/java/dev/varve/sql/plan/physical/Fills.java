// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.Fill;
import dev.varve.sql.operator.FillStep;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.plan.relation.FillRows;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.calcite.rex.RexNode;

/// WITH FILL: bounds and steps as numbers in the stored unit of their column.
final class Fills {
  private final Calls calls;

  Fills(Calls calls) {
    this.calls = calls;
  }

  Operator of(FillRows node, Operator input) {
    RowExpressions rows =
        new RowExpressions(
            calls, node.getCluster().getRexBuilder(), input.types(), IntUnaryOperator.identity());
    List<Fill.Key> keys = new ArrayList<>();
    for (FillRows.Key key : node.keys()) {
      keys.add(key(key, input.types().get(key.columns().getFirst()), rows));
    }
    List<Fill.Interpolation> interpolations = new ArrayList<>();
    for (FillRows.Interpolation interpolation : node.interpolations()) {
      DataType type = input.types().get(interpolation.column());
      Expression value = calls.cast(rows.of(interpolation.expression()), type);
      interpolations.add(new Fill.Interpolation(interpolation.column(), value));
    }
    return new Fill(input, node.prefix(), keys, interpolations);
  }

  private Fill.Key key(FillRows.Key key, DataType type, RowExpressions rows) {
    if (!FillStep.isCountable(type)) {
      throw new VarveException(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          "WITH FILL takes numbers, dates and times, found " + type.name());
    }
    FillStep step = step(key.step(), key.unit(), type, rows);
    if (step == null) {
      step =
          new FillStep(type, BigDecimal.valueOf(key.descending() ? -1 : 1).multiply(one(type)), "");
    }
    boolean forward = step.amount().signum() > 0;
    if (step.amount().signum() == 0 || forward == key.descending()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "STEP of WITH FILL must be "
              + (key.descending() ? "below" : "above")
              + " zero, as the order is "
              + (key.descending() ? "descending" : "ascending"));
    }
    BigDecimal from = bound(key.from(), type, rows);
    BigDecimal to = bound(key.to(), type, rows);
    if (from != null
        && to != null
        && Integer.signum(from.compareTo(to)) == step.amount().signum()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "WITH FILL cannot go from "
              + from
              + " to "
              + to
              + ", as the order is "
              + (key.descending() ? "descending" : "ascending"));
    }
    return new Fill.Key(
        key.columns(),
        key.descending(),
        from,
        to,
        step,
        step(key.staleness(), key.stalenessUnit(), type, rows));
  }

  // What 1 is, in the stored unit.
  private static BigDecimal one(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.DateTime64(int precision, String _) ->
          BigDecimal.ONE.scaleByPowerOfTen(precision);
      case DataType.Decimal decimal -> BigDecimal.ONE.scaleByPowerOfTen(decimal.scale());
      default -> BigDecimal.ONE;
    };
  }

  // A bound of a float column may lie between two values.
  private BigDecimal bound(RexNode node, DataType type, RowExpressions rows) {
    if (node == null) {
      return null;
    }
    Expression expression = rows.of(node);
    return type.unwrapped() instanceof DataType.Float
        ? number(expression)
        : stored(calls.cast(expression, type.unwrapped()));
  }

  private FillStep step(RexNode node, String unit, DataType type, RowExpressions rows) {
    if (node == null) {
      return null;
    }
    BigDecimal amount = number(rows.of(node));
    return new FillStep(type, unit.isEmpty() ? amount.multiply(one(type)) : amount, unit);
  }

  /// A constant as the number it is; a time in seconds.
  private BigDecimal number(Expression expression) {
    BigDecimal stored = stored(expression);
    return switch (expression.type().unwrapped()) {
      case DataType.Decimal decimal -> stored.scaleByPowerOfTen(-decimal.scale());
      case DataType.DateTime64(int precision, String _) -> stored.scaleByPowerOfTen(-precision);
      default -> stored;
    };
  }

  private BigDecimal stored(Expression expression) {
    if (!expression.isConstant()) {
      throw new VarveException(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT, "FROM, TO and STEP of WITH FILL are constants");
    }
    try (Scratch scratch = new Scratch(calls.allocator())) {
      Vector value = expression.evaluate(new Batch(1, List.of()), scratch);
      BigDecimal stored = FillStep.stored(value, 0);
      if (stored == null) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "FROM, TO and STEP of WITH FILL must not be NULL");
      }
      return stored;
    }
  }
}
