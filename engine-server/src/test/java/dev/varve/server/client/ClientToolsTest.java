// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sqlline.SqlLine;

/// Programs that others wrote, unmodified, over both kinds of URL.
final class ClientToolsTest {
  @TempDir static Path directory;
  private static VarveServer server;

  @BeforeAll
  static void start() {
    server =
        VarveServer.open(
            new ServerConfig(
                directory.resolve("server"),
                "127.0.0.1",
                0,
                0,
                2,
                512L << 20,
                MergeSettings.defaults()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String remote() {
    return "jdbc:varve://127.0.0.1:" + server.httpPort() + "/default";
  }

  private static void createShop(String url, String prefix) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + prefix
              + "_customers (id UInt32, name String) ENGINE = MergeTree ORDER BY id");
      statement.execute(
          "CREATE TABLE "
              + prefix
              + "_orders (id UInt32, customer UInt32, price Decimal(9, 2))"
              + " ENGINE = ReplacingMergeTree ORDER BY id");
      statement.execute("INSERT INTO " + prefix + "_customers VALUES (1, 'Ada'), (2, 'Bob')");
      statement.execute(
          "INSERT INTO " + prefix + "_orders VALUES (1, 1, 10.50), (2, 2, 4.25), (3, 1, 1.00)");
      statement.execute("INSERT INTO " + prefix + "_orders VALUES (3, 1, 2.00)");
    }
  }

  private static String sqlline(String url, String... lines) throws IOException {
    SqlLine tool = new SqlLine();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(output, true, StandardCharsets.UTF_8);
    tool.setOutputStream(print);
    tool.setErrorStream(print);
    List<String> arguments =
        new ArrayList<>(List.of("-u", url, "-n", "default", "-p", "none", "--maxWidth=200"));
    arguments.add("--isolation=TRANSACTION_NONE");
    for (String line : lines) {
      arguments.add("-e");
      arguments.add(line);
    }
    tool.begin(arguments.toArray(String[]::new), InputStream.nullInputStream(), false);
    return output.toString(StandardCharsets.UTF_8);
  }

  private static void shopIsSeenBySqlline(String url, String prefix)
      throws SQLException, IOException {
    String output =
        sqlline(
            url,
            "!tables",
            "!columns " + prefix + "_orders",
            "SELECT c.name, count(*) AS orders, sum(o.price) AS total FROM "
                + prefix
                + "_orders o JOIN "
                + prefix
                + "_customers c ON c.id = o.customer GROUP BY c.name ORDER BY c.name;");
    assertThat(output)
        .contains(prefix + "_customers")
        .contains(prefix + "_orders")
        .contains("Decimal(9, 2)")
        .containsPattern("Ada\\s*\\|\\s*2\\s*\\|\\s*12\\.50")
        .containsPattern("Bob\\s*\\|\\s*1\\s*\\|\\s*4\\.25")
        .doesNotContain("Exception");
  }

  @Test
  void sqllineListsJoinsAndGroupsInThisProcess() throws SQLException, IOException {
    String url = "jdbc:varve:" + directory.resolve("embedded");
    createShop(url, "embedded");
    shopIsSeenBySqlline(url, "embedded");
  }

  @Test
  void cancelEndsAStatementFromAnotherThread() throws Exception {
    // The connection closes before the thread is waited for, so that a failed cancel does not hang.
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection connection = DriverManager.getConnection(remote());
        Statement statement = connection.createStatement()) {
      CountDownLatch streaming = new CountDownLatch(1);
      Future<?> reader =
          thread.submit(() -> {
            try (ResultSet rows =
                statement.executeQuery("SELECT number FROM numbers(100000000000)")) {
              while (rows.next()) {
                streaming.countDown();
              }
            }
            return null;
          });
      assertThat(streaming.await(60, TimeUnit.SECONDS)).isTrue();
      statement.cancel();
      assertThatThrownBy(() -> reader.get(60, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      ResultSet rows = connection.createStatement().executeQuery("SELECT 7");
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(7);
    }
  }

  @Test
  void aTimeoutEndsAStatementOnTheServer() throws SQLException {
    try (Connection connection = DriverManager.getConnection(remote());
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatThrownBy(
              () -> {
                try (ResultSet rows =
                    statement.executeQuery("SELECT sum(number) FROM numbers(100000000000000)")) {
                  rows.next();
                }
              })
          .isInstanceOf(SQLTimeoutException.class);
    }
  }

  @Test
  void settingsOfASessionStay() throws SQLException {
    try (Connection connection = DriverManager.getConnection(remote());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE raw (k Int64, v Int64) ENGINE = ReplacingMergeTree ORDER BY k");
      statement.execute("SYSTEM STOP MERGES raw");
      statement.execute("INSERT INTO raw VALUES (1, 1)");
      statement.execute("INSERT INTO raw VALUES (1, 2)");
      assertThat(count(statement)).isEqualTo(1);
      statement.execute("SET final = 0");
      assertThat(count(statement)).isEqualTo(2);
      statement.execute("SET final = 1");
      assertThat(count(statement)).isEqualTo(1);
    }
  }

  private static long count(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM raw")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
