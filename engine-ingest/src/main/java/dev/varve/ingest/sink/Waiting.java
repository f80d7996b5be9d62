// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Durability;
import dev.varve.ingest.record.RefusedException;
import java.util.concurrent.CompletableFuture;

/// A batch in the log whose producer waits for the answer.
///
/// @param rows of a table, closed when they are shown; null where there are none
/// @param durability what it must be before it is answered
/// @param waits whether its sender waits until its rows are visible, however long: not so where it
///   belongs to a transaction, or two of them would wait for each other
record Waiting(
    Appended at,
    DecodedRows rows,
    Durability durability,
    boolean waits,
    CompletableFuture<Appended> done) {
  Waiting withoutRows() {
    return new Waiting(at, null, durability, waits, done);
  }

  void closeRows() {
    if (rows != null) {
      rows.close();
    }
  }

  void fail(RefusedException reason) {
    closeRows();
    done.completeExceptionally(reason);
  }
}
