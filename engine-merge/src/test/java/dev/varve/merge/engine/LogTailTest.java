// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.FaultyDisk;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LogTailTest {
  private static final int ROWS = 4_000;
  private static final int RUNS = 8;

  private final BufferAllocator allocator = new RootAllocator();
  private final FaultyDisk disk = new FaultyDisk();
  private final CountDownLatch release = new CountDownLatch(1);
  private MergeEngine engine;
  private MergeTable table;

  @BeforeEach
  void open() {
    engine =
        MergeEngine.open(
            disk.root().resolve("data"),
            MergeSettings.defaults().withMergeThreads(0).withTail(1 << 20, 1L << 40),
            allocator);
    table = engine.create(TableRows.table("t", "k Int64", "MergeTree", "k", ""));
  }

  @AfterEach
  void close() {
    release.countDown();
    engine.close();
    allocator.close();
  }

  private void occupyAllWorkers() throws InterruptedException {
    int workers = Runtime.getRuntime().availableProcessors();
    CountDownLatch busy = new CountDownLatch(workers);
    for (int i = 0; i < workers; i++) {
      engine
          .context()
          .workers()
          .execute(() -> {
            busy.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    busy.await();
  }

  private void applyRunsToFold() {
    for (int run = 0; run < RUNS; run++) {
      int from = run * ROWS;
      TableRows.apply(
          table,
          allocator,
          from,
          IntStream.range(from, from + ROWS).mapToObj(Integer::toString).toArray(String[]::new));
    }
  }

  @Test
  @Timeout(60)
  void aFlushDoesNotWaitForAFoldThatNoWorkerHasBegun() throws InterruptedException {
    occupyAllWorkers();
    applyRunsToFold();
    table.flush();
    assertThat(table.parts()).singleElement().extracting(p -> p.info().rows()).isEqualTo(32_000L);
    release.countDown();
    TableRows.apply(table, allocator, RUNS * ROWS, "1");
    table.flush();
    assertThat(table.parts()).hasSize(2);
  }

  @Test
  @Timeout(60)
  void manyRunsBecomeOneBesideTheLog() {
    applyRunsToFold();
    while (table.parts().size() >= RUNS) {
      Thread.onSpinWait();
    }
    assertThat(table.parts()).singleElement().extracting(p -> p.info().rows()).isEqualTo(32_000L);
  }
}
