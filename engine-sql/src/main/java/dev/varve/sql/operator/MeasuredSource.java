// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.function.LongSupplier;

/// Counts what passes.
final class MeasuredSource implements ParallelSource {
  private final ParallelSource source;
  private final OperatorStats stats;
  private final LongSupplier nanoTime;

  MeasuredSource(ParallelSource source, OperatorStats stats, LongSupplier nanoTime) {
    this.source = source;
    this.stats = stats;
    this.nanoTime = nanoTime;
  }

  @Override
  public int parallelism() {
    return source.parallelism();
  }

  @Override
  public BatchSource worker(int index) {
    BatchSource share = source.worker(index);
    return new BatchSource() {
      @Override
      public Batch next() {
        long before = nanoTime.getAsLong();
        Batch batch = share.next();
        stats.addNanos(nanoTime.getAsLong() - before);
        if (batch != null) {
          stats.addBatch(batch.rows());
        }
        return batch;
      }

      @Override
      public void close() {
        share.close();
      }
    };
  }

  @Override
  public void close() {
    source.close();
  }
}
