// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.column.ColumnDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

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
        column("plain", "Int32"));
  }

  @Override
  Object value(ColumnDefinition column, RandomGenerator random) {
    return switch (column.name()) {
      case "min", "first" -> "text " + random.nextInt(100);
      case "max", "last" -> random.nextInt(3) == 0 ? null : (long) random.nextInt(100);
      case "bits" -> 1L << random.nextInt(16);
      case "set" -> new ArrayList<>(random.ints(2, 0, 9).asLongStream().boxed().sorted().distinct().toList());
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
    return List.of(result);
  }
}
