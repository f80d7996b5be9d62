// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Durability;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Leads batches of one partition from appended to acknowledged: one sync for all that wait for
/// one, then their rows become visible in offset order, then readers of the log see them, then each
/// producer is answered. So what is acknowledged is as durable as was asked, and visible. Safe for
/// threads.
public final class CommitQueue {
  private static final long RETRY_NANOS = 200_000_000;

  /// @param durability what it must be before it is answered
  /// @param waits whether its sender waits until its rows are visible, however long: not so where
  ///   it belongs to a transaction, or two of them would wait for each other
  private record Waiting(
      Appended at,
      DecodedRows rows,
      Durability durability,
      boolean waits,
      CompletableFuture<Appended> done) {
    Waiting withoutRows() {
      return new Waiting(at, null, durability, waits, done);
    }
  }

  private final int partition;
  private final PartitionLog log;
  private final TableSink sink;
  private final DeadLetters deadLetters;
  private final Replay replay;
  private final ThreadFactory threads;
  private final ScratchPool pool;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  // Of the thread that commits: what is durable and waits for transactions before it, and up to
  // where rows are visible.
  private final ArrayDeque<Waiting> held = new ArrayDeque<>();
  private long shown;
  private boolean isRunning;
  private volatile boolean isClosed;
  private volatile String lastError = "";

  /// @param sink the table, or null for a plain topic
  /// @param deadLetters takes records that did not fit; null for a plain topic
  /// @param replay shows what waited for a transaction; null for a plain topic
  /// @param threads makes the thread that commits while there is something to commit
  public CommitQueue(
      int partition,
      PartitionLog log,
      TableSink sink,
      DeadLetters deadLetters,
      Replay replay,
      ThreadFactory threads,
      ScratchPool pool) {
    this.partition = partition;
    this.log = log;
    this.sink = sink;
    this.deadLetters = deadLetters;
    this.replay = replay;
    this.shown = log.lastStableOffset();
    this.threads = threads;
    this.pool = pool;
  }

