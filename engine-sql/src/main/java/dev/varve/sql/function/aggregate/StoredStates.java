// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.BoundAggregate;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;

/// Aggregates by states that tables store: `uniq`, and the endings `-State`, `-Merge`,
/// `-MergeState`.
public final class StoredStates {
  private StoredStates() {}

  public static List<AggregateFunction> functions() {
    return List.of(
        sketch("uniq", "Number of distinct values, counted in a sketch of fixed size.")
            .alias("uniqCombined64", "approx_count_distinct")
            .inAnyCase()
            .neverNull(),
        sketch("uniqCombined", "As uniq.").neverNull(),
        sketch("uniqHLL12", "As uniq.").neverNull());
  }

  private static AggregateFunction sketch(String name, String doc) {
    return AggregateFunction.of(
        name,
        name + "(x[, …])",
        doc,
        (parameters, types) -> {
          dev.varve.merge.aggregate.AggregateFunction function =
              AggregateStates.of(name, texts(parameters), types);
          return new AggregateFunction.Binding(
              function.resultType(),
              () -> new StateAccumulator(function, false, false, function.resultType()));
        });
  }

  private static List<String> texts(List<Object> parameters) {
    return parameters.stream().map(String::valueOf).toList();
  }

  public static boolean isKnown(String function) {
    return AggregateStates.names().contains(function);
  }

  /// `sumState(x)`: the state of `sum(x)` as a value.
  public static BoundAggregate state(
      String name, String base, List<Object> parameters, List<DataType> types) {
    dev.varve.merge.aggregate.AggregateFunction function =
        AggregateStates.of(base, texts(parameters), types);
    DataType type = new DataType.AggregateState(base, texts(parameters), types);
    return new BoundAggregate(
        name,
        parameters,
        types,
        type,
        true,
        () -> new StateAccumulator(function, false, true, type));
  }

  /// `sumMerge(state)` gives the result of all states, `sumMergeState(state)` their union.
  public static BoundAggregate merge(
      String name, String base, boolean givesState, List<Object> parameters, List<DataType> types) {
    Arguments.count(name, types, 1, 1);
    if (!(types.getFirst().unwrapped() instanceof DataType.AggregateState state)
        || !state.function().equals(base)) {
      throw Arguments.illegal(name, 0, types.getFirst(), "AggregateFunction(" + base + ", …)");
    }
    dev.varve.merge.aggregate.AggregateFunction function =
        AggregateStates.of(base, state.parameters(), state.arguments());
    DataType type = givesState ? state : function.resultType();
    return new BoundAggregate(
        name,
        parameters,
        types,
        type,
        true,
        () -> new StateAccumulator(function, true, givesState, type));
  }

  /// `finalizeAggregation(state)`: the result of one state.
  public static ScalarFunction finalizer() {
    return ScalarFunction.of(
        "finalizeAggregation",
        "finalizeAggregation(state)",
        "The result of an aggregate's state.",
        args -> {
          Arguments.count("finalizeAggregation", args, 1, 1);
          if (!(args.getFirst().plain() instanceof DataType.AggregateState type)) {
            throw new VarveException(
                ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
                "finalizeAggregation takes an AggregateFunction, found "
                    + args.getFirst().type().name());
          }
          dev.varve.merge.aggregate.AggregateFunction function =
              AggregateStates.of(type.function(), type.parameters(), type.arguments());
          return new ScalarFunction.Binding(
              function.resultType(),
              (v, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(function.resultType(), scratch);
                for (int i = 0; i < rows; i++) {
                  AggregateState state = function.newState();
                  if (!v.getFirst().isNull(i)) {
                    state.merge(v.getFirst().getSegment(i));
                  }
                  state.result(builder);
                }
                return builder.build();
              });
        });
  }
}
