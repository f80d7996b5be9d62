// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.read.ExactReads;
import dev.varve.merge.read.Resolution;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Single behaviours that other systems got wrong, and what reading and merging may cost.
final class MergeAndReadTest {
  @TempDir Path directory;

  private final List<TestTable> tables = new ArrayList<>();
  private long seq;

  @AfterEach
  void close() {
    tables.forEach(TestTable::close);
  }

  private TestTable table(String engine, String... arguments) {
    List<ColumnDefinition> columns =
        List.of(
            ColumnDefinition.of("k", DataTypes.INT64),
            ColumnDefinition.of("sign", DataTypes.INT8),
            ColumnDefinition.of("version", DataTypes.UINT32),
            ColumnDefinition.of("gone", DataTypes.UINT8),
            ColumnDefinition.of("v", DataTypes.STRING));
    TableDefinition definition =
        new TableDefinition(
            new TableName("default", "t"),
            columns,
            engine,
            List.of(arguments),
            List.of("k"),
            List.of("k"),
            List.of("version"),
            Map.of(),
            "",
            "",
            1);
    TestTable table =
        new TestTable(definition, new RandomParts(new SplittableRandom(7), directory));
    tables.add(table);
    return table;
  }

  /// Rows such as `1 + 3 0 text`: key, sign, version, gone, value.
  private void insert(TestTable table, String partition, String... rows) {
    List<HistoryRow> block = new ArrayList<>();
    seq++;
    for (String row : rows) {
      String[] fields = row.split(" ");
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("k", Long.parseLong(fields[0]));
      values.put("sign", fields[1].equals("+") ? 1L : -1L);
      values.put("version", Long.parseLong(fields[2]));
      values.put("gone", Long.parseLong(fields[3]));
      values.put("v", fields[4]);
      block.add(new HistoryRow(values, seq, partition, block.size()));
    }
    table.insert(block);
  }

  private static List<String> values(TestTable table) {
    return table.answer().stream().map(row -> row.replaceAll(".* v=(.*) ", "$1")).toList();
  }

  @Test
  void aLoneMinusRowIsNotShown() {
    TestTable table = table("CollapsingMergeTree", "sign");
    insert(table, "a", "1 + 0 0 one", "5 - 0 0 cancelled");
    insert(table, "a", "9 - 0 0 lone");
    assertThat(values(table)).containsExactly("one");
    table.merge(List.copyOf(table.parts()));
    assertThat(values(table)).containsExactly("one");
  }

  @Test
  void aKeyStandsOnceAcrossPartitions() {
    TestTable table = table("ReplacingMergeTree");
    insert(table, "b", "1 + 0 0 old");
    insert(table, "a", "1 + 0 0 new");
    assertThat(values(table)).containsExactly("new");
  }

  @Test
  void aLateRowOfALowerVersionStaysBeatenAfterMerges() {
    TestTable table = table("ReplacingMergeTree", "version", "gone");
    insert(table, "a", "1 + 5 1 deleted");
    table.merge(List.copyOf(table.parts()));
    insert(table, "a", "1 + 4 0 late");
    assertThat(values(table)).isEmpty();
    table.merge(List.copyOf(table.parts()));
    insert(table, "a", "1 + 3 0 later");
    assertThat(values(table)).isEmpty();
  }

  @Test
  void cancelledRowsGoForGoodOnlyWhereNoOtherPartHoldsTheirKey() {
    TestTable table = table("CollapsingMergeTree", "sign");
    insert(table, "a", "1 + 0 0 one", "7 + 0 0 seven");
    insert(table, "a", "1 - 0 0 one");
    List<Part> both = List.copyOf(table.parts());
    insert(table, "a", "1 + 0 0 again");
    table.merge(both);
    assertThat(table.parts().getLast().info().rows()).isEqualTo(2);
    assertThat(values(table)).containsExactly("again", "seven");
    insert(table, "a", "1 - 0 0 again");
    table.merge(List.copyOf(table.parts()));
    assertThat(table.parts().getLast().info().rows()).isEqualTo(1);
    assertThat(values(table)).containsExactly("seven");
  }

  @Test
  void aMergeThatLeavesNothingMakesNoPart() {
    TestTable table = table("SummingMergeTree", "sign");
    insert(table, "a", "1 + 0 0 x");
    insert(table, "a", "1 - 0 0 y");
    table.merge(List.copyOf(table.parts()));
    assertThat(table.parts()).isEmpty();
  }

  @Test
  void disjointPartsAreNotRead() {
    TestTable table = table("ReplacingMergeTree");
    insert(table, "a", "1 + 0 0 one", "2 + 0 0 two");
    insert(table, "a", "3 + 0 0 three");
    insert(table, "b", "4 + 0 0 four");
    try (BufferAllocator none = new RootAllocator(0);
        Resolution resolution =
            new ExactReads(table.layout(), none).resolve(List.copyOf(closed(table.parts())))) {
      assertThat(resolution.parts()).hasSize(3).allMatch(p -> p.dead().total() == 0);
    }
  }

  @Test
  void whatIsKnownOfTwoPartsIsNotReadAgain() {
    TestTable table = table("ReplacingMergeTree", "version");
    insert(table, "a", "1 + 2 0 one", "2 + 0 0 two");
    insert(table, "a", "1 + 1 0 late", "3 + 0 0 three");
    List<ClosedPart> guarded = closed(table.parts());
    guarded.forEach(part -> part.open = true);
    try (BufferAllocator allocator = new RootAllocator()) {
      ExactReads reads = new ExactReads(table.layout(), allocator);
      reads.resolve(List.copyOf(guarded)).close();
      guarded.forEach(part -> part.open = false);
      try (Resolution again = reads.resolve(List.copyOf(guarded))) {
        assertThat(again.parts()).extracting(p -> p.dead().total()).containsExactly(0L, 1L);
      }
    }
  }

  private static List<ClosedPart> closed(List<Part> parts) {
    return parts.stream().map(ClosedPart::new).toList();
  }

  @Test
  void aStoppedMergeSaysSo() {
    TestTable table = table("MergeTree");
    insert(table, "a", "1 + 0 0 one");
    try (BufferAllocator allocator = new RootAllocator()) {
      PartMerger merger = new PartMerger(table.layout(), allocator);
      assertThatThrownBy(() -> merger.merge(table.parts(), List.of(), _ -> {}, (_, _) -> false))
          .isInstanceOf(VarveException.class)
          .extracting(e -> ((VarveException) e).code())
          .isEqualTo(ErrorCode.QUERY_WAS_CANCELLED);
    }
  }
}