  /// Appends a checked batch; its rows, null for a plain topic, belong to the queue from now on.
  /// Batches are committed in the order of these calls.
  ///
  /// @throws RefusedException if the log does not take it
  public CompletableFuture<Appended> append(
      byte[] bytes, int from, int length, DecodedRows rows, Durability durability) {
    lock.lock();
    try {
      if (isClosed) {
        throw stopping();
      }
      Appended at = log.append(bytes, from, length);
      if (at.isDuplicate()) {
        return await(at, rows, durability);
      }
      if (sink == null && durability == Durability.WRITTEN && !isRunning) {
        log.commit(at); // nothing to wait for, so no other thread is asked
        return CompletableFuture.completedFuture(at);
      }
      boolean waits = !BatchLayout.isTransactional(bytes, from);
      return enqueue(new Waiting(at, rows, durability, waits, new CompletableFuture<>()));
    } catch (RefusedException e) {
      close(rows);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /// Answers a batch that is in the log already as soon as it is committed.
  public CompletableFuture<Appended> await(
      Appended duplicate, DecodedRows rows, Durability durability) {
    close(rows);
    lock.lock();
    try {
      boolean isDurable =
          durability == Durability.WRITTEN || duplicate.endOffset() <= log.syncedOffset();
      if (isDurable && duplicate.endOffset() <= log.highWatermark()) {
        return CompletableFuture.completedFuture(duplicate);
      }
      return enqueue(new Waiting(duplicate, null, durability, false, new CompletableFuture<>()));
    } finally {
      lock.unlock();
    }
  }

  private CompletableFuture<Appended> enqueue(Waiting entry) {
    waiting.add(entry);
    if (!isRunning) {
      isRunning = true;
      threads.newThread(this::run).start();
    }
    return entry.done;
  }

  private void run() {
    while (true) {
      List<Waiting> group;
      lock.lock();
      try {
        if (waiting.isEmpty()) {
          isRunning = false;
          idle.signalAll();
          return;
        }
        group = List.copyOf(waiting);
        waiting = new ArrayDeque<>();
      } finally {
        lock.unlock();
      }
      commit(group);
    }
  }

  /// Those at the front that need no sync do not wait for that of the others.
  private void commit(List<Waiting> group) {
    int written = 0;
    while (written < group.size() && group.get(written).durability == Durability.WRITTEN) {
      written++;
    }
    List<Waiting> rest = group.subList(written, group.size());
    RefusedException failure = commit(group.subList(0, written), false);
    if (failure != null) {
      fail(rest, failure);
    } else if (!rest.isEmpty()) {
      commit(rest, true);
    }
  }

  /// Why it failed, its senders being told, or null.
  private RefusedException commit(List<Waiting> group, boolean syncs) {
    int applied = 0;
    RefusedException failure;
    try {
      if (syncs) {
        log.sync();
      }
      while (applied < group.size()) {
        int next = endOfPiece(group, applied);
        List<Waiting> piece = group.subList(applied, next);
        if (isHeldBack(piece)) {
          applied = next;
          holdBack(piece);
        } else {
          show(piece);
          applied = next;
        }
      }
      return null;
    } catch (IOException e) {
      failure = storage(e.getMessage());
    } catch (RefusedException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      // Nobody else would hear of it, and producers would wait for ever.
      log.fail("a defect stopped this partition: " + e);
      lastError = String.valueOf(e);
      failure = storage(String.valueOf(e));
    }
    fail(group.subList(applied, group.size()), failure);
    failHeld(failure);
    return failure;
  }

  /// Small batches are shown together: a run in memory costs the same for one row as for thousands.
  private static int endOfPiece(List<Waiting> group, int from) {
    int rows = 0;
    int to = from;
    while (to < group.size()) {
      DecodedRows next = group.get(to).rows;
      rows += next == null ? 0 : next.size();
      if (to > from && rows > Batch.MAX_ROWS) {
        return to;
      }
      to++;
    }
    return to;
  }

  /// Whether rows of a table must wait for a transaction at or before them: they become visible in
  /// the order of their offsets.
  private boolean isHeldBack(List<Waiting> piece) {
    return sink != null
        && (!held.isEmpty()
            || piece.getLast().at.endOffset() > log.firstUnstableOffset()
            || shown < log.highWatermark());
  }

  /// Shows the log's readers what the table does not show yet. The rows are read from the log again
  /// when their time comes, so that a long transaction takes no memory.
  private void holdBack(List<Waiting> piece) {
    List<Waiting> free = new ArrayList<>();
    for (Waiting entry : piece) {
      close(entry.rows);
      if (!entry.at.isDuplicate()) {
        log.commit(entry.at);
      }
      (entry.waits ? held : free).add(entry.withoutRows());
    }
    try {
      showStable();
    } finally {
      free.forEach(entry -> entry.done.complete(entry.at));
    }
  }

  private void showStable() {
    long stable = log.lastStableOffset();
    if (stable > shown) {
      long from = shown;
      untilTaken(() -> {
        try {
          replay.run(from, stable);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      shown = stable;
    }
    while (!held.isEmpty() && held.getFirst().at.endOffset() <= shown) {
      Waiting entry = held.removeFirst();
      entry.done.complete(entry.at);
    }
  }

  private void failHeld(RefusedException reason) {
    fail(List.copyOf(held), reason);
    held.clear();
  }

  private void show(List<Waiting> piece) {
    Appended last = null;
    for (Waiting entry : piece) {
      last = entry.at.isDuplicate() ? last : entry.at;
    }
    if (last != null && sink != null) {
      untilTaken(() -> apply(piece));
    }
    if (last != null) {
      log.commit(last);
      shown = last.endOffset();
    }
    for (Waiting entry : piece) {
      close(entry.rows);
      entry.done.complete(entry.at);
    }
  }

  /// The rows are durable in the log, so they must become visible: a table that cannot take them
  /// now (its disk is full) is asked again, and producers wait meanwhile.
  private void untilTaken(Runnable step) {
    while (true) {
      try {
        step.run();
        lastError = "";
        return;
      } catch (RuntimeException e) {
        lastError = String.valueOf(e.getMessage());
        if (sink.isGone()) {
          log.fail("the table was dropped");
          throw new RefusedException(Refusal.UNKNOWN_TOPIC_OR_PARTITION, "the table was dropped");
        }
        if (isClosed) {
          throw stopping();
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void apply(List<Waiting> piece) {
    LogPiece rows = new LogPiece(partition);
    for (Waiting entry : piece) {
      if (entry.rows != null) {
        rows.add(entry.rows, entry.at.baseOffset(), entry.at.endOffset());
      }
    }
    List<DeadLetter> letters = rows.deadLetters();
    if (!letters.isEmpty()) {
      deadLetters.add(letters); // before rows around them can become durable
    }
    rows.applyTo(sink, pool);
  }

  private static void fail(List<Waiting> group, RefusedException reason) {
    for (Waiting entry : group) {
      close(entry.rows);
      entry.done.completeExceptionally(reason);
    }
  }

  private static void close(DecodedRows rows) {
    if (rows != null) {
      rows.close();
    }
  }

  private static RefusedException storage(String message) {
    return new RefusedException(Refusal.KAFKA_STORAGE_ERROR, message);
  }

  private static RefusedException stopping() {
    return new RefusedException(Refusal.KAFKA_STORAGE_ERROR, "the server stops");
  }

  /// Why rows could not be shown lately, or empty.
  public String lastError() {
    return lastError;
  }

  /// Takes nothing more. What waits is committed, or failed if the table does not take it.
  public void close() {
    isClosed = true;
  }

  /// Waits until everything taken is answered. To be called after [#close()].
  public void awaitIdle() {
    lock.lock();
    try {
      while (isRunning) {
        idle.awaitUninterruptibly();
      }
      failHeld(stopping());
    } finally {
      lock.unlock();
    }
  }
}
