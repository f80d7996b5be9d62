// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// Rows kept beyond the life of their batches, as copies in memory of the query. One thread adds.
final class RowStore implements AutoCloseable {
  private final List<DataType> types;
  private final QueryContext context;
  private Scratch scratch;
  private final List<Batch> batches = new ArrayList<>();
  private long rows;

  RowStore(List<DataType> types, QueryContext context) {
    this.types = types;
    this.context = context;
    this.scratch = context.newScratch();
  }

  void add(Batch batch) {
    List<Vector> copies = new ArrayList<>(batch.columns().size());
    for (Vector column : batch.columns()) {
      // Flattened alone, a flat vector would be the batch's own bytes; joined, it is a copy.
      copies.add(VectorOps.concat(List.of(column), scratch));
    }
    batches.add(new Batch(batch.rows(), copies));
    rows += batch.rows();
  }

  long rows() {
    return rows;
  }

  List<Batch> batches() {
    return batches;
  }

  /// Bytes held.
  long bytes() {
    return scratch.capacity();
  }

  /// Forgets all rows and gives their memory back.
  void release() {
    batches.clear();
    rows = 0;
    context.forget(scratch);
    scratch.close();
    scratch = context.newScratch();
  }

  /// Closes this before the query ends.
  void discard() {
    context.forget(scratch);
    scratch.close();
  }

  void clear() {
    batches.clear();
    rows = 0;
    scratch.reset();
  }

  /// All rows of these stores as one batch in `target`.
  static Batch joined(List<RowStore> stores, List<DataType> types, Scratch target) {
    List<Batch> all = new ArrayList<>();
    long rows = 0;
    for (RowStore store : stores) {
      all.addAll(store.batches);
      rows += store.rows;
    }
    if (rows > Integer.MAX_VALUE - 64) {
      throw new VarveException(
          ErrorCode.MEMORY_LIMIT_EXCEEDED,
          "one step of the query would hold " + rows + " rows at once; filter or limit more");
    }
    if (all.size() == 1) {
      return all.getFirst();
    }
    List<Vector> columns = new ArrayList<>(types.size());
    for (int c = 0; c < types.size(); c++) {
      int column = c;
      columns.add(
          all.isEmpty()
              ? VectorOps.nulls(types.get(c), 0, target)
              : VectorOps.concat(all.stream().map(b -> b.column(column)).toList(), target));
    }
    return new Batch((int) rows, columns);
  }

  List<DataType> types() {
    return types;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
