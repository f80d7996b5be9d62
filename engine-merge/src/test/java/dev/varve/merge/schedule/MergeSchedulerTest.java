// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class MergeSchedulerTest {
  @Test
  void mergesOfOneSourceRunAtTheSameTimeWhereItAsksAgain() throws InterruptedException {
    CountDownLatch bothRun = new CountDownLatch(2);
    CountDownLatch bothDone = new CountDownLatch(2);
    AtomicInteger left = new AtomicInteger(2);
    AtomicInteger most = new AtomicInteger();
    AtomicReference<MergeScheduler> known = new AtomicReference<>();
    MergeSource source =
        new MergeSource() {
          @Override
          public Optional<MergeTask> nextMerge() {
            if (left.getAndDecrement() <= 0) {
              return Optional.empty();
            }
            known.get().poke(this);
            return Optional.of(() -> {
              bothRun.countDown();
              await(bothRun);
              most.accumulateAndGet(known.get().running(), Math::max);
              bothDone.countDown();
              await(bothDone);
            });
          }
        };
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        MergeScheduler scheduler = new MergeScheduler(2, timer)) {
      known.set(scheduler);
      scheduler.poke(source);
      bothDone.await();
    }
    assertThat(most).hasValue(2);
    assertThat(known.get().running()).isZero();
    assertThat(known.get().merges()).isEqualTo(2);
  }

  @Test
  void aFailureIsTriedAgainThoughAnotherThreadFoundNothingMeanwhile() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch triedAgain = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    AtomicReference<MergeScheduler> known = new AtomicReference<>();
    MergeSource source =
        new MergeSource() {
          @Override
          public Optional<MergeTask> nextMerge() {
            switch (calls.getAndIncrement()) {
              case 0 -> {
                known.get().poke(this);
                return Optional.of(() -> {
                  await(asked);
                  throw new IllegalStateException("failed");
                });
              }
              case 1 -> {
                asked.countDown();
                await(failed); // so that the merge fails between question and answer
              }
              default -> triedAgain.countDown();
            }
            return Optional.empty();
          }
        };
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        MergeScheduler scheduler = new MergeScheduler(2, timer)) {
      known.set(scheduler);
      scheduler.poke(source);
      while (scheduler.failure(source).isEmpty()) {
        Thread.onSpinWait();
      }
      failed.countDown();
      triedAgain.await();
    }
    assertThat(known.get().failedMerges()).isEqualTo(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException nobodyDoes) {
      throw new IllegalStateException(nobodyDoes);
    }
  }
}
