// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// All rows of an input: in memory, or all of them on disk if they do not fit there.
///
/// @param stores rows in memory, empty where they are on disk
/// @param onDisk null where they are in memory
record CollectedRows(List<RowStore> stores, PartitionedRows onDisk) {
  /// Takes an input on all workers.
  ///
  /// @param rows where rows go that do not fit; null where they have to
  static CollectedRows of(Operator input, PartitionedRows rows, QueryContext context) {
    List<RowStore> stores = new ArrayList<>();
    AtomicBoolean spilled = new AtomicBoolean();
    try (ParallelSource source = context.open(input)) {
      int workers = source.parallelism();
      for (int w = 0; w < workers; w++) {
        stores.add(new RowStore(input.types(), context));
      }
      context.drain(
          source,
          (worker, share) -> collect(share, stores.get(worker), rows, workers, spilled, context));
    }
    if (!spilled.get()) {
      return new CollectedRows(stores, null);
    }
    try (PartitionedRows.Writer writer = rows.writer()) {
      for (RowStore store : stores) {
        store.batches().forEach(writer::add);
        store.discard();
      }
    }
    return new CollectedRows(List.of(), rows);
  }

  private static void collect(
      BatchSource share,
      RowStore store,
      PartitionedRows rows,
      int workers,
      AtomicBoolean spilled,
      QueryContext context) {
    PartitionedRows.Writer writer = null;
    for (Batch batch = share.next(); batch != null; batch = share.next()) {
      context.check();
      if (writer != null) {
        writer.add(batch);
        continue;
      }
      store.add(batch);
      if (rows != null
          && context
              .memory()
              .mustSpillJoin(store.bytes() + store.rows() * rows.tableBytesPerRow(), workers)) {
        spilled.set(true);
        writer = rows.writer();
        store.batches().forEach(writer::add);
        store.release();
      }
    }
    if (writer != null) {
      writer.close();
    }
  }

  /// Puts a whole input on disk.
  static void write(Operator input, PartitionedRows rows, QueryContext context) {
    try (ParallelSource source = context.open(input)) {
      context.drain(
          source,
          (_, share) -> {
            try (PartitionedRows.Writer writer = rows.writer()) {
              for (Batch batch = share.next(); batch != null; batch = share.next()) {
                context.check();
                writer.add(batch);
              }
            }
          });
    }
  }

  /// Types of the keys of both sides of a join: nullable where one side is.
  static List<DataType> keyTypes(
      Operator left, List<Integer> leftKeys, Operator right, List<Integer> rightKeys) {
    List<DataType> leftTypes = left.types();
    List<DataType> rightTypes = right.types();
    List<DataType> types = new ArrayList<>();
    for (int k = 0; k < leftKeys.size(); k++) {
      DataType l = leftTypes.get(leftKeys.get(k));
      DataType r = rightTypes.get(rightKeys.get(k));
      types.add(l.isNullable() || r.isNullable() ? DataTypes.nullable(r) : r);
    }
    return types;
  }
}
