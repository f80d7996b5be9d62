// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.io.Closeable;
import java.io.IOException;

/// Reads rows of some format from a stream. One thread; the stream is its own to read, not to
/// close. Closing gives back what a reader holds besides.
///
/// A row that does not fit throws a `VarveException` that names the row, the column, the type
/// expected and the text found.
public interface RowsReader extends Closeable {
  /// Appends up to `maxRows` rows and returns how many there were; 0 means the end.
  int read(RowBuilders rows, int maxRows) throws IOException;

  @Override
  default void close() throws IOException {}

  /// This reader, which now leaves rows out that do not fit, if it can tell where the next begins.
  default RowsReader tolerating(RowErrors errors) {
    return this;
  }
}
