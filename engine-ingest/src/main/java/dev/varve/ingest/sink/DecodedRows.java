// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.List;

/// What one record batch says: rows, keys to delete, records that did not fit. Whoever holds it
/// closes it, which gives the memory back.
///
/// @param records for each row, what its record's offset has above that of the batch
/// @param deleted rows whose sorting keys are deleted; null in most batches
/// @param deletedRecords as `records`, for `deleted`
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record DecodedRows(
    Batch rows,
    int[] records,
    Batch deleted,
    int[] deletedRecords,
    List<DeadLetter> deadLetters,
    Scratch memory,
    ScratchPool pool)
    implements AutoCloseable {
  /// Rows and nothing else.
  public DecodedRows(Batch rows, int[] records, Scratch memory, ScratchPool pool) {
    this(rows, records, null, new int[0], List.of(), memory, pool);
  }

  /// Rows of both kinds.
  int size() {
    return rows.rows() + deletedRecords.length;
  }

  @Override
  public void close() {
    pool.giveBack(memory);
  }
}
