// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ReadAheadTest {
  private final AtomicInteger runs = new AtomicInteger();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final ReadAhead ahead = new ReadAhead(Runnable::run, timer, runs::incrementAndGet);

  @Test
  void aTableThatNobodyReadsIsResolvedOnceMoreWhenItsChangesAreOver() throws Exception {
    for (int i = 0; i < 1000; i++) {
      ahead.changed();
    }
    while (runs.get() <= ReadAhead.RUNS_WITHOUT_READ) {
      Thread.onSpinWait();
    }
    timer.shutdown();
    assertThat(timer.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(runs).hasValue(ReadAhead.RUNS_WITHOUT_READ + 1);
  }

  @Test
  void aReadBringsBackWhatWasGivenUp() {
    timer.shutdownNow(); // no run comes of itself
    for (int i = 0; i < 1000; i++) {
      ahead.changed();
    }
    int before = runs.get();
    ahead.read();
    assertThat(runs).hasValue(before + 1);
    ahead.changed();
    assertThat(runs).hasValue(before + 2);
  }
}
