// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.order.MergeTrace;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.roaringbitmap.RoaringBitmap;

/// The rows of the log and of the journal that no part on disk holds yet: runs in memory, visible
/// as soon as they are applied. Safe for threads, as long as each log partition is applied in
/// offset order.
///
/// Many small runs are folded into larger ones, so that a read never meets more than a few dozen. A
/// flush writes all of them to parts and commits these together with the offsets, which is what
/// makes a log record count once.
final class LogTail {
  private static final long RETRY_MILLIS = 1_000;
  private static final long LONGEST_WAIT_MILLIS = 20;
  private static final long BUSY_MILLIS = 20;

  /// The tail may grow to this many times the rows that start a flush before the log has to wait.
  private static final int PATIENCE = 4;

  private final MergeTable table;
  private final EngineContext context;
  private final TableParts parts;
  private final BlockWriter writer;
  private final Map<Integer, Long> applied;
  private final Map<Integer, Long> durable;
  private final ReentrantLock flushing = new ReentrantLock();
  private final AtomicBoolean flushIsDue = new AtomicBoolean();
  private final TailFolds folds;
  private final JournaledRows journaled;
  private volatile RuntimeException lastFailure;
  private long adoptions;
  private long durableAdoptions;

  LogTail(
      MergeTable table,
      EngineContext context,
      TableParts parts,
      BlockWriter writer,
      CatalogTable state) {
    this.table = table;
    this.context = context;
    this.parts = parts;
    this.writer = writer;
    this.applied = new HashMap<>(state.offsets());
    this.durable = new HashMap<>(state.offsets());
    this.journaled = new JournaledRows(state);
    this.folds = new TailFolds(table, context, parts, applied, failed -> lastFailure = failed);
  }

  void apply(LogRows piece) {
    awaitRoom();
    int partition = piece.source().partition();
    long next = table.sequences().next(partition);
    if (piece.source().to() <= next) {
      return; // replayed, and in parts already
    }
    try (Scratch scratch = new Scratch(context.allocator())) {
      LogRows fresh = piece.from(next, scratch);
      if (fresh.isEmpty()) {
        show(fresh, null, null);
        settle();
        return;
      }
      try (RowBlock block = new RowBlock(table.shapeFor(fresh.any()), context.allocator());
          DerivedRuns derived = new DerivedRuns(context)) {
        if (fresh.offsets().length > 0) {
          block.add(fresh.rows());
          derived.take(table, block, List.of());
        }
        show(fresh, block, derived);
        settle();
        derived.scheduleFlushes();
      }
    }
  }

  /// @param block the rows, null for none
  private void show(LogRows piece, RowBlock block, DerivedRuns derived) {
    LogRange range = piece.source();
    long next = table.sequences().next(range.partition());
    long[] sequences = table.sequences().ofLog(range, piece.allOffsets());
    List<HeldPart> runs = new ArrayList<>();
    try {
      int rows = piece.offsets().length;
      if (rows > 0 && !table.definition().forgetsRows()) {
        long[] own = Arrays.copyOf(sequences, rows);
        writer.toMemory(block, own, List.of(range)).forEach(run -> runs.add(hold(run)));
      }
      if (piece.deletedOffsets().length > 0) {
        long[] own = Arrays.copyOfRange(sequences, rows, sequences.length);
        runs.addAll(
            new TombstoneRuns(context, block.shape(), parts, writer)
                .make(piece.deleted(), own, range, runs));
      }
      publish(runs, range, derived);
      runs.clear();
    } catch (RuntimeException | Error failed) {
      runs.forEach(HeldPart::letGo);
      table.sequences().takeBack(range.partition(), next);
      throw failed;
    } finally {
      table.sequences().published(1);
    }
  }

  /// What is to be done after rows came: runs are folded, a flush is due.
  void settle() {
    folds.fold();
    scheduleFlush();
  }

  static HeldPart hold(MemoryPart run) {
    return new HeldPart(run, (part, outdated) -> ((MemoryPart) part).close());
  }

