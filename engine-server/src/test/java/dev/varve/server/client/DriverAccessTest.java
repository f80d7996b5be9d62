// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What users may do through the driver: the rules that HTTP holds, by the driver's own calls.
final class DriverAccessTest {
  @TempDir static Path directory;

  private static VarveServer server;

  @BeforeAll
  static void start() throws SQLException {
    server = VarveServer.open(ServerConfig.onFreePorts(directory.resolve("data")));
    try (Connection nobody = connect("", "");
        Statement statement = nobody.createStatement()) {
      statement.execute("CREATE USER root IDENTIFIED BY 'sesame'");
    }
    root(
        "CREATE TABLE staff (id Int32, name String, pay Int64) ENGINE = MergeTree ORDER BY id",
        "INSERT INTO staff VALUES (1, 'ann', 10), (2, 'bob', 20)",
        "CREATE TABLE docs (id Int32, owner String) ENGINE = MergeTree ORDER BY id",
        "INSERT INTO docs VALUES (1, 'ida'), (2, 'root'), (3, 'ida')",
        "CREATE USER ida IDENTIFIED BY 'open'",
        "GRANT SELECT(id, name) ON default.staff TO ida",
        "GRANT SELECT ON default.docs TO ida",
        "CREATE ROW POLICY own ON docs USING owner = currentUser() TO ida",
        "CREATE ROW POLICY everything ON docs USING 1 TO root",
        "CREATE USER busy IDENTIFIED BY 'open' SETTINGS max_threads = 1 MAX 2",
        "CREATE QUOTA few FOR INTERVAL 1 DAY MAX queries = 3 TO busy");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Connection connect(String user, String password) throws SQLException {
    Properties who = new Properties();
    if (!user.isEmpty()) {
      who.setProperty("user", user);
      who.setProperty("password", password);
    }
    return DriverManager.getConnection(
        "jdbc:varve://127.0.0.1:" + server.httpPort() + "/default", who);
  }

  private static void root(String... statements) throws SQLException {
    try (Connection root = connect("root", "sesame");
        Statement statement = root.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> column(Statement statement, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private static void refused(ThrowingCallable work, String state) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(state));
  }

  @Test
  void wrongPasswordsUnknownUsersAndNobodyAreRefused() {
    refused(() -> connect("root", "wrong").close(), "28000");
    refused(() -> connect("stranger", "").close(), "28000");
    refused(() -> connect("", "").close(), "28000");
  }

  @Test
  void whatIsNotGrantedIsNeitherReadNorWrittenNorListed() throws SQLException {
    try (Connection ida = connect("ida", "open");
        Statement statement = ida.createStatement()) {
      assertThat(column(statement, "SELECT name FROM staff ORDER BY id"))
          .containsExactly("ann", "bob");
      // A column that may not be read is not there.
      refused(() -> column(statement, "SELECT pay FROM staff"), "42S22");
      refused(() -> column(statement, "SELECT count() FROM staff WHERE pay > 1"), "42S22");
      refused(() -> statement.executeUpdate("INSERT INTO docs VALUES (4, 'ida')"), "42501");
      refused(() -> statement.executeUpdate("DROP TABLE docs"), "42501");
      try (PreparedStatement insert = ida.prepareStatement("INSERT INTO docs VALUES (?, ?)")) {
        insert.setInt(1, 4);
        insert.setString(2, "ida");
        refused(insert::executeUpdate, "42501");
      }
    }
    try (Connection root = connect("root", "sesame");
        Statement statement = root.createStatement()) {
      assertThat(column(statement, "SELECT count() FROM docs")).containsExactly("3");
    }
  }

  @Test
  void rowPoliciesHoldForPreparedStatementsToo() throws SQLException {
    try (Connection ida = connect("ida", "open");
        Statement statement = ida.createStatement();
        PreparedStatement query =
            ida.prepareStatement("SELECT count() FROM docs WHERE owner = ? OR 1 = ?")) {
      assertThat(column(statement, "SELECT id FROM docs ORDER BY id")).containsExactly("1", "3");
      query.setString(1, "root");
      query.setInt(2, 1);
      try (ResultSet rows = query.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(2);
      }
    }
  }

  @Test
  void quotasAndBoundsOfSettingsAreHeld() throws SQLException {
    try (Connection busy = connect("busy", "open");
        Statement statement = busy.createStatement()) {
      refused(() -> statement.execute("SET max_threads = 3"), "22023");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 4; i++) {
                  assertThat(column(statement, "SELECT 1")).containsExactly("1");
                }
              })
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("queries = 3");
    }
  }

  @Test
  void valuesOfParametersAreNeverSql() throws SQLException {
    for (String evil :
        new String[] {"' OR 1 = 1 --", "\\' OR 1 = 1 --", "x'); DROP TABLE docs --"}) {
      try (Connection root = connect("root", "sesame");
          PreparedStatement query =
              root.prepareStatement("SELECT count(), any(?) FROM staff WHERE name = ?")) {
        query.setString(1, evil);
        query.setString(2, evil);
        try (ResultSet rows = query.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getLong(1)).isZero();
        }
        try (PreparedStatement echo = root.prepareStatement("SELECT ?")) {
          echo.setString(1, evil);
          try (ResultSet rows = echo.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo(evil);
          }
        }
      }
    }
  }

  @Test
  void filesOfTheServerAreForAdministrators() throws SQLException {
    try (Connection ida = connect("ida", "open");
        Statement statement = ida.createStatement()) {
      refused(() -> column(statement, "SELECT * FROM file('x.csv')"), "42501");
      refused(() -> statement.execute("SELECT 1 INTO OUTFILE 'x.csv'"), "42501");
    }
    try (Connection root = connect("root", "sesame");
        Statement statement = root.createStatement()) {
      assertThatThrownBy(() -> column(statement, "SELECT * FROM file('../../etc/passwd')"))
          .isInstanceOf(SQLException.class)
          .hasMessageNotContaining("root:");
    }
  }
}
