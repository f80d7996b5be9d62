// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.embedded;

import dev.varve.jdbc.wire.EmbeddedEngine;
import dev.varve.jdbc.wire.Transport;
import dev.varve.storage.error.VarveException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;

/// What `ServiceLoader` finds when the driver asks for an engine in this process.
public final class InProcessEngine implements EmbeddedEngine {
  // One for the whole JVM, because a data directory can be open once in it, and `ServiceLoader`
  // makes a new instance of this class for each connection.
  private static final SharedEngines ENGINES = new SharedEngines();

  @Override
  public Transport open(String location, String user, String database) throws SQLException {
    try {
      SharedEngine engine = ENGINES.acquire(location);
      try {
        String start = database.isEmpty() ? "default" : database;
        return new InProcessTransport(engine, user.isEmpty() ? "default" : user, start);
      } catch (RuntimeException e) {
        engine.release();
        throw e;
      }
    } catch (VarveException e) {
      String message =
          "Code " + e.code().number() + " (" + e.code().name() + "): " + e.getMessage();
      throw new SQLNonTransientConnectionException(
          message, e.code().sqlState(), e.code().number(), e);
    }
  }
}
