// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class WatcherTest {
  private final Semaphore signals = new Semaphore(0);
  private final Semaphore begun = new Semaphore(0);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStepThatFailsIsToldAndTakenAgain(boolean known) throws InterruptedException {
    AtomicReference<RuntimeException> fault = new AtomicReference<>();
    fault.set(
        known
            ? new VarveException(ErrorCode.KEEPER_EXCEPTION, "no quorum")
            : new IllegalStateException("not foreseen"));
    Runnable step =
        () -> {
          begun.release();
          if (fault.get() != null) {
            throw fault.get();
          }
        };
    try (Watcher watcher = new Watcher("test", signals, 1, step)) {
      watcher.start();
      begun.acquire(2);
      assertThat(watcher.failure()).contains(known ? "no quorum" : "not foreseen");
      fault.set(null);
      begun.drainPermits();
      begun.acquire(3); // the first may have begun before
      assertThat(watcher.failure()).isEmpty();
    }
  }

  @Test
  void aSignalIsHeardBeforeThePauseIsOver() throws InterruptedException {
    try (Watcher watcher = new Watcher("test", signals, 3_600_000, begun::release)) {
      watcher.start();
      signals.release();
      begun.acquire();
    }
  }
}
