// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RequestMemoryTest {
  private static Thread waiting(FutureTask<?> task) {
    Thread thread = Thread.ofPlatform().start(task);
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void whoWantsMoreThanIsLeftWaitsForIt() throws Exception {
    RequestMemory memory = new RequestMemory(1 << 20);
    memory.take(600 << 10);
    FutureTask<Boolean> second =
        new FutureTask<>(() -> {
          memory.take(600 << 10);
          return true;
        });
    waiting(second);
    memory.giveBack(600 << 10);
    assertThat(second.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aRequestLargerThanAllOfItTakesAllOfItAndGivesItBack() throws Exception {
    RequestMemory memory = new RequestMemory(1 << 20);
    memory.take(100 << 20);
    FutureTask<Boolean> second =
        new FutureTask<>(() -> {
          memory.take(1 << 20);
          return true;
        });
    waiting(second);
    memory.giveBack(100 << 20);
    assertThat(second.get(60, TimeUnit.SECONDS)).isTrue();
  }
}
