// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.vector.Batch;

/// An INSERT under way. One thread.
public interface TableInsert extends AutoCloseable {
  /// Takes rows; columns are those of [MergeTable#insertColumns()] in that order. The batch is
  /// copied. Blocks are sorted and written while the insert goes on.
  void write(Batch rows);

  /// Makes all rows durable and visible in one commit. Returns their number.
  default long commit() {
    return commit(CommitNotes.NONE);
  }

  /// As the other, and what the notes say with them.
  long commit(CommitNotes notes);

  /// Drops what was not committed.
  @Override
  void close();
}
