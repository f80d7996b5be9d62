// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.Conjunction;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.expression.Masks;
import dev.varve.storage.skip.SkipIndexType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A condition over nothing but the values that an index keeps.
///
/// @param condition reads a batch whose columns are the index's expressions
record ValuesCondition(Expression condition) {

  /// As much of a condition as the index's values decide, or nothing.
  static Optional<ValuesCondition> of(Expression condition, IndexedValue values) {
    return rewritten(condition, values).map(ValuesCondition::new);
  }

  /// A weaker condition over the values of the index.
  private static Optional<Expression> rewritten(Expression condition, IndexedValue values) {
    if (condition instanceof Expression.And(List<Expression> operands)) {
      List<Expression> kept = new ArrayList<>();
      operands.forEach(operand -> rewritten(operand, values).ifPresent(kept::add));
      return kept.isEmpty()
          ? Optional.empty()
          : Optional.of(kept.size() == 1 ? kept.getFirst() : new Expression.And(kept));
    }
    if (condition instanceof Expression.Or(List<Expression> operands)) {
      List<Expression> all = new ArrayList<>();
      for (Expression operand : operands) {
        Optional<Expression> one = rewritten(operand, values);
        if (one.isEmpty()) {
          return Optional.empty();
        }
        all.add(one.get());
      }
      return Optional.of(new Expression.Or(all));
    }
    return exact(condition, values);
  }

  /// The same condition over the values of the index.
  private static Optional<Expression> exact(Expression expression, IndexedValue values) {
    int found = values.find(expression);
    if (found >= 0) {
      return Optional.of(
          new Expression.InputColumn(found, SkipIndexType.storedType(expression.type())));
    }
    return switch (expression) {
      case Expression.InputColumn _, Expression.Lambda _, Expression.Case _ -> Optional.empty();
      case Expression.Literal literal -> Optional.of(literal);
      case Expression.Call call ->
          call.function().stability() == BoundFunction.Stability.IMMUTABLE
              ? all(call.arguments(), values).map(a -> new Expression.Call(call.function(), a))
              : Optional.empty();
      case Expression.And(List<Expression> operands) ->
          all(operands, values).map(Expression.And::new);
      case Expression.Or(List<Expression> operands) ->
          all(operands, values).map(Expression.Or::new);
      case Expression.Not(Expression operand) -> exact(operand, values).map(Expression.Not::new);
      case Expression.IsNull(Expression operand) ->
          exact(operand, values).map(Expression.IsNull::new);
      case Expression.InList in ->
          exact(in.operand(), values).map(o -> new Expression.InList(o, in.set()));
    };
  }

  private static Optional<List<Expression>> all(List<Expression> list, IndexedValue values) {
    List<Expression> all = new ArrayList<>();
    for (Expression one : list) {
      Optional<Expression> exact = exact(one, values);
      if (exact.isEmpty()) {
        return Optional.empty();
      }
      all.add(exact.get());
    }
    return Optional.of(all);
  }

  /// The rows of values of which the condition is true, as a mask.
  long[] test(Batch rows, Scratch scratch) {
    long[] mask = Masks.all(rows.rows());
    new Conjunction(List.of(condition)).test(_ -> rows, rows.rows(), scratch, mask);
    return mask;
  }
}
