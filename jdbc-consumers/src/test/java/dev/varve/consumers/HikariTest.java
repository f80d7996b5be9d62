// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The pool of most Java services.
final class HikariTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  private static HikariConfig config() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(VARVE.url());
    config.setMaximumPoolSize(3);
    return config;
  }

  @Test
  void connectionsAreLentToManyThreads() throws Exception {
    VARVE.run("CREATE TABLE pooled (n Int64) ENGINE = MergeTree ORDER BY n");
    HikariConfig config = config();
    config.setAutoCommit(false);
    config.setConnectionTestQuery("SELECT 1");
    try (HikariDataSource pool = new HikariDataSource(config);
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int number = i;
        writers.add(
            threads.submit(() -> {
              write(pool, number);
              return null;
            }));
      }
      for (Future<?> writer : writers) {
        writer.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(VARVE.rows("SELECT count(*), sum(n) FROM pooled")).containsExactly("3|6");
  }

  /// Even numbers stay, odd ones are taken back.
  private static void write(HikariDataSource pool, int number) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO pooled VALUES (?)")) {
      insert.setInt(1, number);
      insert.executeUpdate();
      if (number % 2 == 0) {
        connection.commit();
      } else {
        connection.rollback();
      }
    }
  }

  @Test
  void stateOfOneBorrowerDoesNotReachTheNext() throws SQLException {
    VARVE.run("CREATE TABLE lent (n Int64) ENGINE = MergeTree ORDER BY n");
    HikariConfig config = config();
    config.setMaximumPoolSize(1);
    config.setReadOnly(true);
    config.setSchema("default");
    try (HikariDataSource pool = new HikariDataSource(config)) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        assertThatThrownBy(() -> statement.execute("INSERT INTO lent VALUES (1)"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("readonly");
        connection.setReadOnly(false);
        connection.setNetworkTimeout(Runnable::run, 30_000);
        connection.setSchema("system");
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO default.lent VALUES (2)");
      }
      try (Connection connection = pool.getConnection()) {
        assertThat(connection.isReadOnly()).isTrue();
        assertThat(connection.getAutoCommit()).isTrue();
        assertThat(connection.getSchema()).isEqualTo("default");
        assertThat(connection.isValid(5)).isTrue();
      }
    }
    assertThat(VARVE.rows("SELECT count(*) FROM lent")).containsExactly("0");
  }
}
