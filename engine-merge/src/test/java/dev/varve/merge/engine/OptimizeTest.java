// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What OPTIMIZE does beside merging: copies blocks, drops duplicates and old tombstones, keeps to
/// its memory.
final class OptimizeTest {
  private static final MergeSettings SETTINGS = MergeSettings.defaults().withMergeThreads(0);

  @TempDir Path data;

  private final BufferAllocator allocator = new RootAllocator();
  private MergeEngine engine;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
    allocator.close();
  }

  private MergeTable create(MergeSettings settings, TableDefinition definition) {
    engine = MergeEngine.open(data, settings, allocator);
    return engine.create(definition);
  }

  private static TableDefinition plain() {
    return TableRows.table("t", "k Int64, v Int64", "MergeTree", "k", "");
  }

  private static TableDefinition with(TableDefinition of, Map<String, String> settings) {
    return new TableDefinition(
        new TableName("default", "t"),
        of.columns(),
        of.engine(),
        of.engineArguments(),
        of.orderBy(),
        of.primaryKey(),
        of.partitionBy(),
        settings,
        "",
        "",
        1);
  }

  private void insert(MergeTable table, String... rows) {
    TableRows.insert(table, allocator, rows);
  }

  private static String[] sequence(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> i + " " + i * 7L % 1000)
        .toArray(String[]::new);
  }

  @Test
  void rowsThatCameInOrderAreCopiedBlockByBlock() {
    MergeTable table = create(SETTINGS, plain());
    int rows = 140_000;
    insert(table, sequence(0, rows));
    insert(table, sequence(rows, rows));
    List<Integer> granules = table.parts().stream().map(Part::granules).toList();
    long stored = table.parts().stream().mapToLong(part -> part.columnBytes("v").stored()).sum();
    table.optimize(Optional.empty(), true);
    Part merged = table.parts().getFirst();
    assertThat(table.parts()).hasSize(1);
    assertThat(merged.info().rows()).isEqualTo(2L * rows);
    // Copied granules stay as they are, short ones at the seams included.
    assertThat(merged.granules()).isEqualTo(granules.stream().mapToInt(Integer::intValue).sum());
    assertThat(merged.columnBytes("v").stored()).isEqualTo(stored);
    assertThat(PartVerifier.verify(((DiskPart) merged).directory())).isEmpty();
    assertThat(TableRows.rows(table, allocator)).hasSize(2 * rows);
  }

  @Test
  void shortGranulesArePackedAnew() {
    MergeTable table = create(SETTINGS, plain());
    for (int i = 0; i < 20; i++) {
      insert(table, sequence(i * 1000, 1000));
    }
    table.optimize(Optional.empty(), true);
    assertThat(table.parts()).singleElement().extracting(Part::granules).isEqualTo(3);
  }

  @Test
  void duplicatesBecomeTheFirstOfThem() {
    MergeTable table = create(SETTINGS, plain());
    insert(table, "1 10", "1 10", "1 11", "2 20");
    insert(table, "1 11", "1 10", "3 30");
    OptimizeRequest all =
        new OptimizeRequest(Optional.empty(), true, false, Optional.of(List.of("k", "v")));
    table.optimize(all);
    assertThat(TableRows.rows(table, allocator)).containsExactly("1 10", "1 11", "2 20", "3 30");
    table.optimize(new OptimizeRequest(Optional.empty(), true, false, Optional.of(List.of("k"))));
    assertThat(TableRows.rows(table, allocator)).containsExactly("1 10", "2 20", "3 30");
  }

  @Test
  void manyDuplicatesInOnePartBecomeOne() {
    MergeTable table = create(SETTINGS, plain());
    insert(table, Collections.nCopies(20, "1 10").toArray(String[]::new));
    table.optimize(
        new OptimizeRequest(Optional.empty(), true, false, Optional.of(List.of("k", "v"))));
    assertThat(TableRows.rows(table, allocator)).containsExactly("1 10");
  }

  @Test
  void aCancelledRowGoesUnlessAnotherPartHoldsItsKeyAndNotJustItsRange() {
    MergeTable table =
        create(
            SETTINGS,
            TableRows.table(
                "t", "k Int64, sign Int8, p Int64", "CollapsingMergeTree(sign)", "k", "p"));
    insert(table, "1 1 1", "100 1 1", "200 1 1");
    insert(table, "50 1 2", "100 1 2");
    insert(table, "50 -1 2", "100 -1 2");
    List<String> before = TableRows.rows(table, allocator);
    table.optimize(Optional.of("2"), true);
    assertThat(TableRows.rows(table, allocator)).isEqualTo(before);
    assertThat(table.parts())
        .filteredOn(part -> part.info().partition().equals("2"))
        .singleElement()
        .extracting(part -> part.info().rows())
        .isEqualTo(1L);
  }

  private static TableDefinition versioned() {
    return TableRows.table(
        "t", "k Int64, version UInt64, gone UInt8", "ReplacingMergeTree(version, gone)", "k", "");
  }

  @Test
  void tombstonesBeatLateRowsUntilTheirGraceIsOver() {
    MergeTable table = create(SETTINGS, versioned());
    insert(table, "1 5 1", "2 5 0");
    table.optimize(Optional.empty(), true);
    insert(table, "1 4 0");
    table.optimize(Optional.empty(), true);
    assertThat(TableRows.rows(table, allocator)).containsExactly("2 5 0");
    assertThat(table.parts().getFirst().info().rows()).isEqualTo(2);
  }

  @Test
  void tombstonesGoOnceTheirGraceIsOver() {
    MergeTable table = create(SETTINGS, with(versioned(), Map.of("tombstone_grace_seconds", "0")));
    insert(table, "1 5 1", "2 5 0");
    table.optimize(Optional.empty(), true);
    assertThat(table.parts().getFirst().info().rows()).isEqualTo(1);
  }

  @Test
  void cleanupDropsTombstonesAtOnce() {
    MergeTable table = create(SETTINGS, versioned());
    insert(table, "1 5 1", "2 5 0");
    table.optimize(Optional.empty(), true);
    assertThat(table.parts().getFirst().info().rows()).isEqualTo(2);
    table.optimize(new OptimizeRequest(Optional.empty(), true, true, Optional.empty()));
    assertThat(table.parts().getFirst().info().rows()).isEqualTo(1);
  }

  @Test
  void aTableHasItsOwnLimitsOfParts() {
    MergeTable table =
        create(
            SETTINGS,
            with(plain(), Map.of("parts_to_delay_insert", "2", "parts_to_throw_insert", "3")));
    for (int i = 0; i < 3; i++) {
      insert(table, i + " 0");
    }
    assertThat(table.delayCause()).contains("3 active parts", "refused from 3");
    assertThatThrownBy(() -> insert(table, "9 9"))
        .isInstanceOfSatisfying(
            VarveException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.TOO_MANY_PARTS));
  }

  @Test
  void aSettingThatIsNoNumberIsRefused() {
    assertThatThrownBy(
            () -> create(SETTINGS, with(plain(), Map.of("parts_to_delay_insert", "many"))))
        .hasMessageContaining("parts_to_delay_insert")
        .hasMessageContaining("many");
  }

  @Test
  void aMergeBeyondItsMemoryLeavesThePartsAsTheyWere() {
    MergeSettings tight = SETTINGS.withRewrite(RewriteSettings.DEFAULT.withMemory(1 << 20));
    MergeTable table = create(tight, plain());
    insert(table, sequence(0, 20_000));
    insert(table, sequence(5, 20_000));
    assertThatThrownBy(() -> table.optimize(Optional.empty(), true))
        .isInstanceOfSatisfying(
            VarveException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED));
    assertThat(table.parts()).hasSize(2);
    assertThat(TableRows.rows(table, allocator)).hasSize(40_000);
  }

  @Test
  void partsThatDoNotFitIntoMemoryAtOnceAreMergedInRounds() {
    MergeSettings few = SETTINGS.withRewrite(RewriteSettings.DEFAULT.withMemory(32 << 20));
    MergeTable table = create(few, plain());
    for (int i = 0; i < 11; i++) {
      insert(table, i + " 1", i + 100 + " 2");
    }
    table.optimize(Optional.empty(), true);
    assertThat(table.parts()).hasSize(1);
    assertThat(table.parts().getFirst().info().level()).isGreaterThan(1);
    assertThat(TableRows.rows(table, allocator)).hasSize(22);
  }

  @Test
  void largeMergesCompressHarder() {
    RewriteSettings hard = RewriteSettings.DEFAULT.withRecompression(1, 3);
    MergeTable table = create(SETTINGS.withRewrite(hard), texts());
    String[] rows =
        IntStream.range(0, 20_000)
            .mapToObj(i -> i + " the-same-beginning-" + i * 37 % 9973)
            .toArray(String[]::new);
    insert(table, rows);
    insert(table, "-1 first");
    long light = table.parts().stream().mapToLong(p -> p.columnBytes("v").stored()).sum();
    table.optimize(Optional.empty(), true);
    assertThat(table.parts().getFirst().columnBytes("v").stored()).isLessThan(light);
  }

  @Test
  void whoAsksForAMergeHasTextCompressedHarderSoonerThanNumbersAndOnce() {
    RewriteSettings hard = RewriteSettings.DEFAULT.withRecompression(1 << 18, 3);
    MergeTable table = create(SETTINGS.withRewrite(hard), texts());
    String[] rows =
        IntStream.range(0, 20_000)
            .mapToObj(i -> i + " the-same-beginning-" + i * 37 % 9973)
            .toArray(String[]::new);
    insert(table, rows);
    Part before = table.parts().getFirst();
    table.optimize(Optional.empty(), true);
    Part after = table.parts().getFirst();
    assertThat(after.columnBytes("v").stored()).isLessThan(before.columnBytes("v").stored());
    assertThat(after.columnBytes("k").stored()).isEqualTo(before.columnBytes("k").stored());
    table.optimize(Optional.empty(), true);
    assertThat(table.parts().getFirst()).isSameAs(after);
  }

  private static TableDefinition texts() {
    return TableRows.table("t", "k Int64, v String", "MergeTree", "k", "");
  }
}
