// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.column.ColumnDefinition;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

final class PlainMergeTest extends MergeRuleContract {
  @Override
  String engine() {
    return "MergeTree";
  }

  @Override
  List<String> arguments() {
    return List.of();
  }

  @Override
  List<ColumnDefinition> values(RandomGenerator random) {
    return List.of(column("v", "Nullable(String)"), column("w", "Array(Int32)"));
  }

  @Override
  Object value(ColumnDefinition column, RandomGenerator random) {
    return switch (column.name()) {
      case "v" -> random.nextInt(4) == 0 ? null : "value " + random.nextInt(100);
      default -> random.ints(random.nextInt(3), 0, 9).asLongStream().boxed().toList();
    };
  }

  @Override
  List<Map<String, Object>> model(List<HistoryRow> rows) {
    return rows.stream().map(HistoryRow::values).toList();
  }
}