  private void publish(List<HeldPart> runs, LogRange source, DerivedRuns derived) {
    if (derived == null || derived.isEmpty()) {
      publish(runs, source);
      return;
    }
    context.feeds().publishing().lock();
    try {
      derived.publish();
      publish(runs, source);
    } finally {
      context.feeds().publishing().unlock();
    }
  }

  private void publish(List<HeldPart> runs, LogRange source) {
    synchronized (applied) {
      if (!runs.isEmpty()) {
        parts.swap(List.of(), runs);
      }
      applied.merge(source.partition(), source.to(), Math::max);
      applied.notifyAll();
    }
  }

  /// Shows rows that a view made of another table's log rows.
  void adopt(List<HeldPart> runs) {
    synchronized (applied) {
      if (!runs.isEmpty()) {
        parts.swap(List.of(), runs);
        adoptions++;
      }
    }
  }

  /// Shows rows that an entry of the journal brought.
  ///
  /// @param number of the entry; those of this table come in order
  void showJournaled(List<HeldPart> runs, long number, List<String> tokens) {
    synchronized (applied) {
      if (!runs.isEmpty()) {
        parts.swap(List.of(), runs);
      }
      journaled.show(number, tokens);
    }
  }

  /// The number below which entries of the journal are in parts.
  long durableEntries() {
    synchronized (applied) {
      return journaled.durable();
    }
  }

  /// Whether an INSERT of this token is in memory only.
  boolean knowsToken(String token) {
    synchronized (applied) {
      return journaled.knows(token);
    }
  }

  /// Whether rows beyond those of a flush would have to wait for it.
  boolean isFull() {
    return tailRows() >= (long) PATIENCE * context.settings().maxTailRows();
  }

  /// As [#settle], for rows that are committed: what fails now is tried again, and no matter of
  /// whoever brought them.
  void settleLater() {
    try {
      settle();
    } catch (RuntimeException failed) {
      lastFailure = failed;
    }
  }

  /// Whether rows of views over the log are in memory only.
  boolean hasDerived() {
    synchronized (applied) {
      return adoptions > durableAdoptions;
    }
  }

  /// For each log partition, the offset below which rows are visible.
  Map<Integer, Long> applied() {
    synchronized (applied) {
      return Map.copyOf(applied);
    }
  }

  /// Waits until something is applied, or so long.
  void awaitRows(long millis) {
    synchronized (applied) {
      try {
        applied.wait(Math.clamp(millis, 1, LONGEST_WAIT_MILLIS));
      } catch (InterruptedException asked) {
        Thread.currentThread().interrupt();
        throw new VarveException(
            ErrorCode.QUERY_WAS_CANCELLED, "cancelled while waiting for the log", asked);
      }
    }
  }

  /// For each log partition, the offset below which rows are in parts on disk.
  Map<Integer, Long> durable() {
    synchronized (applied) {
      return Map.copyOf(durable);
    }
  }

  private long tailRows() {
    long rows = 0;
    for (HeldPart part : parts.peek()) {
      rows += TableParts.isRun(part) ? part.part().info().rows() : 0;
    }
    return rows;
  }

  private void awaitRoom() {
    while (isFull()) {
      RuntimeException failure = lastFailure;
      if (failure != null) {
        throw new VarveException(
            failure instanceof VarveException known ? known.code() : ErrorCode.IO_ERROR,
            "table "
                + table.definition().name()
                + " cannot take more rows from the log: its runs in memory could not be written: "
                + failure.getMessage(),
            failure);
      }
      scheduleFlush();
      parts.awaitChange(100);
    }
  }

  private void scheduleFlush() {
    boolean full = tailRows() >= context.settings().maxTailRows();
    if (flushIsDue.compareAndSet(false, true)) {
      long delay = full ? 0 : context.settings().maxTailMillis();
      later(lastFailure == null ? delay : Math.max(delay, RETRY_MILLIS));
    } else if (full && lastFailure == null && !flushing.isLocked()) {
      later(0);
    }
  }

  private void later(long millis) {
    Runnable run = () -> context.workers().execute(this::flushInBackground);
    context.timer().schedule(run, millis, TimeUnit.MILLISECONDS);
  }

