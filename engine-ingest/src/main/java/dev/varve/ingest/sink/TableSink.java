// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.storage.part.LogRange;
import dev.varve.storage.vector.Batch;
import java.util.Map;

/// What a table is to the log. Safe for threads.
public interface TableSink {
  /// Reads the records of a checked batch as rows.
  ///
  /// @throws dev.varve.ingest.record.RefusedException where they do not fit
  DecodedRows decode(byte[] batch, int from);

  /// As [#decode] for records that were accepted earlier: fields that have no column any more are
  /// passed over.
  DecodedRows decodeAgain(byte[] batch, int from);

  /// Shows rows. Called in offset order for each partition; what was applied before is skipped.
  void apply(Batch rows, long[] offsets, LogRange source);

  /// For each partition, the offset up to which rows are in durable parts.
  Map<Integer, Long> durableOffsets();

  /// For each partition, the offset up to which rows are visible.
  Map<Integer, Long> appliedOffsets();

  /// Whether the table was dropped, so that nothing can be applied ever again.
  boolean isGone();
}
