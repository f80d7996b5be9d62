// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three processes of a cluster are stopped and started, one after the other, under a client that
/// knows the three addresses. None of its queries fails, and it always reads what it wrote. An
/// INSERT whose connection ended without an answer may have been done or not, so that it comes
/// again with its token.
@Timeout(600)
final class ClusterRestartTest {
  private static final int TRIES = 20;

  @TempDir Path directory;

  private final AtomicInteger statements = new AtomicInteger();
  private volatile boolean over;

  @Test
  void noQueryOfTheDriverFailsWhileServersAreRestarted() throws IOException {
    try (ClusterProcesses servers = ClusterProcesses.start(directory)) {
      servers.untilDone(0, "CREATE TABLE IF NOT EXISTS t (k Int64) ENGINE = MergeTree ORDER BY k");
      CompletableFuture<Integer> client =
          CompletableFuture.supplyAsync(() -> load(servers), Thread::startVirtualThread);
      try {
        for (int i = 0; i < ClusterProcesses.SERVERS && !client.isDone(); i++) {
          servers.stop(i);
          awaitStatements(client);
          servers.start(i);
          servers.untilDone(
              i, "SELECT countIf(is_live) FROM system.replicas", live -> live.equals("3"));
          awaitStatements(client);
        }
      } finally {
        over = true;
      }
      int rows = client.join();
      for (int i = 0; i < ClusterProcesses.SERVERS; i++) {
        servers.awaitEqual(i, "SELECT count() FROM t", String.valueOf(rows));
      }
    }
  }

  /// Some more statements went well, or none will any more.
  private void awaitStatements(CompletableFuture<Integer> client) {
    int wanted = statements.get() + 20;
    while (statements.get() < wanted && !client.isDone()) {
      Thread.onSpinWait();
    }
  }

  private int load(ClusterProcesses servers) {
    String hosts =
        IntStream.range(0, ClusterProcesses.SERVERS)
            .mapToObj(i -> "127.0.0.1:" + servers.port(i))
            .collect(Collectors.joining(","));
    try (Connection connection = DriverManager.getConnection("jdbc:varve://" + hosts + "/default");
        Statement statement = connection.createStatement()) {
      int rows = 0;
      while (!over) {
        insert(statement, rows++);
        try (ResultSet result = statement.executeQuery("SELECT count() FROM t")) {
          result.next();
          assertThat(result.getInt(1)).isEqualTo(rows);
        }
        statements.addAndGet(2);
      }
      return rows;
    } catch (SQLException failed) {
      throw new AssertionError("after " + statements + " statements", failed);
    }
  }

  private static void insert(Statement statement, int row) throws SQLException {
    String sql =
        "INSERT INTO t SETTINGS insert_deduplication_token = 'row" + row + "' VALUES (" + row + ")";
    for (int i = 0; true; i++) {
      try {
        statement.executeUpdate(sql);
        return;
      } catch (SQLException unknown) {
        if (i == TRIES) {
          throw unknown;
        }
      }
    }
  }
}
