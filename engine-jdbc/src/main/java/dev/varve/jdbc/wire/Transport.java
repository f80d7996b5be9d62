// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.sql.SQLException;

/// The way from one JDBC connection to an engine, whether over a network or within this process.
///
/// Safe for threads as far as JDBC asks: one thread sends, others may cancel or close.
public interface Transport extends AutoCloseable {
  /// Sends a statement. Errors of the statement come as a frame; an exception means that there was
  /// no exchange at all.
  FrameSource send(Call call) throws SQLException;

  /// Stops the statement of this name, if it still runs.
  void cancel(String queryId) throws SQLException;

  /// How long a read from the network may wait; 0 is for ever.
  void networkTimeout(int millis) throws SQLException;

  @Override
  void close();
}
