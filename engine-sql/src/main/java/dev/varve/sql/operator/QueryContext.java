// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.KeySet;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/// What a running query shares: memory and its limit, workers, cancellation, progress. Safe for
/// threads. The owner of the query closes it when no worker runs any more, and the allocator after
/// it.
public final class QueryContext implements AutoCloseable {
  private final QueryMemory memory;
  private final int threads;
  private final Executor workers;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private final long timeoutNanos;
  private final Measurement measurement; // null where nothing is measured
  private final int batchRows;
  private final AtomicLong readRows = new AtomicLong();
  private final AtomicLong readBytes = new AtomicLong();
  private final AtomicLong totalRows = new AtomicLong();
  private final Map<Shared, CollectedRows> shared = new IdentityHashMap<>();
  private final Map<WorkingTable, List<Batch>> working = new ConcurrentHashMap<>();
  private final Map<KeySetSlot, KeySet> keySets = new ConcurrentHashMap<>();
  private final SequencedSet<AutoCloseable> resources = new LinkedHashSet<>();
  private final AtomicReference<RuntimeException> cause = new AtomicReference<>();
  private volatile long mostRows;
  private volatile long mostBytes;
  private volatile boolean cancelled;
  private volatile boolean failed;

  /// A query that never spills.
  ///
  /// @param allocator memory of this query; its limit is the query's limit
  public QueryContext(
      BufferAllocator allocator,
      int threads,
      Executor workers,
      LongSupplier nanoTime,
      long timeoutNanos,
      boolean measured) {
    this(new QueryMemory(allocator), threads, workers, nanoTime, timeoutNanos, measured);
  }

  /// @param memory stays the caller's
  /// @param threads workers to use at most, the calling thread among them
  /// @param workers lends its threads to parallel steps; may be busy, nothing waits for it
  /// @param timeoutNanos 0 for none
  /// @param measured whether to count rows, time and memory of each operator, for EXPLAIN ANALYZE
  public QueryContext(
      QueryMemory memory,
      int threads,
      Executor workers,
      LongSupplier nanoTime,
      long timeoutNanos,
      boolean measured) {
    this(memory, threads, workers, nanoTime, timeoutNanos, measured, Batch.MAX_ROWS);
  }

  /// @param batchRows rows of a batch that one operator hands to another, at most
  public QueryContext(
      QueryMemory memory,
      int threads,
      Executor workers,
      LongSupplier nanoTime,
      long timeoutNanos,
      boolean measured,
      int batchRows) {
    this.memory = memory;
    this.batchRows = batchRows;
    this.threads = threads;
    this.workers = workers;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.timeoutNanos = timeoutNanos;
    this.measurement = measured ? new Measurement(memory.allocator(), nanoTime) : null;
  }

  public BufferAllocator allocator() {
    return measurement == null ? memory.allocator() : measurement.allocator();
  }

  public QueryMemory memory() {
    return memory;
  }

  public int threads() {
    return threads;
  }

  public Executor workers() {
    return workers;
  }

  /// Opens an operator, counting what it gives where that is wanted. Memory that runs out in it
  /// becomes an error that names it.
  public ParallelSource open(Operator operator) {
    return open(operator, () -> operator.open(this));
  }

  /// As [#open(Operator)], where the caller opens it in a way of its own.
  ParallelSource open(Operator operator, Supplier<ParallelSource> opening) {
    check();
    try {
      ParallelSource source =
          measurement == null ? opening.get() : measurement.open(operator, opening);
      return new GuardedSource(
          batchRows < Batch.MAX_ROWS ? new SlicedSource(source, batchRows, this) : source,
          operator,
          this);
    } catch (OutOfMemoryException e) {
      throw memoryLimit(operator);
    }
  }

  /// What an operator did, where the query is measured.
  public Optional<OperatorStats> stats(Operator operator) {
    return measurement == null ? Optional.empty() : measurement.of(operator);
  }

  /// Lets scans that are opened from now on know the keys of a join.
  void publish(KeySetSlot slot, KeySet keys) {
    keySets.put(slot, keys);
  }

  /// The keys of a join, if they are known already.
  Optional<KeySet> keySet(KeySetSlot slot) {
    return Optional.ofNullable(keySets.get(slot));
  }

  /// The rows of what several places read, made when the first asks.
  CollectedRows shared(Shared operator, Supplier<CollectedRows> rows) {
    synchronized (shared) {
      CollectedRows known = shared.get(operator);
      if (known == null) {
        known = rows.get();
        shared.put(operator, known);
      }
      return known;
    }
  }

  /// What a recursive query hands to its next step.
  void setWorking(WorkingTable table, List<Batch> rows) {
    working.put(table, rows);
  }

  List<Batch> working(WorkingTable table) {
    return working.getOrDefault(table, List.of());
  }

  /// Ends the query at its next batch.
  public void cancel() {
    cancelled = true;
  }

