// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.List;
import java.util.function.Supplier;

/// The aggregate functions that have a mergeable state, by name.
public final class AggregateStates {
  private static final List<String> NAMES =
      List.of(
          "count",
          "sum",
          "avg",
          "min",
          "max",
          "any",
          "anyLast",
          "argMin",
          "argMax",
          "uniq",
          "uniqHLL12",
          "uniqCombined",
          "uniqExact",
          "groupArray",
          "groupUniqArray",
          "quantile",
          "quantiles",
          "quantileExact",
          "quantilesExact",
          "median",
          "medianExact",
          "varPop",
          "varSamp",
          "stddevPop",
          "stddevSamp");

  private final String function;
  private final List<String> parameters;
  private final List<DataType> arguments;

  private AggregateStates(String function, List<String> parameters, List<DataType> arguments) {
    this.function = function;
    this.parameters = List.copyOf(parameters);
    this.arguments = List.copyOf(arguments);
  }

  /// Functions that [#of] knows.
  public static List<String> names() {
    return NAMES;
  }

  /// @param parameters as written, `0.5` in `quantile(0.5)(x)`
  /// @throws VarveException UNKNOWN_FUNCTION with a near name, NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
  ///   ILLEGAL_TYPE_OF_ARGUMENT, BAD_ARGUMENTS
  public static AggregateFunction of(
      String function, List<String> parameters, List<DataType> argumentTypes) {
    return new AggregateStates(function, parameters, argumentTypes).bind();
  }

  private AggregateFunction bind() {
    return switch (function) {
      case "count" -> {
        requireArguments(0, 1);
        yield bound(DataTypes.UINT64, CountState::new);
      }
      case "sum" -> sum(false);
      case "avg" -> sum(true);
      case "min" -> choice(ChoiceState.Choice.MIN);
      case "max" -> choice(ChoiceState.Choice.MAX);
      case "any" -> choice(ChoiceState.Choice.FIRST);
      case "anyLast" -> choice(ChoiceState.Choice.LAST);
      case "argMin", "argMax" -> argument();
      case "uniq", "uniqHLL12", "uniqCombined" -> {
        List<DataType> types = plainTypes(1, Integer.MAX_VALUE);
        yield bound(DataTypes.UINT64, () -> new SketchState(function, types));
      }
      case "uniqExact" -> {
        List<DataType> types = plainTypes(1, Integer.MAX_VALUE);
        yield bound(DataTypes.UINT64, () -> new DistinctState(function, types, false));
      }
      case "groupUniqArray" -> {
        List<DataType> types = plainTypes(1, 1);
        yield bound(
            DataTypes.array(types.getFirst()), () -> new DistinctState(function, types, true));
      }
      case "groupArray" -> array();
      case "quantile", "quantiles", "quantileExact", "quantilesExact", "median", "medianExact" ->
          quantile();
      case "varPop", "varSamp", "stddevPop", "stddevSamp" -> moments();
      default ->
          throw new VarveException(
              ErrorCode.UNKNOWN_FUNCTION,
              "no aggregate function with a state is called \""
                  + function
                  + "\""
                  + NearNames.suggest(function, NAMES));
    };
  }

