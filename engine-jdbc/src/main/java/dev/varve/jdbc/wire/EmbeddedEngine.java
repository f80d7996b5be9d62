// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.sql.SQLException;

/// An engine that runs in this process. The driver finds it with `ServiceLoader`; the thin driver
/// jar has none, the full `varve.jar` brings one.
public interface EmbeddedEngine {
  /// A session on the engine of a data directory, which is created where it is not there. All
  /// sessions of one directory share one engine, which closes with the last of them.
  ///
  /// @param location a directory, or `mem:` for data that ends with its last session, where
  ///   `mem:NAME` is shared by name
  Transport open(String location, String user, String database) throws SQLException;
}
