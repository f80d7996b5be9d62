// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// Rows that lie in memory: a block on its way into a table. The batches stay the caller's until
/// the query is over.
///
/// @param columns which columns of the batches are given, by position
public record BlockScan(List<DataType> types, List<Integer> columns, List<Batch> batches)
    implements Operator {
  public BlockScan {
    types = List.copyOf(types);
    columns = List.copyOf(columns);
    batches = List.copyOf(batches);
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "Block " + batches.stream().mapToLong(Batch::rows).sum() + " rows";
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return ParallelSource.single(new Source(context.newScratch()));
  }

  private final class Source implements BatchSource {
    private final Scratch scratch;
    private int next;
    private int from;

    Source(Scratch scratch) {
      this.scratch = scratch;
    }

    @Override
    public Batch next() {
      if (next == batches.size()) {
        return null;
      }
      scratch.reset();
      Batch batch = batches.get(next);
      int count = Math.min(Batch.MAX_ROWS, batch.rows() - from);
      List<Vector> given = new ArrayList<>(columns.size());
      for (int i = 0; i < columns.size(); i++) {
        Vector column = batch.column(columns.get(i)).as(types.get(i));
        given.add(count == batch.rows() ? column : VectorOps.slice(column, from, count, scratch));
      }
      from += count;
      if (from == batch.rows()) {
        next++;
        from = 0;
      }
      return new Batch(count, given);
    }

    @Override
    public void close() {
      scratch.close();
    }
  }
}
