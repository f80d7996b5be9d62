// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.aggregate.PickAccumulator.Rule;
import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.AggregateFunction.Binding;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.List;
import java.util.Optional;

/// The aggregates with states of their own: counts, sums, means, extremes, picks, distinct counts.
public final class Aggregates {
  private Aggregates() {}

  public static List<AggregateFunction> functions() {
    return List.of(
        AggregateFunction.of(
                "count",
                "count([x])",
                "Rows, or rows where x is not NULL.",
                (_, types) -> {
                  Arguments.count("count", types, 0, 1);
                  return new Binding(DataTypes.UINT64, CountAccumulator::new);
                })
            .inAnyCase()
            .neverNull(),
        AggregateFunction.of(
                "sum",
                "sum(x)",
                "Sum: integers as 64 bits that wrap, decimals exact, floats as Float64.",
                (_, types) -> sum(one("sum", types)))
            .inAnyCase(),
        AggregateFunction.of(
                "avg", "avg(x)", "Mean as Float64.", (_, types) -> average(one("avg", types)))
            .inAnyCase(),
        AggregateFunction.of(
                "min", "min(x)", "Least value.", (_, types) -> extreme(one("min", types), false))
            .inAnyCase(),
        AggregateFunction.of(
                "max", "max(x)", "Greatest value.", (_, types) -> extreme(one("max", types), true))
            .inAnyCase(),
        AggregateFunction.of(
                "any",
                "any(x)",
                "Some value that is not NULL: the first met.",
                (_, types) -> pick(Rule.FIRST, one("any", types)))
            .alias("any_value", "first_value")
            .inAnyCase(),
        AggregateFunction.of(
                "anyLast",
                "anyLast(x)",
                "The last value met that is not NULL.",
                (_, types) -> pick(Rule.LAST, one("anyLast", types)))
            .alias("last_value")
            .inAnyCase(),
        AggregateFunction.of(
                "argMin",
                "argMin(x, key)",
                "The x of the row with the least key.",
                (_, types) -> pickBy("argMin", Rule.LEAST, types))
            .alias("min_by"),
        AggregateFunction.of(
                "argMax",
                "argMax(x, key)",
                "The x of the row with the greatest key.",
                (_, types) -> pickBy("argMax", Rule.GREATEST, types))
            .alias("max_by"),
        AggregateFunction.of(
                "uniqExact",
                "uniqExact(x[, ...])",
                "Exact number of distinct values.",
                (_, types) -> {
                  Arguments.count("uniqExact", types, 1, Integer.MAX_VALUE);
                  return new Binding(DataTypes.UINT64, () -> new DistinctCountAccumulator(types));
                })
            .alias("countDistinct")
            .neverNull());
  }

  static DataType one(String function, List<DataType> types) {
    Arguments.count(function, types, 1, 1);
    return types.getFirst();
  }

  private static Binding sum(DataType type) {
    return switch (type) {
      case DataType.Bool _ -> sumTo(DataTypes.UINT64);
      case DataType.Int(int bits, boolean signed) ->
          sumTo(new DataType.Int(Math.max(64, bits), signed));
      case DataType.Decimal(int precision, int scale) ->
          sumTo(new DataType.Decimal(precision <= 38 ? 38 : 76, scale));
      case DataType.Float _ -> new Binding(DataTypes.FLOAT64, FloatSumAccumulator::new);
      default -> throw Arguments.illegal("sum", 0, type, "a number");
    };
  }

  private static Binding sumTo(DataType type) {
    return new Binding(type, () -> new SumAccumulator(type));
  }

  private static Binding average(DataType type) {
    if (!Arguments.isNumber(type)) {
      throw Arguments.illegal("avg", 0, type, "a number");
    }
    int scale = type instanceof DataType.Decimal d ? d.scale() : 0;
    boolean isFloat = type instanceof DataType.Float;
    return new Binding(DataTypes.FLOAT64, () -> new AverageAccumulator(isFloat, scale));
  }

  private static Binding extreme(DataType type, boolean greatest) {
    if (type.physical().isLong()) {
      return new Binding(type, () -> new LongExtremes(type, greatest));
    }
    return pick(greatest ? Rule.GREATEST : Rule.LEAST, type);
  }

  private static Binding pick(Rule rule, DataType type) {
    return new Binding(type, () -> new PickAccumulator(rule, type, Optional.empty()));
  }

  private static Binding pickBy(String name, Rule rule, List<DataType> types) {
    Arguments.count(name, types, 2, 2);
    return new Binding(
        types.get(0), () -> new PickAccumulator(rule, types.get(0), Optional.of(types.get(1))));
  }

  static VarveException badParameter(String function, Object found, String expected) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "parameter of " + function + " is " + found + ", expected " + expected);
  }
}
