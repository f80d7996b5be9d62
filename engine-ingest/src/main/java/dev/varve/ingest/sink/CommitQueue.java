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
///
/// Batches that come while a sync is under way do not wait for its end: a disk takes several syncs
/// at once, and is done with all of them about as soon as with one. Who has synced shows what is
/// durable by then, one thread at a time.
public final class CommitQueue {
  private static final long RETRY_NANOS = 200_000_000;

  /// Producers have five batches under way.
  private static final int MAX_SYNCS = 4;

  private final int partition;
  private final PartitionLog log;
  private final TableSink sink;
  private final DeadLetters deadLetters;
  private final Replay replay;
  private final ThreadFactory threads;
  private final ScratchPool pool;
  private final IntervalFlush flush;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  // Taken from `waiting`, and not shown yet.
  private final ArrayDeque<CommitGroup> taken = new ArrayDeque<>();
  // Of the thread that shows: what is durable and waits for transactions before it, up to where
  // rows are visible, and why nothing more is shown.
  private final ArrayDeque<Waiting> held = new ArrayDeque<>();
  private long shown;
  private RefusedException ended;
  private boolean isShowing;
  private int running;
  private int syncing;
  private volatile RefusedException closed;
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
    this.flush = new IntervalFlush(log, threads);
  }

  /// Appends a checked batch; its rows, null for a plain topic, belong to the queue from now on.
  /// Batches are committed in the order of these calls.
  ///
  /// @throws RefusedException if the log does not take it
  public CompletableFuture<Appended> append(
      byte[] bytes, int from, int length, DecodedRows rows, Durability durability) {
    lock.lock();
    try {
      if (closed != null) {
        throw closed;
      }
      Appended at = log.append(bytes, from, length);
      if (at.isDuplicate()) {
        return await(at, rows, durability);
      }
      Durability needed = log.copies().answeredAt(durability);
      flush.written();
      if (sink == null && needed == Durability.WRITTEN && running == 0) {
        log.commit(at); // nothing to wait for, so no other thread is asked
        return CompletableFuture.completedFuture(at);
      }
      boolean waits = !BatchLayout.isTransactional(bytes, from);
      return enqueue(new Waiting(at, rows, needed, waits, new CompletableFuture<>()));
    } catch (RefusedException e) {
      closeIfAny(rows);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /// Answers a batch that is in the log already as soon as it is committed.
  public CompletableFuture<Appended> await(
      Appended duplicate, DecodedRows rows, Durability durability) {
    closeIfAny(rows);
    Durability needed = log.copies().answeredAt(durability);
    lock.lock();
    try {
      boolean isDurable =
          needed == Durability.WRITTEN || duplicate.endOffset() <= log.syncedOffset();
      if (isDurable && duplicate.endOffset() <= log.highWatermark()) {
        return CompletableFuture.completedFuture(duplicate);
      }
      return enqueue(new Waiting(duplicate, null, needed, false, new CompletableFuture<>()));
    } finally {
      lock.unlock();
    }
  }

  private static void closeIfAny(DecodedRows rows) {
    if (rows != null) {
      rows.close();
    }
  }

  private CompletableFuture<Appended> enqueue(Waiting entry) {
    waiting.add(entry);
    if (running == syncing && running < MAX_SYNCS) {
      running++;
      threads.newThread(this::run).start();
    }
    return entry.done();
  }

  private void run() {
    lock.lock();
    try {
      showDurable(); // what other servers have by now
      while (!waiting.isEmpty()) {
        CommitGroup group = take();
        if (group != null) {
          sync(group);
        }
        showDurable();
      }
      running--;
      if (running == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes all that waits. Those at the front that need no sync do not wait for that of the others.
  /// Returns who needs one, or null.
  private CommitGroup take() {
    List<Waiting> all = List.copyOf(waiting);
    waiting = new ArrayDeque<>();
    int written = 0;
    while (written < all.size() && all.get(written).durability() == Durability.WRITTEN) {
      written++;
    }
    if (written > 0) {
      taken.add(new CommitGroup(all.subList(0, written), false));
    }
    if (written == all.size()) {
      return null;
    }
    CommitGroup rest = new CommitGroup(all.subList(written, all.size()), true);
    taken.add(rest);
    return rest;
  }

  private void sync(CommitGroup group) {
    syncing++;
    lock.unlock();
    try {
      log.sync();
    } catch (IOException e) {
      lastError = String.valueOf(e.getMessage()); // the log takes nothing any more, and says why
    } catch (RuntimeException | Error e) {
      defect(e);
    } finally {
      lock.lock();
      syncing--;
      group.synced();
    }
  }

  /// Nobody else would hear of it, and producers would wait for ever.
  private RefusedException defect(Throwable e) {
    log.fail("a defect stopped this partition: " + e);
    lastError = String.valueOf(e);
    return storage(String.valueOf(e));
  }

  /// Shows, in their order, what is durable now; unless somebody is at it, who does this then too.
  private void showDurable() {
    if (isShowing) {
      return;
    }
    isShowing = true;
    while (isDurable(taken.peekFirst()) || isLost(taken.peekFirst())) {
      List<Waiting> durable = new ArrayList<>();
      while (isDurable(taken.peekFirst())) {
        durable.addAll(taken.removeFirst().batches());
      }
      List<Waiting> lost = new ArrayList<>();
      while (isLost(taken.peekFirst())) {
        lost.addAll(taken.removeFirst().batches());
      }
      lock.unlock();
      try {
        commit(durable);
        if (!lost.isEmpty()) {
          refuse(lost, storage(log.failure()));
        }
      } finally {
        lock.lock();
      }
    }
    isShowing = false;
  }

  private boolean isDurable(CommitGroup group) {
    return isOnDisk(group) && group.endOffset() <= log.copies().replicatedEnd();
  }

  private boolean isOnDisk(CommitGroup group) {
    return group != null && (!group.syncs() || group.endOffset() <= log.syncedOffset());
  }

  /// Whether its sync, or one that began before, has failed.
  private boolean isLost(CommitGroup group) {
    return group != null && group.isSynced() && !isOnDisk(group) && log.failure() != null;
  }

  private void commit(List<Waiting> batches) {
    if (ended != null) {
      refuse(batches, ended);
      return;
    }
    int shownTo = 0;
    try {
      while (shownTo < batches.size()) {
        int next = endOfPiece(batches, shownTo);
        List<Waiting> piece = batches.subList(shownTo, next);
        if (isHeldBack(piece)) {
          shownTo = next;
          holdBack(piece);
        } else {
          show(piece);
          shownTo = next;
        }
      }
    } catch (RefusedException e) {
      refuse(batches.subList(shownTo, batches.size()), e);
    } catch (RuntimeException | Error e) {
      refuse(batches.subList(shownTo, batches.size()), defect(e));
    }
  }

  /// What comes behind batches that are not shown must not be shown either.
  private void refuse(List<Waiting> batches, RefusedException reason) {
    ended = reason;
    batches.forEach(entry -> entry.fail(reason));
    failHeld(reason);
  }

  /// Small batches are shown together: a run in memory costs the same for one row as for thousands.
  private static int endOfPiece(List<Waiting> group, int from) {
    int rows = 0;
    int to = from;
    while (to < group.size()) {
      DecodedRows next = group.get(to).rows();
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
            || piece.getLast().at().endOffset() > log.firstUnstableOffset()
            || shown < log.highWatermark());
  }

  /// Shows the log's readers what the table does not show yet. The rows are read from the log again
  /// when their time comes, so that a long transaction takes no memory.
  private void holdBack(List<Waiting> piece) {
    List<Waiting> free = new ArrayList<>();
    for (Waiting entry : piece) {
      entry.closeRows();
      if (!entry.at().isDuplicate()) {
        log.commit(entry.at());
      }
      (entry.waits() ? held : free).add(entry.withoutRows());
    }
    try {
      showStable();
    } finally {
      free.forEach(entry -> entry.done().complete(entry.at()));
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
    while (!held.isEmpty() && held.getFirst().at().endOffset() <= shown) {
      Waiting entry = held.removeFirst();
      entry.done().complete(entry.at());
    }
  }

  private void failHeld(RefusedException reason) {
    held.forEach(entry -> entry.fail(reason));
    held.clear();
  }

  private void show(List<Waiting> piece) {
    Appended last = null;
    for (Waiting entry : piece) {
      last = entry.at().isDuplicate() ? last : entry.at();
    }
    if (last != null && sink != null) {
      untilTaken(() -> apply(piece));
    }
    if (last != null) {
      log.commit(last);
      shown = last.endOffset();
    }
    for (Waiting entry : piece) {
      entry.closeRows();
      entry.done().complete(entry.at());
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
        if (closed != null) {
          throw closed;
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void apply(List<Waiting> piece) {
    LogPiece rows = new LogPiece(partition);
    for (Waiting entry : piece) {
      if (entry.rows() != null) {
        rows.add(entry.rows(), entry.at().baseOffset(), entry.at().endOffset());
      }
    }
    List<DeadLetter> letters = rows.deadLetters();
    if (!letters.isEmpty()) {
      deadLetters.add(letters); // before rows around them can become durable
    }
    rows.applyTo(sink, pool);
  }

  private static RefusedException storage(String message) {
    return new RefusedException(Refusal.KAFKA_STORAGE_ERROR, message);
  }

  /// Why rows could not be shown lately, or empty.
  public String lastError() {
    return lastError;
  }

  /// Shows what all in sync have by now.
  public void replicated() {
    lock.lock();
    try {
      if (running == syncing && isDurable(taken.peekFirst())) {
        running++;
        threads.newThread(this::run).start();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more. What waits is committed, or failed if the table does not take it.
  public void close() {
    close(storage("the server stops"));
  }

  /// As the other, for a reason that is told.
  public void close(RefusedException reason) {
    closed = reason;
  }

  /// Waits until everything taken is answered; what other servers lack yet is refused. To be called
  /// after [#close()].
  public void awaitIdle() {
    lock.lock();
    try {
      while (running > 0) {
        idle.awaitUninterruptibly();
      }
      while (!taken.isEmpty()) {
        refuse(taken.removeFirst().batches(), closed);
      }
      failHeld(closed);
    } finally {
      lock.unlock();
    }
  }
}
