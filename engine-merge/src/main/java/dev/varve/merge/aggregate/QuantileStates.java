// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Quantiles: `quantile…(level)`, `quantiles…(level, …)` and `median…`.
final class QuantileStates {
  private static final List<String> KINDS =
      List.of(
          "",
          "Exact",
          "ExactLow",
          "ExactHigh",
          "ExactInclusive",
          "ExactExclusive",
          "ExactWeighted",
          "ExactWeightedInterpolated",
          "InterpolatedWeighted",
          "Timing",
          "TimingWeighted",
          "TDigest",
          "TDigestWeighted",
          "Deterministic",
          "BFloat16",
          "BFloat16Weighted",
          "DD",
          "GK");

  static final List<String> NAMES =
      KINDS.stream()
          .flatMap(kind -> List.of("quantile" + kind, "quantiles" + kind, "median" + kind).stream())
          .toList();

  private QuantileStates() {}

  static AggregateFunction bind(StateCall call) {
    String function = call.function();
    boolean list = function.startsWith("quantiles");
    String kind = function.substring(list ? 9 : function.startsWith("median") ? 6 : 8);
    double[] levels = levels(call, list, kind.equals("GK") || kind.equals("DD") ? 1 : 0);
    int arguments = kind.contains("Weighted") || kind.equals("Deterministic") ? 2 : 1;
    call.requireArguments(arguments, arguments);
    DataType type = call.moment(0);
    return switch (kind) {
      case "", "BFloat16", "Deterministic" -> plain(call, type, levels, list);
      case "ExactWeighted", "TimingWeighted", "TDigestWeighted" ->
          weighted(call, kind.startsWith("Exact") ? type : DataTypes.FLOAT32, type, levels, list);
      case "BFloat16Weighted" ->
          byWeight(
              call,
              type,
              list,
              (w, to) -> each(levels, list, to, (l, b) -> appendAt(shortened(w), l, b)));
      case "ExactWeightedInterpolated" ->
          byWeight(
              call,
              type,
              list,
              (w, to) ->
                  each(levels, list, to, (l, b) -> b.appendDouble(WeightedRanks.between(w, l))));
      case "DD" -> {
        double accuracy = call.parameter(0, 1e-9, 1);
        yield result(
            call,
            DataTypes.FLOAT64,
            list,
            () ->
                new WeightsState(
                    function,
                    type,
                    false,
                    (w, to) ->
                        each(
                            levels,
                            list,
                            to,
                            (l, b) -> b.appendDouble(WeightedRanks.bucket(w, l, accuracy)))));
      }
      case "InterpolatedWeighted" ->
          result(
              call,
              type,
              list,
              () ->
                  new WeightsState(
                      function,
                      type,
                      true,
                      (w, to) -> each(levels, list, to, (l, b) -> between(w, l, b))));
      case "Timing", "TDigest" ->
          result(
              call,
              isTime(type) ? type : DataTypes.FLOAT32,
              list,
              () ->
                  new WeightsState(
                      function,
                      type,
                      false,
                      (w, to) ->
                          each(
                              levels,
                              list,
                              to,
                              (l, b) -> append(timing(w, l, kind.equals("Timing")), b))));
      default -> {
        DataType element = kind.endsWith("clusive") ? DataTypes.FLOAT64 : type;
        yield result(
            call, element, list, () -> new ExactQuantileState(function, type, levels, list));
      }
    };
  }

  private static AggregateFunction result(
      StateCall call, DataType type, boolean list, Supplier<AggregateState> states) {
    return call.skippingNulls(list ? DataTypes.array(type) : type, states);
  }

  private static AggregateFunction byWeight(
      StateCall call, DataType type, boolean list, WeightsState.Result result) {
    return result(
        call, DataTypes.FLOAT64, list, () -> new WeightsState(call.function(), type, true, result));
  }

  /// The same weights of values cut to the first half of a Float32.
  private static TreeMap<HeapValue, Long> shortened(TreeMap<HeapValue, Long> weights) {
    TreeMap<HeapValue, Long> cut = new TreeMap<>();
    weights.forEach((value, weight) -> {
      int bits = Float.floatToIntBits((float) value.asDouble()) & 0xFFFF0000;
      cut.merge(HeapValue.of(Float.intBitsToFloat(bits)), weight, Long::sum);
    });
    return cut;
  }

  private static double[] levels(StateCall call, boolean list, int skip) {
    int count = call.parameters().size() - skip;
    double[] levels = new double[Math.max(1, count)];
    levels[0] = 0.5;
    for (int i = 0; i < count; i++) {
      levels[i] = call.parameter(i + skip, 0, 1);
    }
    if (!list && count > 1) {
      throw call.bad(
          call.function()
              + " takes one level, found "
              + call.parameters()
              + "; quantiles takes several");
    }
    return levels;
  }

