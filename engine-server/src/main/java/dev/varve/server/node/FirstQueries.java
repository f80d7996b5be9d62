// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.Session;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.BatchSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the web console and most tools ask first, asked once when the server has begun to serve:
/// the first plans of a process take seconds, for classes to be loaded and code to be compiled, and
/// now nobody waits for that. Runs once, in a thread of its own.
record FirstQueries(SqlEngine sql) implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(FirstQueries.class);

  static final List<String> ALL =
      List.of(
          "SELECT version() AS v",
          "SELECT database, name, engine, total_rows, total_bytes FROM system.tables"
              + " WHERE lower(database) <> 'information_schema'"
              + " ORDER BY database = 'system', database, name",
          "SELECT database, table, name FROM system.columns ORDER BY database, table, position",
          "SELECT name FROM system.functions ORDER BY name");

  @Override
  public void run() {
    try (Session session = sql.open("", "")) {
      for (String query : ALL) {
        try (Result result = session.execute(Request.of(query));
            BatchSource rows = result.batches()) {
          while (rows.next() != null) {
            // only to have been done
          }
        }
      }
    } catch (VarveException failed) {
      LOG.info("the first queries ended early: {}", failed.getMessage()); // the server was closed
    }
  }
}
