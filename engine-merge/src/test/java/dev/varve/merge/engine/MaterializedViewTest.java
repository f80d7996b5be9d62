// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Views whose query is `SELECT k, v + 1 AS v FROM source WHERE v >= 0`, written in Java.
class MaterializedViewTest {
  private static final MergeSettings QUIET =
      MergeSettings.defaults().withMergeThreads(0).withTail(1 << 20, 1L << 40);

  private final BufferAllocator allocator = new RootAllocator();
  private final FaultyDisk disk = new FaultyDisk();
  private MergeEngine engine;

  @BeforeEach
  void open() {
    Path data = disk.root().resolve("data");
    engine = MergeEngine.open(data, QUIET, allocator);
    engine.plug(new PlusOne(allocator));
  }

  @AfterEach
  void close() {
    engine.close();
    allocator.close();
  }

  /// A query is the name of its source; a value of 99 is an error in it.
  private record PlusOne(BufferAllocator allocator) implements ViewCompiler {
    @Override
    public TableName source(TableDefinition view) {
      return new TableName("default", view.query());
    }

    @Override
    public void transform(Block block, MergeTable target, Consumer<Batch> sink) {
      try (Scratch scratch = new Scratch(allocator)) {
        for (Batch rows : block.rows()) {
          VectorBuilder keys = new VectorBuilder(DataTypes.INT64, scratch);
          VectorBuilder values = new VectorBuilder(DataTypes.INT64, scratch);
          int count = 0;
          for (int row = 0; row < rows.rows(); row++) {
            long value = rows.column(1).values().get(Vector.I64, row * 8L);
            if (value == 99) {
              throw new VarveException(ErrorCode.BAD_ARGUMENTS, "99 is too much");
            }
            if (value >= 0) {
              keys.appendLong(rows.column(0).values().get(Vector.I64, row * 8L));
              values.appendLong(value + 1);
              count++;
            }
          }
          if (count > 0) {
            sink.accept(new Batch(count, List.of(keys.build(), values.build())));
          }
        }
      }
    }
  }

  private static TableDefinition definition(String name) {
    return TableRows.table(name, "k Int64, v Int64", "MergeTree", "k, v", "");
  }

  private void view(String name, String source, String target) {
    TableDefinition view =
        new TableDefinition(
                new TableName("default", name),
                definition(name).columns(),
                "MaterializedView",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                java.util.Map.of(),
                source,
                "",
                0)
            .change()
            .target(Optional.of(new TableName("default", target)))
            .done();
    engine.createMaterializedView(view, Optional.empty(), () -> {});
  }

  private void chain() {
    engine.create(definition("a"));
    engine.create(definition("b"));
    engine.create(definition("c"));
    view("ab", "a", "b");
    view("bc", "b", "c");
  }

  private MergeTable table(String name) {
    return engine.table(new TableName("default", name)).orElseThrow();
  }

  private List<String> rows(String name) {
    return TableRows.rows(table(name), allocator);
  }

  /// The process dies: what is in memory is gone, what is on disk stays.
  private void crash() {
    disk.killProcess();
    try {
      engine.close();
    } catch (VarveException unwritten) {
      assertThat(unwritten.code()).isEqualTo(ErrorCode.IO_ERROR);
    }
    open();
  }

  @Test
  void anInsertReachesAllTablesOfAChainInOneCommit() {
    chain();
    TableRows.insert(table("a"), allocator, "1 10", "2 -1", "3 30");
    assertThat(rows("a")).containsExactly("1 10", "2 -1", "3 30");
    assertThat(rows("b")).containsExactly("1 11", "3 31");
    assertThat(rows("c")).containsExactly("1 12", "3 32");
    crash();
    assertThat(rows("c")).containsExactly("1 12", "3 32");
  }

  @Test
  void anErrorInAViewLeavesNoRowAnywhere() {
    chain();
    assertThatThrownBy(() -> TableRows.insert(table("a"), allocator, "1 10", "2 98"))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("default.bc");
    assertThat(rows("a")).isEmpty();
    assertThat(rows("b")).isEmpty();
    assertThat(rows("c")).isEmpty();
  }

