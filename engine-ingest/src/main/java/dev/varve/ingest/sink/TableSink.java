// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.merge.engine.LogRows;
import java.util.Map;
import java.util.function.IntPredicate;

/// What a table is to the log. Safe for threads.
public interface TableSink {
  /// Reads the records of a checked batch.
  ///
  /// @throws dev.varve.ingest.record.RefusedException where they do not fit
  DecodedRows decode(int partition, byte[] batch, int from);

  /// As [#decode] for records that were accepted earlier: fields that have no column any more are
  /// passed over.
  ///
  /// @param isDead which records are dead letters, by their offsets above that of the batch
  /// @param keepsBad whether more of them may become dead letters
  DecodedRows decodeAgain(
      int partition, byte[] batch, int from, IntPredicate isDead, boolean keepsBad);

  /// Shows rows and deletes keys. Called in offset order for each partition; what was applied
  /// before is skipped.
  void apply(LogRows rows);

  /// For each partition, the offset up to which rows are in durable parts.
  Map<Integer, Long> durableOffsets();

  /// For each partition, the offset up to which rows are visible.
  Map<Integer, Long> appliedOffsets();

  /// Whether the table was dropped, so that nothing can be applied ever again.
  boolean isGone();
}
