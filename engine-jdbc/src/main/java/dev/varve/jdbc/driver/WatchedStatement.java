// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Progress;
import java.io.InputStream;
import java.sql.SQLException;

/// A statement that tells how far it has come, and takes rows as a stream:
/// `statement.unwrap(WatchedStatement.class)`.
public interface WatchedStatement {
  /// Rows and bytes read so far; any thread may ask.
  Progress progress();

  /// Runs `INSERT INTO t FORMAT F` with rows of that format, which are read to their end and not
  /// held in memory. What a transaction holds back is not waited for.
  ///
  /// @return rows written
  long insert(String sql, InputStream rows) throws SQLException;
}
