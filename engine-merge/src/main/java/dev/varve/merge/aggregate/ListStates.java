// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.format.TextOutput;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Functions that make lists or texts of values, or need all of them in the order given.
final class ListStates {
  static final List<String> NAMES =
      List.of(
          "groupArray",
          "groupArrayLast",
          "groupArraySample",
          "groupArraySorted",
          "groupArrayInsertAt",
          "groupArrayMovingSum",
          "groupArrayMovingAvg",
          "groupArrayIntersect",
          "groupUniqArray",
          "groupConcat",
          "deltaSum",
          "deltaSumTimestamp",
          "boundingRatio",
          "maxIntersections",
          "maxIntersectionsPosition",
          "histogram");

  private ListStates() {}

  static AggregateFunction bind(StateCall call) {
    String function = call.function();
    return switch (function) {
      case "groupArray", "groupArraySample" -> array(call, RowsState.Keep.FIRST);
      case "groupArrayLast" -> array(call, RowsState.Keep.LAST);
      case "groupArraySorted" -> sorted(call);
      case "groupArrayInsertAt" -> insertAt(call);
      case "groupArrayMovingSum", "groupArrayMovingAvg" -> moving(call);
      case "groupArrayIntersect" -> intersect(call);
      case "groupUniqArray" -> {
        List<DataType> types = call.types(1, 1);
        long limit = call.wholeParameter(0, 1, Long.MAX_VALUE);
        yield call.bound(
            DataTypes.array(types.getFirst()),
            () -> new DistinctState(function, types, true, limit));
      }
      case "groupConcat" -> concat(call);
      case "deltaSum" -> {
        List<DataType> types = call.types(1, 1);
        DataType type = call.number(0);
        yield rows(call, type, types, Deltas::sum);
      }
      case "deltaSumTimestamp" -> {
        List<DataType> types = call.types(2, 2);
        DataType type = call.number(0);
        yield rows(call, type, types, (rows, to) -> Deltas.sum(Deltas.byTime(rows, 1), to));
      }
      case "boundingRatio" ->
          rows(call, DataTypes.FLOAT64, call.types(2, 2), Deltas::boundingRatio);
      case "maxIntersections" ->
          rows(call, DataTypes.UINT64, call.types(2, 2), (r, to) -> Deltas.overlap(r, false, to));
      case "maxIntersectionsPosition" -> {
        List<DataType> types = call.types(2, 2);
        yield rows(call, types.getFirst(), types, (r, to) -> Deltas.overlap(r, true, to));
      }
      default -> {
        long bins = call.wholeParameter(0, 1, 10);
        DataType bin =
            new DataType.Tuple(
                List.of(), List.of(DataTypes.FLOAT64, DataTypes.FLOAT64, DataTypes.FLOAT64));
        call.requireArguments(1, 1);
        call.number(0);
        yield rows(
            call,
            DataTypes.array(bin),
            call.types(1, 1),
            (rows, to) -> Histogram.append(rows, (int) bins, to));
      }
    };
  }

  private static AggregateFunction rows(
      StateCall call, DataType result, List<DataType> types, RowsState.Result append) {
    return call.skippingNulls(result, () -> new RowsState(call.function(), types, append));
  }

  private static AggregateFunction array(StateCall call, RowsState.Keep keep) {
    List<DataType> types = call.types(1, 1);
    long limit = call.wholeParameter(0, 1, Long.MAX_VALUE);
    return call.skippingNulls(
        DataTypes.array(types.getFirst()),
        () -> new RowsState(call.function(), types, keep, limit, ListStates::appendAll));
  }

  private static void appendAll(List<HeapValue[]> rows, VectorBuilder to) {
    rows.forEach(row -> row[0].appendTo(to.child(0)));
    to.endList();
  }

  private static AggregateFunction sorted(StateCall call) {
    List<DataType> types = call.types(1, 1);
    long limit = call.wholeParameter(0, 1, Long.MAX_VALUE);
    return rows(
        call,
        DataTypes.array(types.getFirst()),
        types,
        (rows, to) -> {
          rows.stream()
              .map(row -> row[0])
              .sorted()
              .limit(limit)
              .forEach(v -> v.appendTo(to.child(0)));
          to.endList();
        });
  }

