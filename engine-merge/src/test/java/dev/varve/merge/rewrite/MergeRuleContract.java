// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/// What every merge rule owes its table: whatever was inserted and however parts were merged since,
/// an exact read shows what the model makes of the rows, before, between and after merges. A rule
/// extends this class and brings its model, the plainest code that is surely right.
abstract class MergeRuleContract {
  /// Engine and arguments, such as `ReplacingMergeTree` with `version`.
  abstract String engine();

  abstract List<String> arguments();

  /// Columns beside the key's.
  abstract List<ColumnDefinition> values(RandomGenerator random);

  abstract Object value(ColumnDefinition column, RandomGenerator random);

  /// What is seen of rows that share a key.
  ///
  /// @param rows all rows of the key, in insert order
  abstract List<Map<String, Object>> model(List<HistoryRow> rows);

  static ColumnDefinition column(String name, String type) {
    return ColumnDefinition.of(name, DataTypes.parse(type));
  }

  @TempDir Path directory;

  @Randomized(times = 100)
  final void anyScheduleOfMergesShowsTheModelsAnswer(RandomGenerator random) {
    List<ColumnDefinition> key = keys().get(random.nextInt(keys().size()));
    TableDefinition definition = definition(key, random);
    List<HistoryRow> history = new ArrayList<>();
    try (TestTable table = new TestTable(definition, new RandomParts(random, directory))) {
      if (random.nextInt(4) == 0) {
        table.forgetMerges();
      }
      int steps = 3 + random.nextInt(25);
      for (int step = 0; step < steps; step++) {
        if (table.parts().isEmpty() || random.nextInt(10) < 6) {
          List<HistoryRow> block = block(definition, step + 1, random);
          history.addAll(block);
          table.insert(block);
        } else {
          table.merge(anyParts(table.parts(), random));
        }
        if (random.nextInt(3) == 0) {
          assertThat(table.answer()).as("after step %d", step).isEqualTo(expected(table, history));
          checkARange(table, random);
        }
      }
      assertThat(table.answer()).as("before the last merges").isEqualTo(expected(table, history));
      for (String partition :
          table.parts().stream().map(p -> p.info().partition()).distinct().toList()) {
        table.merge(
            table.parts().stream().filter(p -> p.info().partition().equals(partition)).toList());
        assertThat(table.answer())
            .as("after merging partition %s", partition)
            .isEqualTo(expected(table, history));
      }
    }
  }

  /// Whether keys of a range are resolved alone as among all others, deleted rows or not.
  private static void checkARange(TestTable table, RandomGenerator random) {
    KeyBounds range = table.anyRange(random);
    Map<Part, RoaringBitmap> deleted = new IdentityHashMap<>();
    assertThat(table.answer(range, deleted, false))
        .as("keys of %s", range)
        .isEqualTo(table.answer(range, deleted, true));
    for (Part part : table.parts()) {
      RoaringBitmap rows = new RoaringBitmap();
      for (int row = 0; row < part.info().rows(); row++) {
        if (random.nextInt(4) == 0) {
          rows.add(row);
        }
      }
      if (random.nextBoolean() && !rows.isEmpty()) {
        deleted.put(part, rows);
      }
    }
    assertThat(table.answer(range, deleted, false))
        .as("keys of %s, with deleted rows", range)
        .isEqualTo(table.answer(range, deleted, true));
  }

  @Randomized(times = 30)
  final void mergesOfPartsThatWereReadCompareNoKeyAgain(RandomGenerator random) {
    List<ColumnDefinition> key = keys().get(random.nextInt(keys().size()));
    TableDefinition definition = definition(key, random);
    List<HistoryRow> history = new ArrayList<>();
    try (TestTable table = new TestTable(definition, new RandomParts(random, directory))) {
      for (int step = 0; step < 10; step++) {
        List<HistoryRow> block = block(definition, step + 1, random);
        history.addAll(block);
        table.insert(block);
      }
      assertThat(table.answer()).isEqualTo(expected(table, history));
      long compared = table.comparedPairs();
      for (int step = 0; step < 8 && !table.parts().isEmpty(); step++) {
        table.merge(anyParts(table.parts(), random));
        assertThat(table.answer()).as("after merge %d", step).isEqualTo(expected(table, history));
      }
      assertThat(table.comparedPairs()).isEqualTo(compared);
    }
  }