  /// Called once per batch by whatever loops.
  ///
  /// @throws VarveException QUERY_WAS_CANCELLED or TIMEOUT_EXCEEDED
  public void check() {
    if (cancelled) {
      throw new VarveException(ErrorCode.QUERY_WAS_CANCELLED, "the query was cancelled");
    }
    if (failed) {
      throw new VarveException(
          ErrorCode.QUERY_WAS_CANCELLED, "the query stopped because another worker failed");
    }
    if (timeoutNanos > 0 && nanoTime.getAsLong() - startNanos > timeoutNanos) {
      throw new VarveException(
          ErrorCode.TIMEOUT_EXCEEDED,
          "the query ran longer than its limit of "
              + timeoutNanos / 1_000_000
              + " ms; raise max_execution_time or ask for less");
    }
  }

  /// Tells all workers to stop at their next batch.
  public void fail() {
    failed = true;
  }

  /// Tells the other workers of a failed query to stop at their next batch. The first failure is
  /// the cause.
  public void fail(RuntimeException failure) {
    cause.compareAndSet(null, failure);
    failed = true;
  }

  /// What the query failed for, where this failure only says that others were told to stop.
  public RuntimeException causeOf(RuntimeException failure) {
    RuntimeException first = cause.get();
    return first != null
            && failure instanceof VarveException stopped
            && stopped.code() == ErrorCode.QUERY_WAS_CANCELLED
        ? first
        : failure;
  }

  /// Accounts for memory on the Java heap; a negative number gives it back. Who wants much is about
  /// to do much, so a query that is to end does so here.
  ///
  /// @throws OutOfMemoryException where it is too much, which [#open] turns into an error
  public void reserveHeap(long bytes) {
    if (bytes > 0) {
      check();
    }
    memory.reserveHeap(bytes);
    if (measurement != null) {
      measurement.addHeap(bytes);
    }
  }

  /// The error of a query that needs more memory than it may have, in this operator.
  VarveException memoryLimit(Operator operator) {
    String what = operator.describe();
    int end = what.indexOf(' ');
    return memoryLimit(end < 0 ? what : what.substring(0, end));
  }

  /// @param where what was to hold more
  public VarveException memoryLimit(String where) {
    return new VarveException(
        ErrorCode.MEMORY_LIMIT_EXCEEDED,
        "the query needs more than its limit of "
            + memory.limit()
            + " bytes, "
            + memory.held()
            + " are held (in "
            + where
            + "); raise max_memory_usage or the server's --memory, or aggregate, filter or limit"
            + " more");
  }

  public void addRead(long rows, long bytes) {
    limit(readRows.addAndGet(rows), mostRows, ErrorCode.TOO_MANY_ROWS, "rows");
    limit(readBytes.addAndGet(bytes), mostBytes, ErrorCode.TOO_MANY_BYTES, "bytes");
  }

  public void addTotalRows(long rows) {
    totalRows.addAndGet(rows);
  }

  /// Lets the query fail that reads more than so much; 0 stands for any number.
  public void limitReading(long rows, long bytes) {
    mostRows = rows;
    mostBytes = bytes;
  }

  private static void limit(long read, long most, ErrorCode code, String what) {
    if (most > 0 && read > most) {
      throw new VarveException(
          code,
          "the query reads more than "
              + most
              + " "
              + what
              + ", which max_"
              + what
              + "_to_read allows; narrow its conditions or raise the setting");
    }
  }

  public long readRows() {
    return readRows.get();
  }

  public long readBytes() {
    return readBytes.get();
  }

  /// Rows that the scans opened so far will read at most.
  public long totalRows() {
    return totalRows.get();
  }

  public long elapsedNanos() {
    return nanoTime.getAsLong() - startNanos;
  }

  /// Has a free worker do something on behalf of the operator that asks.
  void lend(Runnable task) {
    workers.execute(measurement == null ? task : measurement.carried(task));
  }

  /// Runs `task` for 0 to `tasks - 1`, the caller's thread included, and returns when all are done.
  /// Helps itself to workers that are free; with none it runs everything alone.
  public void parallel(int tasks, IntConsumer task) {
    new ParallelStep(this, tasks, task).run(Math.min(threads, tasks) - 1);
  }

  /// Takes the whole input on all workers.
  public void drain(ParallelSource source, WorkerSink sink) {
    parallel(
        source.parallelism(),
        index -> {
          try (BatchSource share = source.worker(index)) {
            sink.consume(index, share);
          }
        });
  }

  /// What a worker does with its share.
  public interface WorkerSink {
    void consume(int worker, BatchSource share);
  }

  /// Memory for one worker of one operator. Whoever takes it closes it when done; what a failed
  /// query leaves open is closed with this context.
  public Scratch newScratch() {
    Scratch scratch = new Scratch(allocator(), this::check);
    register(scratch);
    return scratch;
  }

  /// Closes this with the context, at the latest. Closing twice must do no harm.
  public void register(AutoCloseable resource) {
    synchronized (resources) {
      resources.add(resource);
    }
  }

  /// Undoes [#register] of what was closed before, where very many come and go.
  void forget(AutoCloseable resource) {
    synchronized (resources) {
      resources.remove(resource);
    }
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    synchronized (resources) {
      for (AutoCloseable resource : resources.reversed()) {
        try {
          resource.close();
        } catch (RuntimeException e) {
          failure = failure == null ? e : failure;
        } catch (Exception e) {
          throw new IllegalStateException("a query's resource threw a checked exception", e);
        }
      }
      resources.clear();
    }
    if (measurement != null && failure == null) {
      measurement.close();
    }
    if (failure != null) {
      throw failure;
    }
  }
}
