// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.jdbc.VarveDataSource;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A server for the tests of one class, with an empty directory of its own.
final class VarveAtWork implements BeforeAllCallback, AfterAllCallback {
  private Path directory;
  private VarveServer server;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    directory = Files.createTempDirectory("varve-consumers");
    server = VarveServer.open(ServerConfig.onFreePorts(directory));
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    server.close();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  String url() {
    return "jdbc:varve://127.0.0.1:" + server.httpPort() + "/default";
  }

  /// For tools whose columns may be NULL unless they say NOT NULL, as the standard has it.
  String nullableUrl() {
    return url() + "?data_type_default_nullable=1";
  }

  VarveDataSource dataSource() {
    return dataSource(url());
  }

  static VarveDataSource dataSource(String url) {
    VarveDataSource source = new VarveDataSource();
    source.setUrl(url);
    return source;
  }

  /// Runs statements as a program of ours would.
  void run(String... statements) throws SQLException {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /// The rows of a query, values joined by a bar.
  List<String> rows(String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(rows.getString(i));
        }
        lines.add(String.join("|", values));
      }
    }
    return lines;
  }

  /// Customers and their orders, of which one came twice: the later row counts.
  void createShop() throws SQLException {
    run(
        "CREATE TABLE customers (id UInt32, name String) ENGINE = MergeTree ORDER BY id",
        "CREATE TABLE orders (id UInt32, customer UInt32, day Date, price Decimal(9, 2))"
            + " ENGINE = ReplacingMergeTree ORDER BY id",
        "INSERT INTO customers VALUES (1, 'Ada'), (2, 'Bob')",
        "INSERT INTO orders VALUES (1, 1, '2026-01-01', 10.50), (2, 2, '2026-01-02', 4.25),"
            + " (3, 1, '2026-01-03', 1.00)",
        "INSERT INTO orders VALUES (3, 1, '2026-01-03', 2.00)");
    assertThat(rows("SELECT count(*), sum(price) FROM orders")).containsExactly("3|16.75");
  }
}
