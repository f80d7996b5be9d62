// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.execute;

import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.ParallelSource;
import dev.varve.sql.operator.QueryContext;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.OutOfMemoryException;

/// The rows of a running plan, for one consumer. The consumer's thread is a worker too: it pulls
/// its own share whenever no helper has a batch ready.
///
/// Helpers never wait: one that finds the queue full leaves its thread to others and is sent again
/// when there is room, so a slow consumer holds memory but no thread. After some batches a helper
/// goes to the end of the pool's line, so that queries that run at once take turns.
public final class QueryRun implements BatchSource {
  private static final int QUEUE = 4;
  private static final int TURN = 2;

  private final QueryContext context;
  private final ParallelSource source;
  private final BatchSource own;
  private final Object lock = new Object();
  private final Deque<Ready> queue = new ArrayDeque<>();
  private final List<Helper> helpers = new ArrayList<>();
  private RuntimeException failure;
  private Ready taken;
  private boolean ownEnded;
  private boolean closed;

  /// A batch copied out of its share, with the memory it lies in.
  private record Ready(Batch batch, Scratch memory) {}

  private QueryRun(ParallelSource source, QueryContext context) {
    this.source = source;
    this.context = context;
    this.own = source.worker(0);
    for (int i = 1; i < source.parallelism(); i++) {
      helpers.add(new Helper(source.worker(i)));
    }
    helpers.forEach(context.workers()::execute);
  }

  /// Starts a plan. Closing the run closes the context; the context's allocator stays the caller's.
  public static QueryRun start(Operator plan, QueryContext context) {
    try {
      return new QueryRun(context.open(plan), context);
    } catch (OutOfMemoryException e) {
      context.close();
      throw context.memoryLimit("the result");
    } catch (RuntimeException e) {
      context.close();
      throw context.causeOf(e);
    } catch (Error e) {
      context.close();
      throw e;
    }
  }

  @Override
  public Batch next() {
    try {
      context.check();
      return take();
    } catch (OutOfMemoryException e) {
      throw firstOf(context.memoryLimit("the result"));
    } catch (RuntimeException e) {
      throw firstOf(e);
    }
  }

  /// The failure that came first: those after it are threads that were told to stop.
  private RuntimeException firstOf(RuntimeException mine) {
    context.fail(mine);
    RuntimeException first = context.causeOf(mine);
    return first instanceof OutOfMemoryException ? context.memoryLimit("the result") : first;
  }

  private Batch take() {
    release();
    while (true) {
      synchronized (lock) {
        if (failure != null) {
          throw failure;
        }
        taken = queue.poll();
        if (taken != null) {
          helpers.forEach(Helper::resume);
          return taken.batch();
        }
        if (ownEnded) {
          if (helpers.stream().allMatch(helper -> helper.ended)) {
            return null;
          }
          await();
          continue;
        }
      }
      Batch batch = own.next();
      if (batch != null) {
        return batch;
      }
      ownEnded = true;
    }
  }

  private void await() {
    // A helper that the pool has not started yet may never be: then its share is this thread's.
    for (Helper helper : helpers) {
      if (!helper.ended && !helper.running) {
        helper.claimed = true;
        helper.step(Integer.MAX_VALUE);
        return;
      }
    }
    try {
      lock.wait(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.cancel();
    }
    context.check();
  }

  private void release() {
    if (taken != null) {
      taken.memory().close();
      taken = null;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    context.fail();
    boolean interrupted = false;
    synchronized (lock) {
      for (Helper helper : helpers) {
        helper.stopped = true;
        while (helper.running) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            // The helper still reads the query's memory; it stops at its next batch.
            interrupted = true;
          }
        }
      }
    }
    helpers.forEach(helper -> helper.share.close());
    release();
    queue.forEach(ready -> ready.memory().close());
    own.close();
    source.close();
    context.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// One more share, worked on by whichever thread of the pool is free.
  private final class Helper implements Runnable {
    private final BatchSource share;
    // All of these are guarded by the lock.
    private boolean running;
    private boolean parked;
    private boolean ended;
    private boolean stopped;
    private boolean claimed;

    Helper(BatchSource share) {
      this.share = share;
    }

    void resume() {
      if (parked && queue.size() < QUEUE) {
        parked = false;
        context.workers().execute(this);
      }
    }

    @Override
    public void run() {
      synchronized (lock) {
        if (stopped || ended || running || claimed) {
          return;
        }
        running = true;
      }
      boolean again = false;
      try {
        again = work();
      } finally {
        synchronized (lock) {
          running = false;
          lock.notifyAll();
        }
      }
      if (again) {
        context.workers().execute(this);
      }
    }

    /// One turn; whether there may be more to do.
    private boolean work() {
      for (int i = 0; i < TURN; i++) {
        synchronized (lock) {
          if (stopped) {
            return false;
          }
          if (queue.size() >= QUEUE) {
            parked = true;
            return false;
          }
        }
        if (!advance()) {
          return false;
        }
      }
      return true;
    }

    /// Takes one batch of the share to the queue; false at the end.
    private boolean advance() {
      try {
        Batch batch = share.next();
        synchronized (lock) {
          if (batch == null) {
            ended = true;
            lock.notifyAll();
            return false;
          }
        }
        Ready ready = copy(batch);
        synchronized (lock) {
          queue.add(ready);
          lock.notifyAll();
        }
        return true;
      } catch (OutOfMemoryException e) {
        fail(context.memoryLimit("the result"));
      } catch (RuntimeException e) {
        fail(e);
      }
      return false;
    }

    private void step(int batches) {
      for (int i = 0; i < batches && !ended && queue.isEmpty(); i++) {
        advance();
      }
      claimed = false;
    }

    private void fail(RuntimeException e) {
      synchronized (lock) {
        context.fail(e);
        failure = failure == null ? e : failure;
        ended = true;
        lock.notifyAll();
      }
    }

    private Ready copy(Batch batch) {
      Scratch memory = context.newScratch();
      List<Vector> columns = new ArrayList<>(batch.columns().size());
      for (Vector column : batch.columns()) {
        columns.add(VectorOps.concat(List.of(column), memory));
      }
      return new Ready(new Batch(batch.rows(), columns), memory);
    }
  }
}
