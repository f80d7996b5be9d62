// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/// Rows, time and memory of each operator of a query, for EXPLAIN ANALYZE. Safe for threads.
///
/// What memory is for is known from who is at work: each thread notes the operator whose code it
/// runs, and each operator has an allocator of its own below the query's.
final class Measurement implements AutoCloseable {
  private final BufferAllocator allocator;
  private final LongSupplier nanoTime;
  private final Map<Operator, OperatorStats> stats = new IdentityHashMap<>();
  private final ThreadLocal<OperatorStats> current = new ThreadLocal<>();

  Measurement(BufferAllocator allocator, LongSupplier nanoTime) {
    this.allocator = allocator;
    this.nanoTime = nanoTime;
  }

  /// What an operator did so far.
  Optional<OperatorStats> of(Operator operator) {
    synchronized (stats) {
      return Optional.ofNullable(stats.get(operator));
    }
  }

  /// The memory of the operator at work.
  BufferAllocator allocator() {
    OperatorStats own = current.get();
    return own == null ? allocator : own.allocator();
  }

  void addHeap(long bytes) {
    OperatorStats own = current.get();
    if (own != null) {
      own.addHeap(bytes);
    }
  }

  /// Opens an operator, counting what passes.
  ParallelSource open(Operator operator, Supplier<ParallelSource> opening) {
    OperatorStats own;
    synchronized (stats) {
      own =
          stats.computeIfAbsent(
              operator,
              _ ->
                  new OperatorStats(
                      allocator.newChildAllocator("operator", 0, allocator.getLimit())));
    }
    ParallelSource source = in(own, opening);
    return new Source(source, own);
  }

  /// The task on behalf of the operator at work, for whichever thread runs it.
  Runnable carried(Runnable task) {
    OperatorStats own = current.get();
    return own == null
        ? task
        : () -> {
          OperatorStats before = current.get();
          current.set(own);
          try {
            task.run();
          } finally {
            current.set(before);
          }
        };
  }

  private <T> T in(OperatorStats own, Supplier<T> work) {
    OperatorStats before = current.get();
    current.set(own);
    long started = nanoTime.getAsLong();
    try {
      return work.get();
    } finally {
      own.addNanos(nanoTime.getAsLong() - started);
      current.set(before);
    }
  }

  private final class Source implements ParallelSource {
    private final ParallelSource source;
    private final OperatorStats own;

    Source(ParallelSource source, OperatorStats own) {
      this.source = source;
      this.own = own;
    }

    @Override
    public int parallelism() {
      return source.parallelism();
    }

    @Override
    public BatchSource worker(int index) {
      BatchSource share = in(own, () -> source.worker(index));
      return new BatchSource() {
        @Override
        public Batch next() {
          Batch batch = in(own, share::next);
          if (batch != null) {
            own.addBatch(batch.rows());
          }
          return batch;
        }

        @Override
        public void close() {
          in(
              own,
              () -> {
                share.close();
                return null;
              });
        }
      };
    }

    @Override
    public void close() {
      in(
          own,
          () -> {
            source.close();
            return null;
          });
    }
  }

  /// After everything that the operators hold is closed.
  @Override
  public void close() {
    synchronized (stats) {
      stats.values().forEach(own -> own.allocator().close());
    }
  }
}