  /// Keys that differ in how they compare: within eight bytes, beyond, with NULLs, by text whose
  /// first bytes are all the same.
  private static List<List<ColumnDefinition>> keys() {
    return List.of(
        List.of(column("k", "UInt32")),
        List.of(column("k", "Int64")),
        List.of(column("k", "String")),
        List.of(column("k", "Int64"), column("l", "UInt64")),
        List.of(column("k", "Nullable(Int16)"), column("l", "String")),
        List.of(column("k", "LowCardinality(String)"), column("l", "Date")),
        List.of());
  }

  private TableDefinition definition(List<ColumnDefinition> key, RandomGenerator random) {
    List<ColumnDefinition> columns = new ArrayList<>(key);
    columns.add(column("p", "Date"));
    columns.addAll(values(random));
    List<String> orderBy = new ArrayList<>(key.stream().map(ColumnDefinition::name).toList());
    boolean partitionInKey = random.nextInt(4) == 0;
    if (partitionInKey) {
      orderBy.add(random.nextInt(orderBy.size() + 1), "p");
    }
    return new TableDefinition(
        new TableName("default", "t"),
        columns,
        engine(),
        arguments(),
        orderBy,
        orderBy,
        random.nextBoolean() ? List.of("p") : List.of(),
        Map.of(),
        "",
        "",
        1);
  }

  private List<HistoryRow> block(TableDefinition definition, long seq, RandomGenerator random) {
    List<HistoryRow> block = new ArrayList<>();
    int rows = 1 + random.nextInt(random.nextInt(8) == 0 ? 60 : 8);
    for (int i = 0; i < rows; i++) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (ColumnDefinition column : definition.columns()) {
        Object value =
            switch (column.name()) {
              case "k", "l" -> keyValue(column.type(), random);
              case "p" -> LocalDate.ofEpochDay(random.nextInt(3));
              default -> value(column, random);
            };
        values.put(column.name(), value);
      }
      String partition = definition.partitionBy().isEmpty() ? "all" : values.get("p").toString();
      block.add(new HistoryRow(values, seq, partition, i));
    }
    return block;
  }

  private static Object keyValue(DataType type, RandomGenerator random) {
    if (type.isNullable() && random.nextInt(4) == 0) {
      return null;
    }
    return switch (type.unwrapped()) {
      case DataType.Text _ ->
          random.nextInt(6) == 0 ? "" : "customer-of-varve-" + random.nextInt(5);
      case DataType.Date _ -> LocalDate.ofEpochDay(random.nextInt(4));
      case DataType.Int(int _, boolean signed) ->
          signed ? (Object) (random.nextInt(7) - 3L) : (Object) (long) random.nextInt(7);
      default -> throw new IllegalStateException("no keys of type " + type);
    };
  }

  /// Any parts of one partition: neighbours or not, one or all.
  private static List<Part> anyParts(List<Part> parts, RandomGenerator random) {
    String partition = parts.get(random.nextInt(parts.size())).info().partition();
    List<Part> candidates =
        new ArrayList<>(
            parts.stream().filter(p -> p.info().partition().equals(partition)).toList());
    int count = 1 + random.nextInt(candidates.size());
    while (candidates.size() > count) {
      candidates.remove(random.nextInt(candidates.size()));
    }
    return candidates;
  }

  private List<String> expected(TestTable table, List<HistoryRow> history) {
    Map<List<Object>, List<HistoryRow>> byKey = new LinkedHashMap<>();
    List<HistoryRow> ordered = new ArrayList<>(history);
    ordered.sort(
        Comparator.comparingLong(HistoryRow::seq)
            .thenComparing(HistoryRow::partition)
            .thenComparingInt(HistoryRow::position));
    for (HistoryRow row : ordered) {
      List<Object> key = new ArrayList<>();
      table.layout().key().forEach(name -> key.add(row.get(name)));
      byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(row);
    }
    List<String> rows = new ArrayList<>();
    byKey.values().forEach(group -> model(group).forEach(row -> rows.add(table.text(row))));
    rows.sort(null);
    return rows;
  }
}
