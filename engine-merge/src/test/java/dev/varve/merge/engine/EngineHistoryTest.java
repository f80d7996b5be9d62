// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Random histories of inserts, log records, flushes, merges, restarts and power cuts: a Replacing
/// table shows, of each key, the row that was acknowledged last.
class EngineHistoryTest {
  private static final MergeSettings SETTINGS =
      new MergeSettings(0, 1L << 40, 4, 2, 1 << 20, 1L << 40, 300, 3000);

  private final FaultyDisk disk = new FaultyDisk();
  private final Path data = disk.root().resolve("data");
  private final Map<Long, String> model = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private BufferAllocator allocator;
  private MergeEngine engine;

  private MergeTable table() {
    return engine.table(new TableName("default", "t")).orElseThrow();
  }

  private void open() {
    allocator = new RootAllocator();
    engine = MergeEngine.open(data, SETTINGS, allocator);
  }

  private void close() {
    try {
      engine.close();
    } catch (VarveException diskIsGone) {
      assertThat(diskIsGone).hasMessageContaining("data");
    }
    allocator.close(); // whatever happened, no memory is left behind
  }

  @Randomized(times = 25)
  void theLastAcknowledgedRowOfAKeyCountsWhateverHappens(RandomGenerator random) {
    open();
    engine.create(
        TableRows.table(
            "t",
            "k Int64, v Int64, p Int64",
            "ReplacingMergeTree",
            "k",
            random.nextBoolean() ? "p" : ""));
    for (int step = 0; step < 40; step++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> insert(random, step);
        case 3, 4, 5 -> produce(random, step);
        case 6 -> table().flush();
        case 7 -> table().optimize(Optional.empty(), random.nextBoolean());
        case 8 -> restart(() -> disk.powerCut(random));
        default -> restart(random.nextBoolean() ? disk::killProcess : () -> {});
      }
      assertThat(TableRows.rows(table(), allocator))
          .as("after step " + step)
          .isEqualTo(model.values().stream().sorted().toList());
    }
    close();
  }

  private String[] rows(RandomGenerator random, int step) {
    String[] rows = new String[1 + random.nextInt(5)];
    for (int i = 0; i < rows.length; i++) {
      long key = random.nextInt(12);
      rows[i] = key + " " + (step * 10 + i) + " " + random.nextInt(2);
      model.put(key, rows[i]);
    }
    return rows;
  }

  private void insert(RandomGenerator random, int step) {
    TableRows.insert(table(), allocator, random.nextBoolean(), rows(random, step));
  }

  private void produce(RandomGenerator random, int step) {
    String[] rows = rows(random, step);
    TableRows.apply(table(), allocator, log.size(), rows);
    log.addAll(List.of(rows));
  }

  /// The log keeps its records; they are replayed from where the table says, or from before.
  private void restart(Runnable accident) {
    accident.run();
    close();
    open();
    long durable = table().durableOffsets().getOrDefault(0, 0L);
    int from = (int) Math.max(0, durable - 2);
    if (from < log.size()) {
      String[] rest = log.subList(from, log.size()).toArray(String[]::new);
      TableRows.apply(table(), allocator, from, rest);
    }
  }
}
