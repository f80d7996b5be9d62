// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Batches;
import dev.varve.sql.hash.KeyHashes;
import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// Rows put on disk by the hash of their keys, so that rows of one key lie in one file. Each level
/// looks at other bits of the hash: a partition that is still too large is parted again one level
/// up. Safe for threads; each writes through a [Writer] of its own.
final class PartitionedRows {
  static final int PARTITIONS = 16;

  /// Beyond this level rows are of few keys, and parting them again would not help.
  static final int LAST_LEVEL = 5;

  private static final int BITS = 4;
  private static final int FIRST_BIT = 20;
  private static final int BUFFERED_ROWS = 4096;
  private static final long BUFFERED_BYTES = 1 << 17;

  private final List<DataType> types;
  private final List<Integer> keys;
  private final List<DataType> keyTypes;
  private final int level;
  private final QueryContext context;
  private final SpillFile[] files = new SpillFile[PARTITIONS];

  /// @param keys columns that hold the keys
  /// @param keyTypes their types as they are hashed: nullable where the other side of a join is
  PartitionedRows(
      List<DataType> types,
      List<Integer> keys,
      List<DataType> keyTypes,
      int level,
      QueryContext context) {
    this.types = types;
    this.keys = keys;
    this.keyTypes = keyTypes;
    this.level = level;
    this.context = context;
  }

  /// The partition of a key at a level.
  static int of(long hash, int level) {
    return (int) (hash >>> FIRST_BIT + BITS * level) & PARTITIONS - 1;
  }

  /// What a table of the keys takes beside the rows, roughly.
  long tableBytesPerRow() {
    long bytes = 0;
    for (DataType type : keyTypes) {
      bytes += type.physical().isLong() ? 24 : 64;
    }
    return bytes;
  }

  /// The rows of a partition, or null where it has none.
  SpillFile file(int partition) {
    return files[partition];
  }

  private synchronized SpillFile fileFor(int partition) {
    if (files[partition] == null) {
      files[partition] = context.memory().newFile(types);
      context.register(files[partition]);
    }
    return files[partition];
  }

  Writer writer() {
    return new Writer();
  }

  /// Closes a file that nobody needs any more, which deletes it.
  static void drop(SpillFile file, QueryContext context) {
    if (file != null) {
      context.forget(file);
      file.close();
    }
  }

  /// One thread's way in. Closing it writes what it still holds.
  final class Writer implements AutoCloseable {
    private final RowStore[] buffers = new RowStore[PARTITIONS];
    private final Scratch scratch = context.newScratch();
    private long[] hashes = new long[Batch.MAX_ROWS];

    void add(Batch batch) {
      int rows = batch.rows();
      if (hashes.length < rows) {
        hashes = new long[rows];
      }
      scratch.reset();
      List<Vector> keyColumns = new ArrayList<>(keys.size());
      for (int key : keys) {
        keyColumns.add(batch.column(key));
      }
      KeyHashes.of(keyTypes, keyColumns, rows, hashes, scratch);
      int[] starts = new int[PARTITIONS + 1];
      for (int i = 0; i < rows; i++) {
        starts[of(hashes[i], level) + 1]++;
      }
      for (int p = 0; p < PARTITIONS; p++) {
        starts[p + 1] += starts[p];
      }
      int[] selection = new int[rows];
      int[] filled = starts.clone();
      for (int i = 0; i < rows; i++) {
        selection[filled[of(hashes[i], level)]++] = i;
      }
      for (int p = 0; p < PARTITIONS; p++) {
        if (starts[p] < starts[p + 1]) {
          int[] own = java.util.Arrays.copyOfRange(selection, starts[p], starts[p + 1]);
          add(p, Batches.gather(batch, own, own.length, scratch));
        }
      }
    }

    private void add(int partition, Batch rows) {
      if (rows.rows() >= BUFFERED_ROWS) {
        flush(partition);
        write(partition, rows);
        return;
      }
      RowStore buffer = buffers[partition];
      if (buffer == null) {
        buffer = new RowStore(types, context);
        buffers[partition] = buffer;
      }
      buffer.add(rows);
      if (buffer.rows() >= BUFFERED_ROWS || buffer.bytes() >= BUFFERED_BYTES) {
        flush(partition);
      }
    }

    private void flush(int partition) {
      RowStore buffer = buffers[partition];
      if (buffer == null || buffer.rows() == 0) {
        return;
      }
      try (Scratch joined = new Scratch(context.allocator())) {
        write(partition, RowStore.joined(List.of(buffer), types, joined));
      }
      buffer.clear();
    }

    private void write(int partition, Batch rows) {
      context.check();
      SpillFile file = fileFor(partition);
      try (Scratch page = new Scratch(context.allocator())) {
        long before = file.fileBytes();
        file.append(rows, page);
        context.memory().addSpilled(file.fileBytes() - before);
      }
    }

    @Override
    public void close() {
      for (int p = 0; p < PARTITIONS; p++) {
        flush(p);
        if (buffers[p] != null) {
          buffers[p].discard();
        }
      }
      context.forget(scratch);
      scratch.close();
    }
  }
}
