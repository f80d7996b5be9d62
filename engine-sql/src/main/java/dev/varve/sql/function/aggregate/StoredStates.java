// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.BoundAggregate;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Aggregates by the states that tables store: those without a faster way of their own, and every
/// ending (`-State`, `-Merge`, `-Array`, `-ForEach`, `-Map`, …) that only states understand.
public final class StoredStates {
  private static final Map<String, List<String>> ALIASES =
      Map.ofEntries(
          Map.entry("uniq", List.of("approx_count_distinct")),
          Map.entry("covarPop", List.of("covar_pop", "covarPopStable")),
          Map.entry("covarSamp", List.of("covar_samp", "covarSampStable")),
          Map.entry("corr", List.of("corrStable")),
          Map.entry("largestTriangleThreeBuckets", List.of("lttb")),
          Map.entry("groupBitAnd", List.of("bit_and")),
          Map.entry("groupBitOr", List.of("bit_or")),
          Map.entry("groupBitXor", List.of("bit_xor")),
          Map.entry("groupConcat", List.of("group_concat", "string_agg")),
          Map.entry(
              "any_respect_nulls",
              List.of(
                  "anyRespectNulls",
                  "any_value_respect_nulls",
                  "anyValueRespectNulls",
                  "first_value_respect_nulls",
                  "firstValueRespectNulls")),
          Map.entry(
              "anyLast_respect_nulls",
              List.of("anyLastRespectNulls", "last_value_respect_nulls", "lastValueRespectNulls")),
          Map.entry("approx_top_k", List.of("approx_top_count")),
          Map.entry("analysisOfVariance", List.of("anova")));

  private StoredStates() {}

  /// Every function with a state but those named.
  public static List<AggregateFunction> functions(Set<String> others) {
    List<AggregateFunction> all = new ArrayList<>();
    for (String name : AggregateStates.names()) {
      if (!others.contains(name)) {
        AggregateFunction function = function(name);
        List<String> aliases = ALIASES.get(name);
        all.add(aliases == null ? function : function.alias(aliases.toArray(String[]::new)));
      }
    }
    return all;
  }

  private static AggregateFunction function(String name) {
    AggregateFunction function =
        AggregateFunction.of(
            name,
            StateDocs.signature(name),
            StateDocs.doc(name),
            (parameters, types) -> bound(name, parameters, types));
    if (name.equals("groupConcat")) {
      return function.inAnyCase();
    }
    return withNulls(name, function.seeingNulls());
  }

  static AggregateFunction.Binding bound(String name, List<?> parameters, List<DataType> types) {
    dev.varve.merge.aggregate.AggregateFunction states =
        AggregateStates.of(name, texts(parameters), types);
    return new AggregateFunction.Binding(
        states.resultType(), () -> new StateAccumulator(states, states.resultType()));
  }

  private static AggregateFunction withNulls(String name, AggregateFunction function) {
    return switch (name) {
      case "uniq", "corr", "covarPop", "covarSamp", "groupBitAnd", "groupBitOr", "groupBitXor" ->
          function.inAnyCase();
      default -> function;
    };
  }

  /// Parameters as types spell them: texts in quotes.
  public static List<String> texts(List<?> parameters) {
    return parameters.stream().map(StoredStates::spelled).toList();
  }

  private static String spelled(Object parameter) {
    return switch (parameter) {
      case String text -> quoted(text);
      case List<?> list -> "[" + String.join(", ", texts(list)) + "]";
      default -> String.valueOf(parameter);
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /// Whether a name has endings that states understand.
  public static boolean isKnown(String function) {
    return AggregateStates.isKnown(function);
  }

  /// A function with endings: `sumState(x)`, `sumMerge(state)`, `uniqForEach(array)`.
  public static BoundAggregate combined(
      String name, List<Object> parameters, List<DataType> types) {
    dev.varve.merge.aggregate.AggregateFunction function =
        AggregateStates.of(name, texts(parameters), types);
    return new BoundAggregate(
        name,
        parameters,
        types,
        function.resultType(),
        false,
        () -> new StateAccumulator(function, function.resultType()));
  }
}
