// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Functions that choose a value or count different ones.
final class ValueStates {
  static final List<String> NAMES =
      List.of(
          "min",
          "max",
          "any",
          "anyLast",
          "any_respect_nulls",
          "anyLast_respect_nulls",
          "anyHeavy",
          "singleValueOrNull",
          "argMin",
          "argMax",
          "argAndMin",
          "argAndMax",
          "uniq",
          "uniqHLL12",
          "uniqCombined",
          "uniqCombined64",
          "uniqTheta",
          "uniqExact",
          "uniqUpTo",
          "groupBitmap",
          "groupBitmapAnd",
          "groupBitmapOr",
          "groupBitmapXor",
          "topK",
          "topKWeighted",
          "approx_top_k",
          "approx_top_sum",
          "entropy");

  private static final double LOG_2 = Math.log(2);

  private ValueStates() {}

  static AggregateFunction bind(StateCall call) {
    String function = call.function();
    return switch (function) {
      case "min" -> choice(call, ChoiceState.Choice.MIN);
      case "max" -> choice(call, ChoiceState.Choice.MAX);
      case "any" -> choice(call, ChoiceState.Choice.FIRST);
      case "anyLast" -> choice(call, ChoiceState.Choice.LAST);
      case "any_respect_nulls", "anyLast_respect_nulls" -> respectingNulls(call);
      case "anyHeavy" -> {
        DataType type = call.types(1, 1).getFirst();
        yield call.skippingNulls(
            type, () -> new WeightsState(function, type, false, ValueStates::heaviest));
      }
      case "singleValueOrNull" -> {
        DataType type = call.types(1, 1).getFirst();
        yield call.skippingNulls(
            DataTypes.nullable(type),
            () -> new WeightsState(function, type, false, ValueStates::single));
      }
      case "argMin", "argMax" -> argument(call, false);
      case "argAndMin", "argAndMax" -> argument(call, true);
      case "uniq", "uniqHLL12", "uniqCombined", "uniqCombined64", "uniqTheta" -> {
        List<DataType> types = call.types(1, Integer.MAX_VALUE);
        yield call.bound(DataTypes.UINT64, () -> new SketchState(function, types));
      }
      case "uniqExact", "groupBitmap" -> {
        call.requireNoParameters();
        List<DataType> types = call.types(1, Integer.MAX_VALUE);
        yield call.bound(DataTypes.UINT64, () -> new DistinctState(function, types, false));
      }
      case "groupBitmapAnd", "groupBitmapOr", "groupBitmapXor" -> combination(call);
      case "uniqUpTo" -> upTo(call);
      case "topK", "topKWeighted", "approx_top_k", "approx_top_sum" -> top(call);
      default -> {
        DataType type = call.types(1, 1).getFirst();
        yield new AggregateFunction(
            DataTypes.FLOAT64,
            call.skippingNulls(
                    DataTypes.FLOAT64,
                    () -> new WeightsState(function, type, false, ValueStates::entropy))
                ::newState);
      }
    };
  }

  private static AggregateFunction choice(StateCall call, ChoiceState.Choice choice) {
    call.requireNoParameters();
    DataType type = call.types(1, 1).getFirst();
    boolean nullable = call.isNullable();
    String function = call.function();
    return call.bound(call.resultOf(type), () -> new ChoiceState(function, choice, type, nullable));
  }

  private static AggregateFunction respectingNulls(StateCall call) {
    call.requireArguments(1, 1);
    DataType type = call.arguments().getFirst();
    RowsState.Keep keep =
        call.function().startsWith("anyLast") ? RowsState.Keep.LAST : RowsState.Keep.FIRST;
    return call.bound(
        type,
        () ->
            new RowsState(
                call.function(),
                List.of(type),
                keep,
                1,
                (rows, to) -> {
                  if (rows.isEmpty()) {
                    to.appendDefault();
                  } else {
                    rows.getFirst()[0].appendTo(to);
                  }
                }));
  }

