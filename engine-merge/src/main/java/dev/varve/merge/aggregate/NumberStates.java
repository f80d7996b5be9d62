// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Counts, sums, means, moments, bits and sums by key.
final class NumberStates {
  static final List<String> NAMES =
      List.of(
          "count",
          "sum",
          "sumWithOverflow",
          "sumKahan",
          "sumCount",
          "avg",
          "avgWeighted",
          "varPop",
          "varSamp",
          "stddevPop",
          "stddevSamp",
          "covarPop",
          "covarSamp",
          "corr",
          "skewPop",
          "skewSamp",
          "kurtPop",
          "kurtSamp",
          "simpleLinearRegression",
          "groupBitAnd",
          "groupBitOr",
          "groupBitXor",
          "sumMap",
          "sumMapWithOverflow",
          "minMap",
          "maxMap",
          "sumMappedArrays",
          "minMappedArrays",
          "maxMappedArrays",
          "sumMapFiltered",
          "sumMapFilteredWithOverflow");

  private static final DataType LINE =
      new DataType.Tuple(List.of("k", "b"), List.of(DataTypes.FLOAT64, DataTypes.FLOAT64));

  private NumberStates() {}

  static AggregateFunction bind(StateCall call) {
    String function = call.function();
    if (!function.startsWith("sumMapFiltered")) {
      call.requireNoParameters();
    }
    return switch (function) {
      case "count" -> {
        call.requireArguments(0, 1);
        yield call.bound(DataTypes.UINT64, CountState::new).mergingAs(PackedMerge.COUNT);
      }
      case "sum", "avg", "sumWithOverflow", "sumKahan" -> sum(call);
      case "sumCount" -> sumCount(call);
      case "avgWeighted" -> {
        call.requireArguments(2, 2);
        call.number(0);
        call.number(1);
        yield call.skippingNulls(DataTypes.FLOAT64, WeightedMeanState::new);
      }
      case "varPop", "varSamp", "stddevPop", "stddevSamp" -> moments(call);
      case "covarPop", "covarSamp", "corr", "simpleLinearRegression" -> {
        call.requireArguments(2, 2);
        call.number(0);
        call.number(1);
        DataType type = function.equals("simpleLinearRegression") ? LINE : DataTypes.FLOAT64;
        yield call.skippingNulls(type, () -> new PairMomentsState(function));
      }
      case "groupBitAnd", "groupBitOr", "groupBitXor" -> {
        call.requireArguments(1, 1);
        DataType type = call.integer(0);
        yield call.skippingNulls(type, () -> new BitsState(function, type));
      }
      case "sumMap", "sumMapWithOverflow", "minMap", "maxMap" -> byKey(call, Set.of());
      case "sumMappedArrays", "minMappedArrays", "maxMappedArrays" -> byKey(call, Set.of());
      case "sumMapFiltered", "sumMapFilteredWithOverflow" -> {
        call.requireParameters(1, 1);
        yield byKey(call, call.listParameter(0));
      }
      default -> {
        call.requireArguments(1, 1);
        call.number(0);
        yield call.skippingNulls(DataTypes.FLOAT64, () -> new PowersState(function));
      }
    };
  }

  private static AggregateFunction sum(StateCall call) {
    call.requireArguments(1, 1);
    String function = call.function();
    boolean average = function.equals("avg");
    DataType type = call.number(0);
    boolean nullable = call.isNullable();
    if (type instanceof DataType.Float) {
      return call.bound(
              call.resultOf(DataTypes.FLOAT64), () -> new FloatSumState(average, nullable))
          .mergingAs(PackedMerge.FLOAT_SUM);
    }
    DataType result =
        call.resultOf(
            average || function.equals("sumKahan")
                ? DataTypes.FLOAT64
                : function.equals("sumWithOverflow") ? type : sumType(type));
    int scale = scale(type);
    return call.bound(result, () -> new IntegerSumState(function, result, scale))
        .mergingAs(PackedMerge.INTEGER_SUM);
  }

  static DataType sumType(DataType type) {
    return switch (type) {
      case DataType.Decimal decimal ->
          new DataType.Decimal(decimal.precision() <= 38 ? 38 : 76, decimal.scale());
      case DataType.Int(int bits, boolean signed) -> new DataType.Int(Math.max(64, bits), signed);
      case DataType.Float _ -> DataTypes.FLOAT64;
      default -> DataTypes.UINT64;
    };
  }

  private static int scale(DataType type) {
    return type instanceof DataType.Decimal decimal ? decimal.scale() : 0;
  }

  private static AggregateFunction sumCount(StateCall call) {
    call.requireArguments(1, 1);
    DataType type = call.number(0);
    AggregateFunction sum = AggregateStates.of("sum", List.of(), List.of(type));
    AggregateFunction count = AggregateStates.of("count", List.of(), List.of(type));
    DataType result = new DataType.Tuple(List.of(), List.of(sum.resultType(), count.resultType()));
    return call.skippingNulls(
        result, () -> new TupleState("sumCount", List.of(sum.newState(), count.newState())));
  }

  private static AggregateFunction moments(StateCall call) {
    call.requireArguments(1, 1);
    int scale = scale(call.number(0));
    String function = call.function();
    boolean nullable = call.isNullable();
    boolean sample = function.endsWith("Samp");
    boolean root = function.startsWith("stddev");
    return call.bound(
        call.resultOf(DataTypes.FLOAT64),
        () -> new MomentsState(function, sample, root, scale, nullable));
  }

  /// Over a Map; over an array of keys and arrays of values; or over a tuple of such arrays.
  ///
  /// @param kept the keys that count, as they are written, or none for all
  private static AggregateFunction byKey(StateCall call, Set<String> kept) {
    String function = call.function();
    call.requireArguments(1, Integer.MAX_VALUE);
    String inner =
        switch (function) {
          case "minMap", "minMappedArrays" -> "min";
          case "maxMap", "maxMappedArrays" -> "max";
          case "sumMap", "sumMappedArrays", "sumMapFiltered" -> "sum";
          default -> "sumWithOverflow";
        };
    if (call.arguments().getFirst().unwrapped() instanceof DataType.MapOf map) {
      call.requireArguments(1, 1);
      AggregateFunction value = AggregateStates.of(inner, List.of(), List.of(map.value()));
      DataType result = new DataType.MapOf(map.key(), value.resultType());
      return call.bound(
          result, () -> new KeyedState(function, map.key(), List.of(value), true, false, kept));
    }
    List<DataType> lists =
        call.arguments().getFirst().unwrapped() instanceof DataType.Tuple tuple
                && call.arguments().size() == 1
            ? tuple.fields()
            : call.arguments();
    if (lists.size() < 2 || !lists.stream().allMatch(t -> t instanceof DataType.Array)) {
      throw call.wrongType("a Map, or an array of keys and arrays of values", 0);
    }
    List<AggregateFunction> values = new ArrayList<>();
    List<DataType> fields = new ArrayList<>();
    DataType key = ((DataType.Array) lists.getFirst()).element();
    fields.add(DataTypes.array(key));
    for (DataType list : lists.subList(1, lists.size())) {
      DataType element = ((DataType.Array) list).element();
      values.add(AggregateStates.of(inner, List.of(), List.of(element)));
      fields.add(DataTypes.array(values.getLast().resultType()));
    }
    boolean dropsZeros = function.startsWith("sum");
    return call.bound(
        new DataType.Tuple(List.of(), fields),
        () -> new KeyedState(function, key, values, false, dropsZeros, kept));
  }
}
