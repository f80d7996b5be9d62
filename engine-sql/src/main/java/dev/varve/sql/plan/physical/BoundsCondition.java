// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.skip.SkipIndexData.Bounds;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a condition demands of the smallest and the greatest value that a skip index keeps.
sealed interface BoundsCondition {
  boolean mayMatch(Bounds bounds, int entry);

  /// A value from `low` to `high`, as normalised keys; null leaves a side open.
  record Between(int expression, byte[] low, byte[] high) implements BoundsCondition {
    @Override
    public boolean mayMatch(Bounds bounds, int entry) {
      byte[] least = bounds.low()[expression][entry];
      if (least == null) {
        return false; // nothing but NULLs
      }
      byte[] greatest = bounds.high()[expression][entry];
      return (low == null || Arrays.compareUnsigned(greatest, low) >= 0)
          && (high == null || Arrays.compareUnsigned(least, high) <= 0);
    }
  }

  record All(List<BoundsCondition> conditions) implements BoundsCondition {
    @Override
    public boolean mayMatch(Bounds bounds, int entry) {
      return conditions.stream().allMatch(c -> c.mayMatch(bounds, entry));
    }
  }

  record Any(List<BoundsCondition> conditions) implements BoundsCondition {
    @Override
    public boolean mayMatch(Bounds bounds, int entry) {
      return conditions.stream().anyMatch(c -> c.mayMatch(bounds, entry));
    }
  }

  /// What a condition demands, or nothing.
  static Optional<BoundsCondition> of(Expression condition, IndexedValue values) {
    return switch (condition) {
      case Expression.And(List<Expression> operands) -> {
        List<BoundsCondition> all = new ArrayList<>();
        operands.forEach(operand -> of(operand, values).ifPresent(all::add));
        yield all.isEmpty() ? Optional.empty() : Optional.of(new All(all));
      }
      case Expression.Or(List<Expression> operands) ->
          any(operands.stream().map(operand -> of(operand, values)).toList());
      case Expression.InList in -> in(in, values);
      case Expression.Call call when call.arguments().size() == 2 -> comparison(call, values);
      default -> Optional.empty();
    };
  }

  private static Optional<BoundsCondition> any(List<Optional<BoundsCondition>> all) {
    return all.isEmpty() || all.stream().anyMatch(Optional::isEmpty)
        ? Optional.empty()
        : Optional.of(new Any(all.stream().map(Optional::get).toList()));
  }

  private static Optional<BoundsCondition> in(Expression.InList in, IndexedValue values) {
    int expression = values.find(in.operand());
    if (expression < 0 || in.set().size() > 1000) {
      return Optional.empty();
    }
    List<Optional<BoundsCondition>> all = new ArrayList<>();
    for (Object value : in.set().values()) {
      if (value != null) {
        all.add(between("equals", expression, value, in.operand().type(), values));
      }
    }
    return any(all);
  }

  private static Optional<BoundsCondition> comparison(Expression.Call call, IndexedValue values) {
    Expression left = IndexedValue.unwidened(call.arguments().get(0));
    Expression right = IndexedValue.unwidened(call.arguments().get(1));
    if (right instanceof Expression.Literal(Object value, DataType from)) {
      return between(call.function().name(), values.find(left), value, from, values);
    }
    if (left instanceof Expression.Literal(Object value, DataType from)) {
      String mirrored = Bound.mirrored(call.function().name());
      return between(mirrored, values.find(right), value, from, values);
    }
    return Optional.empty();
  }

  private static Optional<BoundsCondition> between(
      String function, int expression, Object value, DataType from, IndexedValue values) {
    if (expression < 0) {
      return Optional.empty();
    }
    Optional<byte[]> key =
        values.key(value, from, values.index().types().get(expression).unwrapped());
    return key.flatMap(k ->
        switch (function) {
          case "equals" -> Optional.of(new Between(expression, k, k));
          case "less", "lessOrEquals" -> Optional.of(new Between(expression, null, k));
          case "greater", "greaterOrEquals" -> Optional.of(new Between(expression, k, null));
          default -> Optional.<BoundsCondition>empty();
        });
  }
}
