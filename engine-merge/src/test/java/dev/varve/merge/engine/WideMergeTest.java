// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.table.TableName;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;

/// A table with so many columns that a block of each does not fit into the memory of a merge.
final class WideMergeTest {
  private static final int COLUMNS = 80;
  private static final int PARTS = 3;
  private static final int ROWS = 4_000;
  private static final long MERGE_BYTES = 4 << 20;
  private static final TableName NAME = new TableName("default", "t");

  @TempDir Path data;

  @Randomized(times = 2)
  void columnsTakeTurnsWithinTheMemoryOfAMerge(RandomGenerator random) {
    Path narrow = data.resolve("narrow" + random.nextLong());
    Path ample = data.resolve("ample" + random.nextLong());
    List<String> expected = insert(List.of(narrow, ample), random);
    RewriteSettings rewrite = RewriteSettings.DEFAULT.withMemory(MERGE_BYTES);
    MergeSettings quiet = MergeSettings.defaults().withMergeThreads(0);
    assertThat(MergeMemory.of(quiet.withRewrite(rewrite), COLUMNS + 2, false).isWide()).isTrue();
    assertThat(MergeMemory.of(quiet, COLUMNS + 2, false).isWide()).isFalse();
    assertThat(peakOfMerge(narrow, quiet.withRewrite(rewrite), expected))
        .isLessThanOrEqualTo(MERGE_BYTES);
    // All columns at once take more, so that the bound above is one.
    assertThat(peakOfMerge(ample, quiet, expected)).isGreaterThan(MERGE_BYTES);
  }

  /// The same rows for each directory.
  private static List<String> insert(List<Path> directories, RandomGenerator random) {
    List<String[]> parts = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      String[] rows = new String[ROWS];
      for (int row = 0; row < ROWS; row++) {
        rows[row] =
            row * PARTS
                + part
                + " "
                + IntStream.range(0, COLUMNS)
                    .mapToObj(_ -> Long.toString(random.nextLong()))
                    .collect(Collectors.joining(" "));
        expected.add(rows[row]);
      }
      parts.add(rows);
    }
    String columns =
        IntStream.range(0, COLUMNS)
            .mapToObj(c -> "c" + c + " Int64")
            .collect(Collectors.joining(", "));
    for (Path directory : directories) {
      try (BufferAllocator allocator = new RootAllocator();
          MergeEngine engine =
              MergeEngine.open(
                  directory, MergeSettings.defaults().withMergeThreads(0), allocator)) {
        MergeTable table =
            engine.create(TableRows.table("t", "k Int64, " + columns, "MergeTree", "k", ""));
        parts.forEach(rows -> TableRows.insert(table, allocator, rows));
      }
    }
    expected.sort(null);
    return expected;
  }

  private static long peakOfMerge(Path directory, MergeSettings settings, List<String> expected) {
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine engine = MergeEngine.open(directory, settings, allocator)) {
      MergeTable table = engine.table(NAME).orElseThrow();
      table.optimize(Optional.empty(), true);
      long peak = allocator.getPeakMemoryAllocation();
      assertThat(table.parts()).hasSize(1);
      assertThat(TableRows.rows(table, allocator)).isEqualTo(expected);
      return peak;
    }
  }
}