  private static AggregateFunction plain(
      StateCall call, DataType type, double[] levels, boolean list) {
    boolean nullable = call.isNullable() && !list;
    // Dates have quantiles that are dates.
    if (isTime(type)) {
      return result(
          call, type, list, () -> new ExactQuantileState(call.function(), type, levels, list));
    }
    DataType result = list ? DataTypes.array(DataTypes.FLOAT64) : call.resultOf(DataTypes.FLOAT64);
    int scale = type instanceof DataType.Decimal decimal ? decimal.scale() : 0;
    return call.bound(
        result, () -> new QuantileState(call.function(), levels, list, false, scale, nullable));
  }

  private static boolean isTime(DataType type) {
    return switch (type) {
      case DataType.Date _, DataType.Date32 _, DataType.DateTime _, DataType.DateTime64 _ -> true;
      default -> false;
    };
  }

  private static AggregateFunction weighted(
      StateCall call, DataType result, DataType type, double[] levels, boolean list) {
    return result(
        call,
        result,
        list,
        () ->
            new WeightsState(
                call.function(),
                type,
                true,
                (weights, to) ->
                    each(levels, list, to, (level, b) -> appendAt(weights, level, b))));
  }

  private interface Level {
    void append(double level, VectorBuilder to);
  }

  private static void each(double[] levels, boolean list, VectorBuilder to, Level one) {
    for (double level : levels) {
      one.append(level, list ? to.child(0) : to);
    }
    if (list) {
      to.endList();
    }
  }

  /// The first value by which the weights up to it reach their share of all.
  private static void appendAt(TreeMap<HeapValue, Long> weights, double level, VectorBuilder to) {
    double total = 0;
    for (long weight : weights.values()) {
      total += weight;
    }
    long threshold = (long) Math.ceil(total * level);
    long seen = 0;
    HeapValue found = null;
    for (Map.Entry<HeapValue, Long> entry : weights.entrySet()) {
      found = entry.getKey();
      seen += entry.getValue();
      if (seen >= threshold) {
        break;
      }
    }
    if (to.type().unwrapped() instanceof DataType.Float) {
      to.appendDouble(found == null ? Double.NaN : found.asDouble());
    } else if (found == null) {
      to.appendDefault();
    } else {
      found.appendTo(to);
    }
  }

  /// The value at a share of all weights, in proportion between two neighbours.
  private static void between(TreeMap<HeapValue, Long> weights, double level, VectorBuilder to) {
    List<Double> values = new ArrayList<>();
    List<Double> places = new ArrayList<>();
    double total = 0;
    for (long weight : weights.values()) {
      total += weight;
    }
    double seen = 0;
    for (Map.Entry<HeapValue, Long> entry : weights.entrySet()) {
      if (entry.getValue() > 0) {
        seen += entry.getValue();
        values.add(entry.getKey().asDouble());
        places.add((seen - 0.5 * entry.getValue()) / total);
      }
    }
    int above = 0;
    while (above < places.size() && places.get(above) <= level) {
      above++;
    }
    if (values.isEmpty()) {
      append(Double.NaN, to);
    } else if (above == 0 || above == values.size()) {
      append(values.get(Math.max(0, above - 1)), to);
    } else {
      double low = values.get(above - 1);
      double share = (level - places.get(above - 1)) / (places.get(above) - places.get(above - 1));
      append(low + share * (values.get(above) - low), to);
    }
  }

  private static void append(double value, VectorBuilder to) {
    DataType type = to.type().unwrapped();
    if (type instanceof DataType.Float) {
      to.appendDouble(value);
    } else if (Double.isNaN(value)) {
      to.appendDefault();
    } else {
      int scale = type instanceof DataType.Decimal decimal ? decimal.scale() : 0;
      to.appendInteger(new BigDecimal(value).setScale(scale, RoundingMode.DOWN).unscaledValue());
    }
  }

  /// Over values as often as they come: the element at the level, or what a digest of single values
  /// would say.
  private static double timing(TreeMap<HeapValue, Long> weights, double level, boolean element) {
    List<Double> values = new ArrayList<>();
    weights.forEach((value, count) -> {
      for (long i = 0; i < count; i++) {
        values.add(value.asDouble());
      }
    });
    int size = values.size();
    if (size == 0) {
      return Double.NaN;
    }
    int at = (int) Math.min(size - 1L, (long) (level * size));
    if (element || level * size != at || at == 0) {
      return values.get(at);
    }
    return values.get(at - 1);
  }
}
