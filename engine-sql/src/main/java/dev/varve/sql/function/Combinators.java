// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.aggregate.StoredStates;
import dev.varve.sql.function.definition.Accumulator;
import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.BoundAggregate;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.List;
import java.util.Optional;

/// Endings of aggregate names. `-If` and `-OrNull` stand before any aggregate of the registry; the
/// others are understood by the states that tables store. Also the rule that a nullable argument
/// makes the result nullable.
final class Combinators {
  private static final String IF = "If";
  private static final String OR_NULL = "OrNull";

  private Combinators() {}

  static boolean isCombined(FunctionRegistry registry, String name) {
    return base(name).map(registry::isAggregate).orElse(false) || StoredStates.isKnown(name);
  }

  private static Optional<String> base(String name) {
    return without(name, OR_NULL).or(() -> without(name, IF));
  }

  private static Optional<String> without(String name, String ending) {
    return name.endsWith(ending) && name.length() > ending.length()
        ? Optional.of(name.substring(0, name.length() - ending.length()))
        : Optional.empty();
  }

  static BoundAggregate bind(
      AggregateFunction function, List<Object> parameters, List<DataType> types) {
    List<DataType> seen =
        function.skipsNulls() ? types.stream().map(Combinators::present).toList() : types;
    AggregateFunction.Binding bound = function.binder().bind(parameters, seen);
    BoundAggregate plain =
        new BoundAggregate(
            function.name(),
            parameters,
            types,
            bound.type(),
            function.skipsNulls(),
            bound.accumulators());
    boolean nullable = function.nullWhenEmpty() && types.stream().anyMatch(DataType::isNullable);
    return nullable ? orNull(plain) : plain;
  }

  // No row of a bare NULL is ever seen, so any type will do for it.
  private static DataType present(DataType type) {
    return type.unwrapped() instanceof DataType.Nothing ? DataTypes.UINT8 : type.unwrapped();
  }

  static BoundAggregate orNull(BoundAggregate aggregate) {
    DataType type = DataTypes.nullable(aggregate.type());
    if (aggregate.type().isNullable() || !type.isNullable()) {
      return aggregate;
    }
    return new BoundAggregate(
        aggregate.name(),
        aggregate.parameters(),
        aggregate.argumentTypes(),
        type,
        aggregate.skipsNulls(),
        () -> {
          Accumulator plain = aggregate.accumulators().get();
          // Under a condition only the rows that pass it count as rows.
          return plain instanceof IfAccumulator conditional
              ? conditional.orNull()
              : new OrNullAccumulator(plain);
        });
  }

  static Optional<BoundAggregate> combined(
      FunctionRegistry registry, String name, List<Object> parameters, List<DataType> types) {
    Optional<String> base = base(name).filter(registry::isAggregate);
    if (base.isEmpty()) {
      return StoredStates.isKnown(name)
          ? Optional.of(StoredStates.combined(name, parameters, types))
          : Optional.empty();
    }
    if (name.endsWith(OR_NULL)) {
      return Optional.of(orNull(registry.aggregate(base.get(), parameters, types)));
    }
    Arguments.count(name, types, 1, Integer.MAX_VALUE);
    DataType condition = types.getLast().unwrapped();
    if (!Arguments.isInteger(condition) && !(condition instanceof DataType.Nothing)) {
      throw Arguments.illegal(name, types.size() - 1, condition, "a condition");
    }
    BoundAggregate inner =
        registry.aggregate(base.get(), parameters, types.subList(0, types.size() - 1));
    return Optional.of(
        new BoundAggregate(
            name,
            parameters,
            types,
            inner.type(),
            inner.skipsNulls(),
            () -> new IfAccumulator(inner.accumulators().get())));
  }
}
