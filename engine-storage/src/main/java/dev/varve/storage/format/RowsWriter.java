// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.vector.Batch;
import java.io.IOException;

/// Writes the rows of one result in some format. `begin`, then batches, perhaps `totals`, then
/// `end`; used by one thread. The stream behind it is flushed by `end` and not closed; closing
/// gives back memory.
public interface RowsWriter extends AutoCloseable {
  void begin() throws IOException;

  void write(Batch batch) throws IOException;

  /// Takes the row of WITH TOTALS, behind all others; most formats have no place for it.
  ///
  /// @param totals one row
  default void totals(Batch totals) throws IOException {}

  /// @param statistics what the query read, for the formats that tell it
  void end(Statistics statistics) throws IOException;

  @Override
  default void close() {}

  /// The HTTP content type of the format.
  String contentType();

  /// What a query read, in rows and bytes, and how long it took.
  record Statistics(double elapsedSeconds, long rowsRead, long bytesRead) {}
}
