// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.function.definition.BoundAggregate;
import dev.varve.sql.function.number.Longs;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A sum of a whole number plus a constant: `sum(x + k)`, where `k` may be 0 and `x` is never NULL.
/// Sums wrap at 64 bits, so it equals `sum(x) + k * count()` whatever overflows, as long as no `x +
/// k` itself leaves its type.
///
/// @param value `x`
/// @param call the sum as the plan has it
record ShiftedSum(Expression value, long shift, AggregateCall call) {

  /// The call as such a sum, or null.
  static ShiftedSum of(AggregateCall call, List<Expression> inputs) {
    if (!call.function().name().equals("sum")
        || !call.function().parameters().isEmpty()
        || call.distinct()
        || call.filter() >= 0
        || call.arguments().size() != 1
        || call.function().type().unwrapped().physical() != Physical.INT64
        || !(call.function().type().unwrapped() instanceof DataType.Int)) {
      return null;
    }
    Expression input = inputs.get(call.arguments().getFirst());
    if (input instanceof Expression.Call(BoundFunction function, List<Expression> arguments)
        && arguments.size() == 2
        && input.type() instanceof DataType.Int type) {
      boolean plus = function.name().equals("plus");
      if (plus || function.name().equals("minus")) {
        Long right = constant(arguments.get(1));
        if (right != null && fits(arguments.get(0).type(), plus ? right : -right, type)) {
          return new ShiftedSum(arguments.get(0), plus ? right : -right, call);
        }
        Long left = plus ? constant(arguments.get(0)) : null;
        if (left != null && fits(arguments.get(1).type(), left, type)) {
          return new ShiftedSum(arguments.get(1), left, call);
        }
      }
      return null;
    }
    return input.type() instanceof DataType.Int ? new ShiftedSum(input, 0, call) : null;
  }

  private static Long constant(Expression expression) {
    return expression instanceof Expression.Literal(Object value, DataType _)
            && value instanceof Number number
            && (number instanceof Long || number instanceof Integer)
            && Math.abs(number.longValue()) < 1L << 31
        ? (Long) number.longValue()
        : null;
  }

  /// Whether every value of `from`, shifted, is a value of `to`.
  private static boolean fits(DataType from, long shift, DataType.Int to) {
    if (!(from instanceof DataType.Int(int bits, boolean signed)) || bits > 32 || to.bits() > 64) {
      return false;
    }
    long least = (signed ? -(1L << (bits - 1)) : 0) + shift;
    long greatest = (1L << (signed ? bits - 1 : bits)) - 1 + shift;
    if (to.bits() == 64) {
      return to.signed() || least >= 0;
    }
    return least >= (to.signed() ? -(1L << (to.bits() - 1)) : 0)
        && greatest < 1L << (to.signed() ? to.bits() - 1 : to.bits());
  }

  /// The sum of `x` alone; its argument is added to `inputs`.
  AggregateCall unshifted(List<Expression> inputs, Calls calls) {
    inputs.add(value);
    BoundAggregate sum = calls.functions().aggregate("sum", List.of(), List.of(value.type()));
    return AggregateCall.of(
        call.function().type().isNullable() ? calls.functions().orNull(sum) : sum,
        inputs.size() - 1);
  }

  /// What the call gives, of the sum of `x` and the number of rows.
  Expression result(Expression sum, Expression count) {
    BoundFunction shifted =
        new BoundFunction(
            "plus",
            List.of(sum.type(), count.type()),
            call.function().type(),
            BoundFunction.Nulls.PROPAGATE,
            BoundFunction.Stability.IMMUTABLE,
            (arguments, rows, scratch) -> shifted(arguments, rows, scratch));
    return new Expression.Call(shifted, List.of(sum, count));
  }

  private Vector shifted(List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment sums = Longs.of(arguments.get(0), scratch);
    MemorySegment counts = Longs.of(arguments.get(1), scratch);
    MemorySegment out = scratch.allocate(rows * 8L);
    for (int i = 0; i < rows; i++) {
      out.set(
          Vector.I64,
          i * 8L,
          sums.get(Vector.I64, i * 8L) + shift * counts.get(Vector.I64, i * 8L));
    }
    return Vector.fixed(call.function().type().unwrapped(), rows, out, null);
  }
}