  private AggregateFunction bound(DataType resultType, Supplier<AggregateState> states) {
    boolean takesParameters = function.startsWith("quantile") || function.equals("groupArray");
    if (!parameters.isEmpty() && !takesParameters) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, function + " takes no parameters, found " + parameters);
    }
    return new AggregateFunction(resultType, states);
  }

  private AggregateFunction sum(boolean average) {
    requireArguments(1, 1);
    DataType type = number();
    boolean nullable = arguments.getFirst().isNullable();
    if (type instanceof DataType.Float) {
      return bound(
          resultOf(DataTypes.FLOAT64, nullable), () -> new FloatSumState(average, nullable));
    }
    int scale = scale(type);
    DataType sumType =
        switch (type) {
          case DataType.Decimal decimal ->
              new DataType.Decimal(decimal.precision() <= 38 ? 38 : 76, decimal.scale());
          case DataType.Int(int bits, boolean signed) ->
              new DataType.Int(Math.max(64, bits), signed);
          default -> DataTypes.UINT64;
        };
    DataType result = resultOf(average ? DataTypes.FLOAT64 : sumType, nullable);
    return bound(result, () -> new IntegerSumState(function, result, scale));
  }

  private AggregateFunction choice(ChoiceState.Choice choice) {
    DataType type = plainTypes(1, 1).getFirst();
    boolean nullable = arguments.getFirst().isNullable();
    return bound(resultOf(type, nullable), () -> new ChoiceState(function, choice, type, nullable));
  }

  private AggregateFunction argument() {
    List<DataType> types = plainTypes(2, 2);
    boolean nullable = arguments.stream().anyMatch(DataType::isNullable);
    boolean greatest = function.equals("argMax");
    return bound(
        resultOf(types.get(0), nullable),
        () -> new ArgumentState(greatest, types.get(0), types.get(1), nullable));
  }

  private AggregateFunction array() {
    DataType type = plainTypes(1, 1).getFirst();
    long limit = parameters.isEmpty() ? Long.MAX_VALUE : (long) parameter(0, 1, Long.MAX_VALUE);
    return bound(DataTypes.array(type), () -> new ArrayState(type, limit));
  }

  private AggregateFunction quantile() {
    requireArguments(1, 1);
    DataType type = number();
    boolean list = function.startsWith("quantiles");
    boolean exact = function.endsWith("Exact");
    double[] levels = new double[Math.max(1, parameters.size())];
    levels[0] = 0.5;
    for (int i = 0; i < parameters.size(); i++) {
      levels[i] = parameter(i, 0, 1);
    }
    if (!list && parameters.size() > 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          function + " takes one level, found " + parameters + "; quantiles takes several");
    }
    boolean nullable = arguments.getFirst().isNullable() && !list;
    DataType result =
        list ? DataTypes.array(DataTypes.FLOAT64) : resultOf(DataTypes.FLOAT64, nullable);
    int scale = scale(type);
    return bound(result, () -> new QuantileState(function, levels, list, exact, scale, nullable));
  }

  private AggregateFunction moments() {
    requireArguments(1, 1);
    int scale = scale(number());
    boolean nullable = arguments.getFirst().isNullable();
    boolean sample = function.endsWith("Samp");
    boolean root = function.startsWith("stddev");
    return bound(
        resultOf(DataTypes.FLOAT64, nullable),
        () -> new MomentsState(function, sample, root, scale, nullable));
  }

  private static DataType resultOf(DataType type, boolean nullable) {
    return nullable ? DataTypes.nullable(type) : type;
  }

  private static int scale(DataType type) {
    return type instanceof DataType.Decimal decimal ? decimal.scale() : 0;
  }

  private double parameter(int index, double least, double most) {
    double value;
    try {
      value = Double.parseDouble(parameters.get(index));
    } catch (NumberFormatException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the parameter of " + function + " must be a number, found " + parameters.get(index),
          e);
    }
    if (!(value >= least && value <= most)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the parameter of "
              + function
              + " must be from "
              + least
              + " to "
              + most
              + ", found "
              + value);
    }
    return value;
  }

  private void requireArguments(int least, int most) {
    if (arguments.size() < least || arguments.size() > most) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          function
              + " takes "
              + (least == most ? "" + least : least + " to " + most)
              + " arguments, found "
              + arguments.size());
    }
  }

  /// Argument types without Nullable; each is a plain value.
  private List<DataType> plainTypes(int least, int most) {
    requireArguments(least, most);
    for (DataType type : arguments) {
      if (!HeapValue.isPossible(type)) {
        throw wrongType("plain values", type);
      }
    }
    return arguments.stream().map(DataType::unwrapped).toList();
  }

  private DataType number() {
    DataType type = arguments.getFirst().unwrapped();
    return switch (type) {
      case DataType.Int _, DataType.Float _, DataType.Decimal _, DataType.Bool _ -> type;
      default -> throw wrongType("numbers", arguments.getFirst());
    };
  }

  private VarveException wrongType(String wanted, DataType found) {
    return new VarveException(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        function + " takes " + wanted + ", found " + found.name());
  }
}
