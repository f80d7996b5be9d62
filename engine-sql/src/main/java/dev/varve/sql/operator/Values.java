// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.List;

/// Rows that are known already, as the objects that `VectorValues` names.
public record Values(List<DataType> types, List<List<Object>> rows) implements Operator {
  public Values {
    types = List.copyOf(types);
    rows = List.copyOf(rows);
  }

  /// No rows of these types.
  public static Values empty(List<DataType> types) {
    return new Values(types, List.of());
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "Values " + rows.size() + " rows";
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return ParallelSource.single(new Source(context.newScratch()));
  }

  private final class Source implements BatchSource {
    private final Scratch scratch;
    private int next;

    Source(Scratch scratch) {
      this.scratch = scratch;
    }

    @Override
    public Batch next() {
      int count = Math.min(Batch.MAX_ROWS, rows.size() - next);
      if (count == 0) {
        return null;
      }
      scratch.reset();
      List<Vector> columns = new ArrayList<>();
      for (int c = 0; c < types.size(); c++) {
        VectorBuilder builder = new VectorBuilder(types.get(c), scratch);
        for (int r = next; r < next + count; r++) {
          VectorValues.append(builder, rows.get(r).get(c));
        }
        columns.add(builder.build());
      }
      next += count;
      return new Batch(count, columns);
    }

    @Override
    public void close() {
      scratch.close();
    }
  }
}
