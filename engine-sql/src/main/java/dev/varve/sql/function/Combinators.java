// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.BoundAggregate;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.List;
import java.util.Optional;

/// `-If`, `-OrNull`, `-State`, `-Merge` and the rule that a nullable argument makes the result
/// nullable.
final class Combinators {
  private Combinators() {}

  static boolean isCombined(FunctionRegistry registry, String name) {
    return false;
  }

  static BoundAggregate bind(
      AggregateFunction function, List<Object> parameters, List<DataType> types) {
    List<DataType> seen =
        function.skipsNulls() ? types.stream().map(DataType::unwrapped).toList() : types;
    AggregateFunction.Binding bound = function.binder().bind(parameters, seen);
    BoundAggregate plain =
        new BoundAggregate(
            function.name(),
            parameters,
            types,
            bound.type(),
            function.skipsNulls(),
            bound.accumulators());
    boolean nullable =
        function.nullWhenEmpty() && types.stream().anyMatch(DataType::isNullable);
    return nullable ? orNull(plain) : plain;
  }

  static BoundAggregate orNull(BoundAggregate aggregate) {
    return new BoundAggregate(
        aggregate.name(),
        aggregate.parameters(),
        aggregate.argumentTypes(),
        DataTypes.nullable(aggregate.type()),
        aggregate.skipsNulls(),
        () -> new OrNullAccumulator(aggregate.accumulators().get()));
  }

  static Optional<BoundAggregate> combined(
      FunctionRegistry registry, String name, List<Object> parameters, List<DataType> types) {
    return Optional.empty();
  }
}
