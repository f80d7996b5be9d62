// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.format.RowBuilders;

/// Reads the rows of records' values. Made for the columns of one table; one thread.
@FunctionalInterface
public interface RecordFormat {
  /// Appends the rows of `bytes[from, to)`.
  ///
  /// @throws dev.varve.storage.error.VarveException what does not fit, with the column where one is
  ///   at fault; the caller drops what was appended
  void read(RowBuilders rows, byte[] bytes, int from, int to);
}
