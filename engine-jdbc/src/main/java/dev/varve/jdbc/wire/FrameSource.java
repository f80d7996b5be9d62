// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.IOException;

/// The frames of one answer, in order. One thread; but [#close()] may come from another, and then
/// ends a [#next()] that waits.
public interface FrameSource extends AutoCloseable {
  /// The next frame, or null after the last.
  ///
  /// @throws IOException when the connection breaks or the bytes make no sense
  Frame next() throws IOException;

  /// Ends the exchange. Before the last frame was taken this stops the statement.
  @Override
  void close();
}
