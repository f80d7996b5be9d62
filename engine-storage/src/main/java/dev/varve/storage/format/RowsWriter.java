// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.vector.Batch;
import java.io.IOException;

/// Writes the rows of one result in some format. `begin`, then batches, then `end`; used by one
/// thread. The stream behind it is flushed by `end` and not closed.
public interface RowsWriter {
  void begin() throws IOException;

  void write(Batch batch) throws IOException;

  /// @param statistics what the query read, for the formats that tell it
  void end(Statistics statistics) throws IOException;

  /// The HTTP content type of the format.
  String contentType();

  /// What a query read, in rows and bytes, and how long it took.
  record Statistics(double elapsedSeconds, long rowsRead, long bytesRead) {}
}
