// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// The rows of a source in batches of few rows, so that whoever takes them can be tried with
/// batches of any size.
record SlicedSource(ParallelSource source, int maxRows, QueryContext context)
    implements ParallelSource {
  @Override
  public int parallelism() {
    return source.parallelism();
  }

  @Override
  public BatchSource worker(int index) {
    return new Slices(source.worker(index));
  }

  @Override
  public void close() {
    source.close();
  }

  private final class Slices implements BatchSource {
    private final BatchSource share;
    private final Scratch scratch = context.newScratch();
    private Batch batch = new Batch(0, List.of());
    private int next;

    Slices(BatchSource share) {
      this.share = share;
    }

    @Override
    public Batch next() {
      if (next == batch.rows()) {
        batch = share.next();
        next = 0;
        if (batch == null) {
          batch = new Batch(0, List.of());
          return null;
        }
        if (batch.rows() <= maxRows) {
          next = batch.rows();
          return batch;
        }
      }
      int count = Math.min(maxRows, batch.rows() - next);
      scratch.reset();
      List<Vector> columns = new ArrayList<>(batch.columns().size());
      for (Vector column : batch.columns()) {
        columns.add(VectorOps.slice(column, next, count, scratch));
      }
      next += count;
      return new Batch(count, columns);
    }

    @Override
    public void close() {
      share.close();
      context.forget(scratch);
      scratch.close();
    }
  }
}
