// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/// The batches of a share, cut where they have more rows than are wanted just then.
final class Slices implements BatchSource {
  private final BatchSource share;
  private final IntSupplier maxRows;
  private final QueryContext context;
  private final Scratch scratch;
  private Batch batch = new Batch(0, List.of());
  private int next;

  /// @param maxRows asked before each batch
  Slices(BatchSource share, IntSupplier maxRows, QueryContext context) {
    this.share = share;
    this.maxRows = maxRows;
    this.context = context;
    this.scratch = context.newScratch();
  }

  @Override
  public Batch next() {
    int most = maxRows.getAsInt();
    if (next == batch.rows()) {
      batch = share.next();
      next = 0;
      if (batch == null) {
        batch = new Batch(0, List.of());
        return null;
      }
      if (batch.rows() <= most) {
        next = batch.rows();
        return batch;
      }
    }
    int count = Math.min(most, batch.rows() - next);
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
