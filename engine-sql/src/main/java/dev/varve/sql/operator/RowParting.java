// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.KeyHashes;
import dev.varve.sql.hash.KeyMemory;
import dev.varve.sql.hash.PartedRows;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.List;

/// Rows of one worker that are put by in the partitions of their keys, as the keys are too many for
/// a table in the nearer caches: each partition is then grouped alone, with the rows of all workers
/// that belong to it. One thread adds.
final class RowParting implements AutoCloseable {
  /// So many groups still stand in the nearer caches.
  private static final int MANY_GROUPS = 1 << 16;

  /// A table to which each key comes so often stays as large as it is.
  private static final int OFTEN = 16;

  /// One group in so many has come again: keys that never do are not worth it.
  private static final int AGAIN = 16;

  /// What a word of a group takes in its table, with the room to grow.
  private static final int WORD_BYTES = 16;

  private static final long MOST_BYTES = 128 << 20;

  /// Rows for each group of the threshold that a test sets, after which a worker holds too many.
  private static final int ROWS_OF_TEST = 64;

  private final PartedRows parted;
  private final List<DataType> keyTypes;
  private final List<Integer> keys;
  private final QueryContext context;
  private final long mostBytes;
  private final long groupBytes;
  private long[] hashes = new long[0];
  private byte[] owners = new byte[0];
  private int[] changes = new int[0];

  private RowParting(List<DataType> types, List<Integer> keys, int words, QueryContext context) {
    this.keys = keys;
    this.keyTypes = keys.stream().map(types::get).toList();
    this.context = context;
    this.mostBytes = context.memory().limit() / 4 / context.threads();
    this.groupBytes = (long) WORD_BYTES * words;
    this.parted = new PartedRows(types, KeyMemory.of(context.allocator()));
    context.register(this);
  }

  /// Whether rows had better be put by than looked up in a table of so many groups, made of so many
  /// rows.
  static boolean isWorth(int groups, long rows, QueryMemory memory) {
    if (memory.partedGroups() > 0) {
      return groups >= memory.partedGroups();
    }
    return memory.tableGroups() == 0
        && groups >= MANY_GROUPS
        && rows < (long) OFTEN * groups
        && rows >= groups + groups / AGAIN;
  }

  /// A place for rows of these types, or null where they cannot be put by or memory is short.
  ///
  /// @param keys columns that say where a row belongs
  /// @param words about how many words a group of these rows takes, its texts apart
  static RowParting of(List<DataType> types, List<Integer> keys, int words, QueryContext context) {
    if (!PartedRows.fits(types)) {
      return null;
    }
    RowParting parting = new RowParting(types, keys, words, context);
    if (context.memory().partedGroups() == 0
        && parting.parted.leastBytes() > parting.mostBytes >> 1) {
      parting.close();
      return null;
    }
    return parting;
  }

  PartedRows rows() {
    return parted;
  }

  long bytes() {
    return parted.bytes();
  }

  /// Whether there is no room for more rows before [#drain].
  boolean isFull() {
    int parts = context.memory().partedGroups();
    // The rows are still held when their groups stand in tables, with copies of the texts.
    return parted.bytes() > MOST_BYTES
        || 2 * parted.bytes() + groupBytes * parted.rows() > mostBytes
        || parts > 0 && parted.rows() >= (long) ROWS_OF_TEST * parts;
  }

  /// Puts rows by.
  void add(List<Vector> columns, int rows, Scratch scratch) {
    if (hashes.length < rows) {
      hashes = new long[Math.max(rows, Batch.MAX_ROWS)];
      owners = new byte[hashes.length];
    }
    List<Vector> keyColumns = keys.stream().map(columns::get).toList();
    KeyHashes.of(keyTypes, keyColumns, rows, hashes, scratch);
    for (int i = 0; i < rows; i++) {
      owners[i] = (byte) GroupParts.of(hashes[i], PartedRows.PARTITIONS);
    }
    parted.add(columns, rows, owners, scratch);
  }

  /// As [#add], where a row that is the same as the one before it need not be kept.
  void addOnce(List<Vector> columns, int rows, Scratch scratch) {
    if (changes.length < rows) {
      changes = new int[Math.max(rows, Batch.MAX_ROWS)];
    }
    int count = RowChanges.of(columns, rows, changes, scratch);
    if (count > rows - (rows >> 2)) {
      add(columns, rows, scratch);
      return;
    }
    List<Vector> kept =
        columns.stream().map(c -> VectorOps.gather(c, changes, count, scratch)).toList();
    add(kept, count, scratch);
  }

  interface Sink {
    void accept(List<Vector> columns, int rows);
  }

  /// Gives all rows to `sink`, partition by partition, and forgets them.
  void drain(Sink sink) {
    for (int p = 0; p < PartedRows.PARTITIONS; p++) {
      each(p, sink);
    }
    parted.clear();
  }

  /// Gives the rows of a partition to `sink`. Any number of threads may, once nothing is added.
  void each(int partition, Sink sink) {
    for (int page = 0; page < parted.pages(partition); page++) {
      context.check();
      sink.accept(parted.page(partition, page), parted.pageRows(partition, page));
    }
  }

  @Override
  public void close() {
    parted.close();
  }
}
