// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.io.IOException;

/// Reads rows of some format from a stream. One thread; the stream is its own to read, not to
/// close.
///
/// A row that does not fit throws a `VarveException` that names the row, the column, the type
/// expected and the text found.
public interface RowsReader {
  /// Appends up to `maxRows` rows and returns how many there were; 0 means the end.
  int read(RowBuilders rows, int maxRows) throws IOException;
}