  /// Of the threads that all tables share it never waits for another flush, which may need one too.
  private void flushInBackground() {
    flushIsDue.set(false);
    try {
      if (!TailFlush.runUnlessBusy(context, table)) {
        flushIsDue.set(true);
        later(BUSY_MILLIS);
        return;
      }
      lastFailure = null;
    } catch (RuntimeException failed) {
      lastFailure = failed;
      if (!table.isEnded()) {
        scheduleFlush();
      }
    }
  }

  /// Why the last flush failed, or null.
  RuntimeException lastFailure() {
    return lastFailure;
  }

  /// Writes all runs to parts and commits these with the offsets.
  void flush() {
    try {
      TailFlush.run(context, table);
      lastFailure = null;
    } catch (RuntimeException failed) {
      lastFailure = failed;
      throw failed;
    }
  }

  /// Held while a flush is under way.
  ReentrantLock flushing() {
    return flushing;
  }

  /// Reserves the runs and notes the offsets they reach to, of one moment.
  Taken take() {
    synchronized (applied) {
      folds.await(); // a run that a fold holds would be missed
      List<HeldPart> runs = parts.free(TableParts::isRun);
      if (!parts.reserve(runs)) {
        throw new IllegalStateException("runs were reserved though no fold holds them");
      }
      return new Taken(
          runs,
          applied.equals(durable) ? Map.of() : Map.copyOf(applied),
          journaled.take(),
          adoptions);
    }
  }

  /// The runs of one flush.
  final class Taken {
    private final List<HeldPart> runs;
    private final Map<Integer, Long> offsets;
    private final JournaledRows.Taken entries;
    private final long adopted;
    private final List<DiskPart> written = new ArrayList<>();
    private final List<MergeTrace> traces = new ArrayList<>();

    private Taken(
        List<HeldPart> runs,
        Map<Integer, Long> offsets,
        JournaledRows.Taken entries,
        long adopted) {
      this.runs = runs;
      this.offsets = offsets;
      this.entries = entries;
      this.adopted = adopted;
    }

    /// Writes a part for each partition and adds all that the commit needs.
    ///
    /// @param made gets the parts
    /// @param deletes gets what of them is deleted already
    void write(List<DiskPart> made, CatalogChange.Builder change, DeletesOfMade deletes) {
      boolean bringsEntries = journaled.isNews(entries);
      if (runs.isEmpty() && offsets.isEmpty() && !bringsEntries) {
        return;
      }
      List<RoaringBitmap> gone = new ArrayList<>();
      Map<String, List<HeldPart>> byPartition = new LinkedHashMap<>();
      for (HeldPart run : runs) {
        byPartition.computeIfAbsent(run.part().info().partition(), p -> new ArrayList<>()).add(run);
      }
      for (List<HeldPart> group : byPartition.values()) {
        PartRewrite.Rewritten<DiskPart> rewritten =
            PartRewrite.leased(context, table, parts, group, PartRewrite::toDisk);
        if (rewritten.part() != null) {
          made.add(rewritten.part());
          gone.add(rewritten.merged().deleted());
          written.add(rewritten.part());
          traces.add(rewritten.merged().trace());
        }
      }
      InsertCommit.describe(table, written, change);
      for (int i = 0; i < written.size(); i++) {
        deletes.write(table.id(), written.get(i), gone.get(i), change);
      }
      offsets.forEach((partition, offset) ->
          change.add(new Operation.SetOffset(table.id(), partition, offset)));
      if (bringsEntries) {
        entries.describe(table.id(), change);
      }
    }

    /// Puts the parts, committed, in the place of the runs.
    void show(List<HeldPart> held) {
      for (int i = 0; i < written.size(); i++) {
        table.reads().inherit(written.get(i), traces.get(i));
      }
      synchronized (applied) {
        parts.swap(runs, held);
        durable.putAll(offsets);
        journaled.committed(entries);
        durableAdoptions = adopted;
      }
      table.sequences().forget(offsets);
      table.pokeMerges();
    }

    void release() {
      parts.release(runs);
    }
  }
}
