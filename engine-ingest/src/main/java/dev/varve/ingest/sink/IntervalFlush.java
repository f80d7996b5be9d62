// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.log.PartitionLog;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Syncs a partition some time after it was written to, where its settings want that instead of a
/// sync before each answer. Safe for threads.
final class IntervalFlush {
  private final PartitionLog log;
  private final ThreadFactory threads;
  private final AtomicBoolean isDue = new AtomicBoolean();

  IntervalFlush(PartitionLog log, ThreadFactory threads) {
    this.log = log;
    this.threads = threads;
  }

  /// Tells of a batch that was written.
  void written() {
    long millis = log.settings().flushMillis();
    if (millis >= 0 && millis < Long.MAX_VALUE && isDue.compareAndSet(false, true)) {
      CompletableFuture.delayedExecutor(
              millis, TimeUnit.MILLISECONDS, work -> threads.newThread(work).start())
          .execute(this::flush);
    }
  }

  private void flush() {
    isDue.set(false);
    try {
      if (log.syncedOffset() < log.endOffset()) {
        log.sync();
      }
    } catch (IOException e) {
      log.fail(e.getMessage()); // and says so to whoever writes next
    }
  }
}
