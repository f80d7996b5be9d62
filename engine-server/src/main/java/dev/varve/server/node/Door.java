// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.server.config.ServerConfig;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ServiceLoader;
import org.apache.arrow.memory.BufferAllocator;

/// A port that a module of its own serves, so that the server's jar does without what that needs.
/// The module names a [Maker] as a service and stands on the class path where it is wanted.
public interface Door extends AutoCloseable {
  /// Opens the door of a server.
  interface Maker {
    /// @throws VarveException NETWORK_ERROR where the port is taken
    Door open(ServerConfig config, SqlEngine sql, BufferAllocator allocator);
  }

  int port();

  /// Ends what runs.
  @Override
  void close();

  /// The door of Flight SQL.
  ///
  /// @throws VarveException BAD_ARGUMENTS where its module is not there
  static Door flight(ServerConfig config, SqlEngine sql, BufferAllocator allocator) {
    return ServiceLoader.load(Maker.class)
        .findFirst()
        .orElseThrow(() ->
            new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "--flight-port needs varve-flight.jar before varve.jar on the class path; ./varve"
                    + " server puts it there"))
        .open(config, sql, allocator);
  }
}
