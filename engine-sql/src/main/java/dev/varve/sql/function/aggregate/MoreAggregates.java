// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.AggregateFunction.Binding;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;

/// Aggregates that keep values or spread: arrays, variance, quantiles.
public final class MoreAggregates {
  private MoreAggregates() {}

  public static List<AggregateFunction> functions() {
    List<AggregateFunction> all = new ArrayList<>();
    all.add(lists("groupArray", "array_agg", "All values as an array.", false));
    all.add(lists("groupUniqArray", "array_agg_distinct", "Each value once, as an array.", true));
    all.add(spread("varPop", "var_pop", "Variance of all values.", false, false));
    all.add(spread("varSamp", "var_samp", "Variance of a sample.", true, false));
    all.add(spread("stddevPop", "stddev_pop", "Standard deviation of all values.", false, true));
    all.add(spread("stddevSamp", "stddev_samp", "Standard deviation of a sample.", true, true));
    all.add(quantile("quantile", false));
    all.add(quantile("quantiles", true));
    all.add(
        AggregateFunction.of(
                "singleValue",
                "singleValue(x)",
                "The x of the only row; more rows are an error.",
                (_, types) -> {
                  DataType type = Aggregates.one("singleValue", types);
                  return new Binding(type, () -> new SingleValueAccumulator(type));
                })
            .seeingNulls());
    all.add(
        AggregateFunction.of(
                "median",
                "median(x)",
                "The middle value; between two, their mean.",
                (_, types) -> quantile("median", types, List.of(), false))
            .inAnyCase());
    return all;
  }

  private static AggregateFunction lists(String name, String alias, String doc, boolean distinct) {
    return AggregateFunction.of(
            name,
            name + "([limit])(x)",
            doc,
            (parameters, types) -> {
              DataType type = DataTypes.array(Aggregates.one(name, types));
              long limit = Long.MAX_VALUE;
              if (!parameters.isEmpty()) {
                if (!(parameters.getFirst() instanceof Number n) || n.longValue() < 1) {
                  throw Aggregates.badParameter(name, parameters.getFirst(), "a positive number");
                }
                limit = n.longValue();
              }
              long most = limit;
              return new Binding(type, () -> new ValueLists(type, distinct, most));
            })
        .alias(aliases(name, alias))
        .neverNull();
  }

  private static String[] aliases(String name, String alias) {
    return switch (name) {
      case "stddevPop" -> new String[] {alias, name + "Stable", "STD"};
      case "stddevSamp" -> new String[] {alias, name + "Stable", "STDDEV"};
      default -> new String[] {alias, name + "Stable"};
    };
  }

  private static AggregateFunction spread(
      String name, String alias, String doc, boolean sample, boolean root) {
    return AggregateFunction.of(
            name,
            name + "(x)",
            doc,
            (_, types) -> {
              requireNumber(name, Aggregates.one(name, types));
              return new Binding(DataTypes.FLOAT64, () -> new Moments(sample, root));
            })
        .alias(aliases(name, alias))
        .inAnyCase();
  }

  private static void requireNumber(String name, DataType type) {
    if (!Arguments.isNumber(type)) {
      throw Arguments.illegal(name, 0, type, "a number");
    }
  }

  private static AggregateFunction quantile(String name, boolean many) {
    return AggregateFunction.of(
        name,
        name + (many ? "(level, …)(x)" : "([level])(x)"),
        "The value below which this part (0 to 1) of all values lies, as Float64; of dates and"
            + " times a date or time.",
        (parameters, types) -> quantile(name, types, parameters, many));
  }

  private static Binding quantile(
      String name, List<DataType> types, List<?> parameters, boolean many) {
    if (Arguments.isTime(Aggregates.one(name, types))) {
      return StoredStates.bound(name, parameters, types);
    }
    requireNumber(name, types.getFirst());
    double[] levels = levels(name, parameters);
    DataType type = many ? DataTypes.array(DataTypes.FLOAT64) : DataTypes.FLOAT64;
    return new Binding(type, () -> new Quantiles(levels, many));
  }

  private static double[] levels(String name, List<?> parameters) {
    double[] levels = new double[Math.max(1, parameters.size())];
    levels[0] = 0.5;
    for (int i = 0; i < parameters.size(); i++) {
      if (!(parameters.get(i) instanceof Number n) || n.doubleValue() < 0 || n.doubleValue() > 1) {
        throw Aggregates.badParameter(name, parameters.get(i), "a number from 0 to 1");
      }
      levels[i] = n.doubleValue();
    }
    return levels;
  }
}
