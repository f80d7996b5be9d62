// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.vector.BatchSource;

/// Rows read from a stream in some format, as batches of at most 8,192 rows whose columns are those
/// asked for at `RowsFormats.reader`, in that order.
///
/// A row that does not fit throws a `VarveException` naming row, column, the type expected and the
/// text found.
public interface RowsReader extends BatchSource {
  /// Whether rows gave a value for the column with this index; where false, its vector holds the
  /// type's default and the caller may put the DEFAULT expression in its place. Valid for the batch
  /// that `next()` gave last.
  boolean isGiven(int column);
}
