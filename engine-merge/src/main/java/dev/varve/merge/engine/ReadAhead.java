// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.VarveException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.OutOfMemoryException;

/// Finds the rows that count in the background whenever the parts of a table have changed, so that
/// the next query finds them found. One run at a time; changes that come meanwhile share the next
/// run. Safe for threads.
///
/// A table that nobody reads is not resolved for ever: after some runs it waits for a read.
final class ReadAhead {
  private static final int RUNS_WITHOUT_READ = 16;

  private final Executor workers;
  private final Runnable resolve;
  private final AtomicBoolean pending = new AtomicBoolean();
  private final AtomicInteger runsWithoutRead = new AtomicInteger();

  /// @param resolve finds the rows of the parts as of now
  ReadAhead(Executor workers, Runnable resolve) {
    this.workers = workers;
    this.resolve = resolve;
  }

  /// Somebody reads the table. What that read finds out is kept too, where nobody was to find it
  /// any more.
  void read() {
    if (runsWithoutRead.getAndSet(0) >= RUNS_WITHOUT_READ) {
      changed();
    }
  }

  /// The parts have changed.
  void changed() {
    if (runsWithoutRead.get() >= RUNS_WITHOUT_READ || !pending.compareAndSet(false, true)) {
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
