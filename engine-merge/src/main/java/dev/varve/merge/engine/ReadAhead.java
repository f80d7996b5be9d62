// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.VarveException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.OutOfMemoryException;

/// Finds the rows that count in the background whenever the parts of a table have changed, so that
/// the next query finds them found. One run at a time; changes that come meanwhile share the next
/// run. Safe for threads.
///
/// A table that nobody reads is not resolved at each change for ever: after some runs it waits for
/// a read, or until no change has come for a while, as when a load is over.
final class ReadAhead {
  static final int RUNS_WITHOUT_READ = 16;
  private static final long QUIET_MILLIS = 100;

  private final Executor workers;
  private final ScheduledExecutorService timer;
  private final Runnable resolve;
  private final AtomicBoolean pending = new AtomicBoolean();
  private final AtomicBoolean waiting = new AtomicBoolean();
  private final AtomicInteger runsWithoutRead = new AtomicInteger();
  private final AtomicLong changes = new AtomicLong();

  /// @param timer tells when nothing has changed for a while
  /// @param resolve finds the rows of the parts as of now
  ReadAhead(Executor workers, ScheduledExecutorService timer, Runnable resolve) {
    this.workers = workers;
    this.timer = timer;
    this.resolve = resolve;
  }

  /// Somebody reads the table. What that read finds out is kept too, where nobody was to find it
  /// any more.
  void read() {
    if (runsWithoutRead.getAndSet(0) >= RUNS_WITHOUT_READ) {
      start();
    }
  }

  /// The parts have changed.
  void changed() {
    changes.incrementAndGet();
    if (runsWithoutRead.get() < RUNS_WITHOUT_READ) {
      start();
    } else if (waiting.compareAndSet(false, true)) {
      waitForQuiet();
    }
  }

  private void waitForQuiet() {
    long before = changes.get();
    try {
      timer.schedule(() -> startIfQuiet(before), QUIET_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      waiting.set(false); // nobody will read any more
    }
  }

  private void startIfQuiet(long before) {
    if (changes.get() != before) {
      waitForQuiet();
      return;
    }
    waiting.set(false);
    start();
  }

  private void start() {
    if (!pending.compareAndSet(false, true)) {
      return;
    }
    try {
      workers.execute(this::run);
    } catch (RejectedExecutionException closing) {
      pending.set(false); // the engine closes: nobody will read any more
    }
  }

  private void run() {
    pending.set(false);
    runsWithoutRead.incrementAndGet();
    try {
      resolve.run();
    } catch (VarveException | OutOfMemoryException failed) {
      // Not lost: the query that wants these rows meets it again and reports it.
      runsWithoutRead.set(RUNS_WITHOUT_READ);
    }
  }
}
