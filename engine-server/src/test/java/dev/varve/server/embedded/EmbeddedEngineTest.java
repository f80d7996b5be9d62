// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jdbc:varve:DIR` and `jdbc:varve:mem:` over the real engine.
final class EmbeddedEngineTest {
  @TempDir Path directory;

  private String url() {
    return "jdbc:varve:" + directory.resolve("data");
  }

  private static void createOrders(Statement statement) throws SQLException {
    statement.execute(
        "CREATE TABLE orders (id UInt64, customer String, price Decimal(12, 2), at DateTime,"
            + " note Nullable(String)) ENGINE = ReplacingMergeTree ORDER BY id");
  }

  @Test
  void rowsGoInWithAPreparedStatementAndComeOutExactly() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:varve:mem:");
        Statement statement = connection.createStatement()) {
      createOrders(statement);
      LocalDateTime at = LocalDateTime.of(2024, 5, 17, 8, 30);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO orders (id, customer, price, at, note) VALUES (?, ?, ?, ?, ?)")) {
        for (int round = 0; round < 2; round++) {
          for (int id = 0; id < 100; id++) {
            insert.setLong(1, id);
            insert.setString(2, "c" + id % 3);
            insert.setBigDecimal(3, BigDecimal.valueOf(100L * id + round, 2));
            insert.setObject(4, at.plusSeconds(id));
            insert.setString(5, id % 2 == 0 ? null : "tab\tand 'quote'");
            insert.addBatch();
          }
          assertThat(insert.executeBatch()).hasSize(100);
        }
      }
      try (PreparedStatement query =
          connection.prepareStatement("SELECT * FROM orders WHERE id >= ? ORDER BY id")) {
        query.setInt(1, 98);
        ResultSet rows = query.executeQuery();
        rows.next();
        assertThat(rows.getString("note")).isNull();
        rows.next();
        assertThat(rows.getLong("id")).isEqualTo(99);
        assertThat(rows.getBigDecimal("price")).isEqualByComparingTo("99.01");
        assertThat(rows.getObject("at", LocalDateTime.class)).isEqualTo(at.plusSeconds(99));
        assertThat(rows.getString("note")).isEqualTo("tab\tand 'quote'");
        assertThat(rows.next()).isFalse();
      }
      ResultSet groups =
          statement.executeQuery(
              "SELECT customer, count(*) FROM orders GROUP BY customer ORDER BY customer");
      List<String> seen = new ArrayList<>();
      while (groups.next()) {
        seen.add(groups.getString(1) + " " + groups.getLong(2));
      }
      assertThat(seen).containsExactly("c0 34", "c1 33", "c2 33");
    }
  }

  @Test
  void aDirectoryKeepsItsRowsAndIsSharedWithinTheJvm() throws SQLException {
    try (Connection first = DriverManager.getConnection(url());
        Connection second = DriverManager.getConnection(url())) {
      createOrders(first.createStatement());
      first
          .createStatement()
          .execute("INSERT INTO orders VALUES (1, 'a', 1.5, '2024-01-01 00:00:00', NULL)");
      assertThat(count(second)).isEqualTo(1);
    }
    try (Connection again = DriverManager.getConnection(url())) {
      assertThat(count(again)).isEqualTo(1);
    }
  }

  private static long count(Connection connection) throws SQLException {
    try (ResultSet rows =
        connection.createStatement().executeQuery("SELECT count(*) FROM orders")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void memoryWithoutANameIsOwnedByItsConnectionAndLeavesNoFile() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:varve:mem:");
        Connection other = DriverManager.getConnection("jdbc:varve:mem:")) {
      createOrders(connection.createStatement());
      assertThatThrownBy(() -> count(other)).isInstanceOf(SQLSyntaxErrorException.class);
    }
    assertThat(Files.exists(directory.resolve("data"))).isFalse();
  }

  @Test
  void aFailedStatementLeavesEverythingUsable() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:varve:mem:");
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nothing"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42S02"));
      assertThatThrownBy(() -> statement.executeQuery("SELEC 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42000"));
      ResultSet rows = statement.executeQuery("SELECT 1 + 1");
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(2);
    }
  }

  @Test
  void anErrorShowsItsPlaceInTheStatement() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:varve:mem:");
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("SELECT 1 AS one,\n  two FROM numbers(3)"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("line 2, column 3: ")
          .hasMessageEndingWith("\n    two FROM numbers(3)\n    ^");
    }
  }

  @Test
  void metadataListsTablesAndColumns() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:varve:mem:")) {
      createOrders(connection.createStatement());
      ResultSet tables =
          connection.getMetaData().getTables(null, "default", "%", new String[] {"TABLE"});
      assertThat(tables.next()).isTrue();
      assertThat(tables.getString("TABLE_NAME")).isEqualTo("orders");
      ResultSet columns = connection.getMetaData().getColumns(null, null, "orders", "%");
      List<String> seen = new ArrayList<>();
      while (columns.next()) {
        seen.add(columns.getString("COLUMN_NAME") + " " + columns.getString("TYPE_NAME"));
      }
      assertThat(seen)
          .containsExactly(
              "id UInt64",
              "customer String",
              "price Decimal(12, 2)",
              "at DateTime",
              "note Nullable(String)");
      ResultSet keys = connection.getMetaData().getPrimaryKeys(null, "default", "orders");
      assertThat(keys.next()).isTrue();
      assertThat(keys.getString("COLUMN_NAME")).isEqualTo("id");
    }
  }
}
