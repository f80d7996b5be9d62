// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Progress;

/// A statement that tells how far it has come: `statement.unwrap(WatchedStatement.class)`.
public interface WatchedStatement {
  /// Rows and bytes read so far; any thread may ask.
  Progress progress();
}
