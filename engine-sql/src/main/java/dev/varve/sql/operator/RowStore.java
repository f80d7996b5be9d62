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
  /// Fewer rows are joined before another thread has begun.
  private static final int SHARED_ROWS = 1 << 16;

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
    stores.forEach(store -> all.addAll(store.batches));
    int rows = rows(stores);
    if (all.size() == 1) {
      return all.getFirst();
    }
    List<Vector> columns = new ArrayList<>(types.size());
    for (int c = 0; c < types.size(); c++) {
      columns.add(joined(all, types.get(c), c, target));
    }
    return new Batch(rows, columns);
  }

  /// As the other, with each column in memory of its own, which the caller closes: where there are
  /// many rows, the query's threads share the columns out.
  static Batch joined(
      List<RowStore> stores, List<DataType> types, QueryContext context, List<Scratch> opened) {
    int rows = rows(stores);
    if (rows < SHARED_ROWS || types.size() < 2) {
      opened.add(context.newScratch());
      return joined(stores, types, opened.getFirst());
    }
    List<Batch> all = new ArrayList<>();
    stores.forEach(store -> all.addAll(store.batches));
    types.forEach(_ -> opened.add(context.newScratch()));
    Vector[] columns = new Vector[types.size()];
    context.parallel(
        columns.length,
        c -> {
          context.check();
          columns[c] = joined(all, types.get(c), c, opened.get(c));
        });
    return new Batch(rows, List.of(columns));
  }

  private static Vector joined(List<Batch> all, DataType type, int column, Scratch target) {
    return all.isEmpty()
        ? VectorOps.nulls(type, 0, target)
        : VectorOps.concat(all.stream().map(b -> b.column(column)).toList(), target);
  }

  private static int rows(List<RowStore> stores) {
    long rows = stores.stream().mapToLong(RowStore::rows).sum();
    if (rows > Integer.MAX_VALUE - 64) {
      throw new VarveException(
          ErrorCode.MEMORY_LIMIT_EXCEEDED,
          "one step of the query would hold " + rows + " rows at once; filter or limit more");
    }
    return (int) rows;
  }

  List<DataType> types() {
    return types;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
