// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.concurrent.atomic.AtomicInteger;

/// A join whose right side did not fit into memory: both sides lie on disk, parted by the hash of
/// their keys, and each pair of partitions is a join of its own, which may spill again.
final class SpilledJoin implements ParallelSource {
  /// Joins the rows of one partition.
  interface PartitionJoin {
    /// @param left rows of the left side, or null for none
    /// @param right rows of the right side, or null for none
    BatchSource open(SpillFile left, SpillFile right);
  }

  private final PartitionedRows left;
  private final PartitionedRows right;
  private final PartitionJoin join;
  private final QueryContext context;
  private final AtomicInteger next = new AtomicInteger();

  SpilledJoin(
      PartitionedRows left, PartitionedRows right, PartitionJoin join, QueryContext context) {
    this.left = left;
    this.right = right;
    this.join = join;
    this.context = context;
  }

  @Override
  public int parallelism() {
    return context.threads();
  }

  @Override
  public BatchSource worker(int index) {
    return new Worker();
  }

  @Override
  public void close() {}

  private final class Worker implements BatchSource {
    private BatchSource current;
    private int partition;

    @Override
    public Batch next() {
      while (true) {
        context.check();
        if (current == null) {
          partition = next.getAndIncrement();
          if (partition >= PartitionedRows.PARTITIONS) {
            return null;
          }
          if (left.file(partition) == null && right.file(partition) == null) {
            continue;
          }
          current = join.open(left.file(partition), right.file(partition));
        }
        Batch batch = current.next();
        if (batch != null) {
          return batch;
        }
        current.close();
        current = null;
        PartitionedRows.drop(left.file(partition), context);
        PartitionedRows.drop(right.file(partition), context);
      }
    }

    @Override
    public void close() {
      if (current != null) {
        current.close();
      }
    }
  }
}
