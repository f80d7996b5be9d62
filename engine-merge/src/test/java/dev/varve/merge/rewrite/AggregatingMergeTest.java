// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// `any` and `anyLast` go by insert order, whichever parts were merged first.
final class AggregatingMergeTest extends MergeRuleContract {
  @Override
  String engine() {
    return "AggregatingMergeTree";
  }

  @Override
  List<String> arguments() {
    return List.of();
  }

  @Override
  List<ColumnDefinition> values(RandomGenerator random) {
    return List.of(
        column("sum", "SimpleAggregateFunction(sum, Int64)"),
        column("min", "SimpleAggregateFunction(min, String)"),
        column("max", "SimpleAggregateFunction(max, Nullable(Int32))"),
        column("first", "SimpleAggregateFunction(any, String)"),
        column("last", "SimpleAggregateFunction(anyLast, Nullable(Int64))"),
        column("bits", "SimpleAggregateFunction(groupBitOr, UInt16)"),
        column("set", "SimpleAggregateFunction(groupUniqArrayArray, Array(Int32))"),
        column("sums", "AggregateFunction(sum, Int64)"),
        column("latest", "AggregateFunction(anyLast, String)"),
        column("plain", "Int32"));
  }

  @Override
  Object value(ColumnDefinition column, RandomGenerator random) {
    return switch (column.name()) {
      case "min", "first" -> "text " + random.nextInt(100);
      case "max", "last" -> random.nextInt(3) == 0 ? null : (long) random.nextInt(100);
      case "sums" -> state("sum", "Int64", random.nextInt(100) - 50L);
      case "latest" ->
          state("anyLast", "String", random.nextInt(3) == 0 ? null : "s" + random.nextInt(100));
      case "bits" -> 1L << random.nextInt(16);
      case "set" ->
          new ArrayList<>(random.ints(2, 0, 9).asLongStream().boxed().sorted().distinct().toList());
      default -> random.nextInt(100) - 50L;
    };
  }

  @Override
  List<Map<String, Object>> model(List<HistoryRow> rows) {
    Map<String, Object> result = new LinkedHashMap<>(rows.getLast().values());
    long sum = 0;
    long bits = 0;
    String min = null;
    Long max = null;
    Object last = null;
    TreeSet<Object> set = new TreeSet<>();
    for (HistoryRow row : rows) {
      sum += row.number("sum");
      bits |= row.number("bits");
      String text = (String) row.get("min");
      min = min == null || text.compareTo(min) < 0 ? text : min;
      if (row.get("max") != null) {
        max = max == null ? row.number("max") : Math.max(max, row.number("max"));
      }
      last = row.get("last") != null ? row.get("last") : last;
      set.addAll((List<?>) row.get("set"));
    }
    result.put("sum", sum);
    result.put("min", min);
    result.put("max", max);
    result.put("first", rows.getFirst().get("first"));
    result.put("last", last);
    result.put("bits", bits);
    result.put("set", new ArrayList<>(set));
    result.put("sums", merged("sum", "Int64", rows, "sums"));
    result.put("latest", merged("anyLast", "String", rows, "latest"));
    return List.of(result);
  }

  /// The state of one value, or of none.
  private static byte[] state(String function, String type, Object value) {
    AggregateState state = newState(function, type);
    if (value != null) {
      try (BufferAllocator allocator = new RootAllocator();
          Scratch scratch = new Scratch(allocator)) {
        state.update(List.of(VectorValues.of(DataTypes.parse(type), scratch, value)), 0);
      }
    }
    return state.serialize();
  }

  private static byte[] merged(String function, String type, List<HistoryRow> rows, String column) {
    AggregateState state = newState(function, type);
    rows.forEach(row -> state.merge(MemorySegment.ofArray((byte[]) row.get(column))));
    return state.serialize();
  }

  private static AggregateState newState(String function, String type) {
    return AggregateStates.of(function, List.of(), List.of(DataTypes.parse(type))).newState();
  }
}