  /// `groupArrayInsertAt([default[, size]])(x, position)`; of values for one place the first stays.
  private static AggregateFunction insertAt(StateCall call) {
    List<DataType> types = call.types(2, 2);
    call.requireParameters(0, 2);
    call.integer(1);
    long size = call.wholeParameter(1, 0, -1);
    return rows(
        call,
        DataTypes.array(types.getFirst()),
        types,
        (rows, to) -> {
          List<HeapValue> places = new ArrayList<>();
          for (HeapValue[] row : rows) {
            long at = row[1].vector().getLong(0);
            if (at < 0 || at > 0xFFFFFF || (size >= 0 && at >= size)) {
              continue;
            }
            while (places.size() <= at) {
              places.add(null);
            }
            if (places.get((int) at) == null) {
              places.set((int) at, row[0]);
            }
          }
          while (places.size() < size) {
            places.add(null);
          }
          places.forEach(place -> appendPlace(place, call, to.child(0)));
          to.endList();
        });
  }

  private static void appendPlace(HeapValue place, StateCall call, VectorBuilder to) {
    if (place != null) {
      place.appendTo(to);
    } else if (call.parameters().isEmpty()) {
      to.appendDefault();
    } else if (to.type().physical().isFloat()) {
      to.appendDouble(call.parameter(0, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
    } else if (to.type().physical().isLong()) {
      to.appendLong((long) call.parameter(0, Long.MIN_VALUE, Long.MAX_VALUE));
    } else {
      to.appendBytes(call.textParameter(0, "").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static AggregateFunction moving(StateCall call) {
    List<DataType> types = call.types(1, 1);
    DataType number = call.number(0);
    boolean average = call.function().endsWith("Avg");
    DataType element = average ? DataTypes.FLOAT64 : NumberStates.sumType(number);
    long window = call.wholeParameter(0, 1, Long.MAX_VALUE);
    return rows(
        call,
        DataTypes.array(element),
        types,
        (rows, to) -> Deltas.moving(rows, window, average, to));
  }

  private static AggregateFunction intersect(StateCall call) {
    List<DataType> types = call.types(1, 1);
    if (!(types.getFirst() instanceof DataType.Array(DataType element))) {
      throw call.wrongType("arrays", 0);
    }
    return rows(
        call,
        types.getFirst(),
        types,
        (rows, to) -> {
          Set<HeapValue> common = null;
          for (HeapValue[] row : rows) {
            Set<HeapValue> own = new HashSet<>();
            var list = row[0].vector();
            for (int e = list.listFrom(0); e < list.listTo(0); e++) {
              own.add(HeapValue.of(list.elements(), e, element));
            }
            if (common == null) {
              common = own;
            } else {
              common.retainAll(own);
            }
          }
          if (common != null) {
            common.stream().sorted().forEach(value -> value.appendTo(to.child(0)));
          }
          to.endList();
        });
  }

  /// `groupConcat([delimiter[, limit]])(x)`.
  private static AggregateFunction concat(StateCall call) {
    List<DataType> types = call.types(1, 1);
    call.requireParameters(0, 2);
    String delimiter = call.textParameter(0, "");
    long limit = call.wholeParameter(1, 1, Long.MAX_VALUE);
    return call.skippingNulls(
        DataTypes.STRING,
        () ->
            new RowsState(
                call.function(),
                types,
                RowsState.Keep.FIRST,
                limit,
                (rows, to) -> appendText(rows, delimiter, to)));
  }

  private static void appendText(List<HeapValue[]> rows, String delimiter, VectorBuilder to) {
    StateWriter text = new StateWriter();
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0) {
        text.putBytes(delimiter.getBytes(StandardCharsets.UTF_8));
      }
      HeapValue value = rows.get(i)[0];
      boolean isText =
          value.type() instanceof DataType.Text || value.type() instanceof DataType.FixedText;
      text.putBytes(
          isText
              ? value.bytes()
              : TextOutput.text(value.vector(), 0).getBytes(StandardCharsets.UTF_8));
    }
    to.appendBytes(text.bytes());
  }
}
