// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.schedule.MergeTask;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several background merges of one table under way.
final class BackgroundMergesTest {
  private static final MergeSettings SETTINGS = MergeSettings.defaults().withMergeThreads(0);

  @TempDir Path data;

  @Randomized(times = 20)
  void mergesThatWereChosenTogetherEndInAnyOrder(RandomGenerator random) {
    Map<Integer, Integer> model = new HashMap<>();
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine engine =
            MergeEngine.open(data.resolve("" + random.nextLong()), SETTINGS, allocator)) {
      MergeTable table =
          engine.create(TableRows.table("t", "k Int64, v Int64", "ReplacingMergeTree", "k", ""));
      int parts = 33 + random.nextInt(15);
      for (int part = 0; part < parts; part++) {
        String[] rows = new String[20];
        for (int i = 0; i < rows.length; i++) {
          int key = random.nextInt(200);
          model.put(key, part * 100 + i);
          rows[i] = key + " " + (part * 100 + i);
        }
        TableRows.insert(table, allocator, rows);
      }
      List<MergeTask> chosen = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Optional<MergeTask> task = table.merges().nextMerge();
        assertThat(task).isPresent();
        chosen.add(task.get());
      }
      (random.nextBoolean() ? chosen : chosen.reversed()).forEach(MergeTask::run);
      assertThat(table.parts()).hasSize(parts - 2 * SETTINGS.maxMergeFanIn() + 2);
      List<String> expected = new ArrayList<>();
      model.forEach((key, value) -> expected.add(key + " " + value));
      assertThat(TableRows.rows(table, allocator)).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Randomized(times = 20)
  void mergesBesideEachOtherLeaveTheAnswer(RandomGenerator random) throws Exception {
    Map<Integer, Integer> model = new HashMap<>();
    boolean sums = random.nextBoolean();
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine engine =
            MergeEngine.open(data.resolve("" + random.nextLong()), SETTINGS, allocator);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      MergeTable table =
          engine.create(
              TableRows.table(
                  "t",
                  "k Int64, v Int64",
                  sums ? "SummingMergeTree" : "ReplacingMergeTree",
                  "k",
                  ""));
      for (int part = 0; part < 40; part++) {
        String[] rows = new String[50];
        for (int i = 0; i < rows.length; i++) {
          int key = random.nextInt(500);
          int value = 1 + random.nextInt(1000);
          model.merge(key, value, sums ? Integer::sum : (_, later) -> later);
          rows[i] = key + " " + value;
        }
        TableRows.insert(table, allocator, rows);
      }
      List<String> expected = new ArrayList<>();
      model.forEach((key, value) -> expected.add(key + " " + value));
      expected.sort(null);
      for (int round = 0; round < 3; round++) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          table.merges().nextMerge().ifPresent(task -> running.add(threads.submit(task::run)));
        }
        do {
          assertThat(TableRows.rows(table, allocator)).isEqualTo(expected);
        } while (!running.stream().allMatch(Future::isDone));
        for (Future<?> merge : running) {
          merge.get();
        }
      }
      assertThat(table.parts().size()).isLessThanOrEqualTo(10);
      assertThat(TableRows.rows(table, allocator)).isEqualTo(expected);
    }
  }

  @Test
  void noMergeBeginsWhileSomebodyHoldsThem() {
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine engine = MergeEngine.open(data, SETTINGS, allocator)) {
      MergeTable table =
          engine.create(TableRows.table("t", "k Int64, v Int64", "MergeTree", "k", ""));
      for (int part = 0; part < 20; part++) {
        TableRows.insert(table, allocator, part + " 1");
      }
      try (TableMerges.Hold _ = table.merges().hold()) {
        try (TableMerges.Hold _ = table.merges().hold()) {
          assertThat(table.merges().nextMerge()).isEmpty();
        }
        assertThat(table.merges().nextMerge()).isEmpty();
      }
      Optional<MergeTask> task = table.merges().nextMerge();
      assertThat(task).isPresent();
      task.get().run();
      assertThat(table.parts()).hasSize(20 - SETTINGS.maxMergeFanIn() + 1);
    }
  }

  @Test
  void whatTakesAllPartsEndsBesideMergesOnManyThreads() {
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine engine =
            MergeEngine.open(data, MergeSettings.defaults().withMergeThreads(8), allocator)) {
      MergeTable table =
          engine.create(TableRows.table("t", "k Int64, v Int64", "MergeTree", "k", ""));
      for (int part = 0; part < 150; part++) {
        TableRows.insert(table, allocator, part + " 1");
        if (part % 10 == 0) {
          assertThat(table.dropParts(info -> info.rows() == 0)).isFalse();
        }
      }
      assertThat(TableRows.rows(table, allocator)).hasSize(150);
    }
  }
}
