// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.function.definition.BoundAggregate;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// One aggregate of a GROUP BY.
///
/// @param arguments columns of the input
/// @param filter column of the input (Bool) that says which rows count, or -1 for all
/// @param distinct whether equal arguments count once per group
public record AggregateCall(
    BoundAggregate function, List<Integer> arguments, int filter, boolean distinct) {
  public AggregateCall {
    arguments = List.copyOf(arguments);
  }

  public static AggregateCall of(BoundAggregate function, Integer... arguments) {
    return new AggregateCall(function, List.of(arguments), -1, false);
  }

  /// The same call where the input's columns stand elsewhere.
  public AggregateCall moved(IntUnaryOperator position) {
    List<Integer> columns = arguments.stream().map(a -> position.applyAsInt(a)).toList();
    return new AggregateCall(
        function, columns, filter < 0 ? filter : position.applyAsInt(filter), distinct);
  }

  @Override
  public String toString() {
    return function.name()
        + "("
        + (distinct ? "distinct " : "")
        + String.join(", ", arguments.stream().map(a -> "$" + a).toList())
        + ")"
        + (filter < 0 ? "" : " filter $" + filter);
  }
}
