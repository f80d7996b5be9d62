// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.sql.plan.validate.CastOperator;
import dev.varve.sql.plan.validate.InListOperator;
import dev.varve.sql.plan.validate.OpenValueOperator;
import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// The part of rows for which a condition is true: by the bounds of its columns where they are
/// known, else by its looks.
final class Selectivity {
  private final Estimates estimates;
  private final RelNode input;

  /// @param estimates null where nothing is known of the input
  Selectivity(Estimates estimates, RelNode input) {
    this.estimates = estimates;
    this.input = input;
  }

  double of(RexNode condition) {
    double selectivity = 1;
    // Both ends of a range of one column are one condition: what is above the one and below the
    // other.
    Map<Integer, Double> ranges = new HashMap<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      if (isRange(conjunct)) {
        int column = ((RexInputRef) ((RexCall) conjunct).getOperands().get(0)).getIndex();
        ranges.merge(column, 1 - range(conjunct), Double::sum);
      } else {
        selectivity *= ofOne(conjunct);
      }
    }
    for (double dropped : ranges.values()) {
      selectivity *= dropped < 1 ? 1 - dropped : 0.01;
    }
    return Math.clamp(selectivity, 0.0, 1.0);
  }

  private static boolean isRange(RexNode condition) {
    return switch (condition.getKind()) {
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          ((RexCall) condition).getOperands().get(0) instanceof RexInputRef
              && RelOptUtil.InputFinder.bits(((RexCall) condition).getOperands().get(1)).isEmpty();
      default -> false;
    };
  }

  private double ofOne(RexNode condition) {
    return switch (condition.getKind()) {
      case EQUALS -> equal(condition, 0.02);
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> range(condition);
      case SEARCH -> 0.2;
      case NOT_EQUALS, IS_NOT_NULL -> 0.9;
      case IS_NULL -> 0.1;
      case OR -> {
        double none = 1;
        for (RexNode disjunct : RelOptUtil.disjunctions(condition)) {
          none *= 1 - of(disjunct);
        }
        yield 1 - none;
      }
      case NOT -> 1 - of(((RexCall) condition).getOperands().getFirst());
      case LITERAL -> condition.isAlwaysTrue() ? 1 : 0;
      default ->
          condition instanceof RexCall call && call.getOperator() instanceof InListOperator
              ? Math.min(0.5, (call.getOperands().size() - 1) * equal(call, 0.02))
              : 0.1;
    };
  }

  private double equal(RexNode condition, double otherwise) {
    RexNode column = ((RexCall) condition).getOperands().getFirst();
    if (estimates == null || !(column instanceof RexInputRef reference)) {
      return otherwise;
    }
    return input instanceof TableScan
        ? 1 / Math.max(1, estimates.values(input, reference.getIndex()))
        : otherwise;
  }

  private double range(RexNode condition) {
    RexNode column = ((RexCall) condition).getOperands().get(0);
    RexNode constant = ((RexCall) condition).getOperands().get(1);
    if (estimates == null || !(column instanceof RexInputRef reference)) {
      return 0.4;
    }
    Optional<PartStatistics.Bounds> bounds = estimates.bounds(input, reference.getIndex());
    Optional<Double> point = point(constant);
    if (bounds.isEmpty() || point.isEmpty()) {
      return 0.4;
    }
    double below = bounds.get().below(point.get());
    boolean less =
        condition.getKind() == SqlKind.LESS_THAN
            || condition.getKind() == SqlKind.LESS_THAN_OR_EQUAL;
    return Math.max(0.001, less ? below : 1 - below);
  }

  // A constant as bounds are kept: unscaled, days since the epoch.
  private static Optional<Double> point(RexNode side) {
    RexNode constant = OpenValueOperator.planned(side);
    if (constant instanceof RexLiteral literal && literal.getValue() instanceof BigDecimal number) {
      return Optional.of(
          number.movePointRight(Math.max(0, literal.getType().getScale())).doubleValue());
    }
    if (constant instanceof RexCall call
        && call.getOperator() instanceof CastOperator cast
        && (cast.target() instanceof DataType.Date || cast.target() instanceof DataType.Date32)
        && OpenValueOperator.planned(call.getOperands().getFirst()) instanceof RexLiteral text) {
      try {
        return Optional.of((double) LocalDate.parse(text.getValueAs(String.class)).toEpochDay());
      } catch (DateTimeParseException e) {
        // Whether the text is a date is not for an estimate to judge.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