  private static void heaviest(TreeMap<HeapValue, Long> weights, VectorBuilder to) {
    HeapValue best = null;
    long most = -1;
    for (Map.Entry<HeapValue, Long> entry : weights.entrySet()) {
      if (entry.getValue() > most) {
        best = entry.getKey();
        most = entry.getValue();
      }
    }
    if (best == null) {
      to.appendDefault();
    } else {
      best.appendTo(to);
    }
  }

  private static void single(TreeMap<HeapValue, Long> weights, VectorBuilder to) {
    if (weights.size() == 1) {
      weights.firstKey().appendTo(to);
    } else {
      to.appendNull();
    }
  }

  private static void entropy(TreeMap<HeapValue, Long> weights, VectorBuilder to) {
    double total = 0;
    for (long weight : weights.values()) {
      total += weight;
    }
    double sum = 0;
    for (long weight : weights.values()) {
      double share = weight / total;
      sum -= share * Math.log(share) / LOG_2;
    }
    to.appendDouble(sum);
  }

  private static AggregateFunction argument(StateCall call, boolean both) {
    call.requireNoParameters();
    List<DataType> types = call.types(2, 2);
    boolean nullable = call.isNullable();
    boolean greatest = call.function().endsWith("Max");
    DataType result = both ? new DataType.Tuple(List.of(), types) : call.resultOf(types.get(0));
    return call.bound(
        result,
        () ->
            new ArgumentState(
                call.function(), greatest, types.get(0), types.get(1), nullable && !both, both));
  }

  private static AggregateFunction combination(StateCall call) {
    call.requireNoParameters();
    DataType members =
        IntegerSet.membersOf(call.types(1, 1).getFirst())
            .orElseThrow(() -> call.wrongType("AggregateFunction(groupBitmap, …)", 0));
    return call.bound(DataTypes.UINT64, () -> new SetCombinationState(call.function(), members));
  }

  private static AggregateFunction upTo(StateCall call) {
    List<DataType> types = call.types(1, Integer.MAX_VALUE);
    long limit = call.wholeParameter(0, 1, 10);
    return call.bound(
        DataTypes.UINT64, () -> new DistinctState(call.function(), types, false, limit));
  }

  private static AggregateFunction top(StateCall call) {
    boolean weighted =
        call.function().equals("topKWeighted") || call.function().equals("approx_top_sum");
    call.requireParameters(0, 3);
    DataType type = call.types(weighted ? 2 : 1, weighted ? 2 : 1).getFirst();
    long count = call.wholeParameter(0, 1, 10);
    boolean counts =
        call.function().startsWith("approx") || call.textParameter(2, "").equals("counts");
    DataType element =
        counts
            ? new DataType.Tuple(
                List.of("item", "count", "error"),
                List.of(type, DataTypes.UINT64, DataTypes.UINT64))
            : type;
    return call.skippingNulls(
        DataTypes.array(element),
        () ->
            new WeightsState(
                call.function(),
                type,
                weighted,
                (weights, to) -> appendTop(weights, count, counts, to)));
  }

  private static void appendTop(
      TreeMap<HeapValue, Long> weights, long count, boolean counts, VectorBuilder to) {
    List<Map.Entry<HeapValue, Long>> sorted = new ArrayList<>(weights.entrySet());
    // Stable: of values that come as often, the lesser one is first.
    sorted.sort((a, b) -> Long.compare(b.getValue(), a.getValue()));
    VectorBuilder elements = to.child(0);
    for (Map.Entry<HeapValue, Long> entry :
        sorted.subList(0, (int) Math.min(count, sorted.size()))) {
      if (counts) {
        entry.getKey().appendTo(elements.child(0));
        elements.child(1).appendLong(entry.getValue());
        elements.child(2).appendLong(0);
        elements.endStruct();
      } else {
        entry.getKey().appendTo(elements);
      }
    }
    to.endList();
  }
}
