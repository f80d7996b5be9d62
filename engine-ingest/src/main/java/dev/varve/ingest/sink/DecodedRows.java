// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;

/// The rows of one record batch. Whoever holds it closes it, which gives the memory back.
///
/// @param records for each row, the index of its record in the batch
public record DecodedRows(Batch rows, int[] records, Scratch memory, ScratchPool pool)
    implements AutoCloseable {
  @Override
  public void close() {
    pool.giveBack(memory);
  }
}