  @Test
  void rowsOfTheLogThatAViewRefusesWaitUntilItIsGone() {
    chain();
    assertThatThrownBy(() -> TableRows.apply(table("a"), allocator, 0, "2 98"))
        .hasMessageContaining("default.bc");
    assertThat(rows("a")).isEmpty();
    assertThat(rows("b")).isEmpty();
    engine.drop(new TableName("default", "bc"));
    TableRows.apply(table("a"), allocator, 0, "2 98");
    assertThat(rows("a")).containsExactly("2 98");
    assertThat(rows("b")).containsExactly("2 99");
  }

  @Test
  void rowsThatCameBeforeAViewDoNotReachItByReplay() {
    engine.create(definition("a"));
    engine.create(definition("b"));
    TableRows.apply(table("a"), allocator, 0, "1 1");
    view("ab", "a", "b");
    TableRows.apply(table("a"), allocator, 1, "2 2");
    crash();
    replay(List.of("1 1", "2 2"));
    assertThat(rows("a")).containsExactly("1 1", "2 2");
    assertThat(rows("b")).containsExactly("2 3");
  }

  @Test
  void whatADroppedViewMadeStays() {
    chain();
    TableRows.apply(table("a"), allocator, 0, "1 1");
    engine.drop(new TableName("default", "ab"));
    crash();
    replay(List.of("1 1"));
    assertThat(rows("a")).containsExactly("1 1");
    assertThat(rows("b")).containsExactly("1 2");
    assertThat(rows("c")).containsExactly("1 3");
  }

  @Test
  void rowsThatComeWhileAViewIsDetachedNeverReachIt() {
    chain();
    TableName ab = new TableName("default", "ab");
    TableRows.apply(table("a"), allocator, 0, "1 1");
    engine.detach(ab);
    TableRows.apply(table("a"), allocator, 1, "2 2");
    engine.attach(ab);
    TableRows.apply(table("a"), allocator, 2, "3 3");
    crash();
    replay(List.of("1 1", "2 2", "3 3"));
    assertThat(rows("a")).containsExactly("1 1", "2 2", "3 3");
    assertThat(rows("b")).containsExactly("1 2", "3 4");
    assertThat(rows("c")).containsExactly("1 3", "3 5");
  }

  private void replay(List<String> log) {
    long from = table("a").durableOffsets().getOrDefault(0, 0L);
    if (from < log.size()) {
      TableRows.apply(
          table("a"), allocator, from, log.subList((int) from, log.size()).toArray(String[]::new));
    }
  }

  @Randomized(times = 40)
  void aReplayMakesTheRowsOfViewsExactlyOnce(RandomGenerator random) {
    chain();
    List<String> log = new ArrayList<>();
    List<String> inserted = new ArrayList<>();
    for (int step = 0; step < 25; step++) {
      switch (random.nextInt(8)) {
        case 0 -> table(List.of("a", "b", "c").get(random.nextInt(3))).flush();
        case 1 -> {
          crash();
          replay(log);
        }
        case 2 -> {
          inserted.add("7" + step + " 5");
          TableRows.insert(table("b"), allocator, inserted.getLast());
        }
        default -> {
          String row = step + " " + random.nextInt(-2, 50);
          TableRows.apply(table("a"), allocator, log.size(), row);
          log.add(row);
        }
      }
      assertRows(log, inserted);
    }
    crash();
    replay(log);
    assertRows(log, inserted);
  }

  private void assertRows(List<String> log, List<String> inserted) {
    List<String> second = new ArrayList<>(plusOne(log));
    second.addAll(inserted);
    assertThat(rows("a")).containsExactlyInAnyOrderElementsOf(log);
    assertThat(rows("b")).containsExactlyInAnyOrderElementsOf(second);
    assertThat(rows("c")).containsExactlyInAnyOrderElementsOf(plusOne(second));
  }

  private static List<String> plusOne(List<String> rows) {
    return rows.stream()
        .map(row -> row.split(" "))
        .filter(row -> Long.parseLong(row[1]) >= 0)
        .map(row -> row[0] + " " + (Long.parseLong(row[1]) + 1))
        .toList();
  }
}
