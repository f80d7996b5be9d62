// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.format.FormatSettings;
import dev.varve.storage.vector.BatchSource;
import java.util.List;
import java.util.Optional;

/// The outcome of one statement. Rows stream: the query runs while they are taken. Must be closed;
/// closing early cancels what still runs.
public interface Result extends AutoCloseable {
  /// Empty for a statement that gives no rows.
  List<ResultColumn> columns();

  /// The rows; take it once. Used by one thread.
  BatchSource batches();

  /// Rows written by an INSERT, else 0.
  long writtenRows();

  /// The name in the FORMAT clause, if the statement had one.
  Optional<String> format();

  /// How formats write its rows, as the statement's settings ask for.
  default FormatSettings formatSettings() {
    return FormatSettings.DEFAULT;
  }

  /// Whether the last row is that of WITH TOTALS.
  default boolean hasTotals() {
    return false;
  }

  /// Rows and bytes read so far, for progress and summaries.
  Progress progress();

  /// @param totalRows rows that the scan will read at most, 0 while unknown
  record Progress(long readRows, long readBytes, long totalRows, long elapsedNanos) {}

  @Override
  void close();
}
