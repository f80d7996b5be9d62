// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.server.http.RunningServer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// ClickHouse's own JDBC driver, unmodified, at our HTTP port.
final class OfficialDriverTest {
  @RegisterExtension static final RunningServer SERVER = new RunningServer();

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:clickhouse://127.0.0.1:" + SERVER.httpPort() + "/default", "default", "");
  }

  @Test
  void connectsAndTellsWhoAnswers() throws SQLException {
    try (Connection connection = connect()) {
      assertThat(connection.isValid(5)).isTrue();
      DatabaseMetaData metadata = connection.getMetaData();
      assertThat(metadata.getDatabaseProductVersion()).matches("[0-9]+\\..*");
      assertThat(connection.getSchema()).isEqualTo("default");
    }
  }

  @Test
  void preparedInsertsAreReadBack() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE prepared (id UInt32, name String, price Decimal(10, 2), at DateTime,"
              + " maybe Nullable(Int64)) ENGINE = MergeTree ORDER BY id");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO prepared VALUES (?, ?, ?, ?, ?)")) {
        for (int i = 0; i < 3; i++) {
          insert.setInt(1, i);
          insert.setString(2, "it's \\ " + i);
          insert.setBigDecimal(3, new BigDecimal("12.50"));
          insert.setObject(4, LocalDateTime.of(2024, 2, 29, 12, 30, i));
          if (i == 1) {
            insert.setNull(5, Types.BIGINT);
          } else {
            insert.setLong(5, 1L << 40);
          }
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT id, name, price, at, maybe FROM prepared WHERE id >= ? ORDER BY id")) {
        select.setInt(1, 1);
        ResultSetMetaData ahead = select.getMetaData();
        assertThat(ahead.getColumnCount()).isEqualTo(5);
        assertThat(ahead.getColumnTypeName(3)).isEqualTo("Decimal(10, 2)");
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(1);
          assertThat(rows.getString("name")).isEqualTo("it's \\ 1");
          assertThat(rows.getBigDecimal(3)).isEqualByComparingTo("12.5");
          assertThat(rows.getObject(4, LocalDateTime.class))
              .isEqualTo(LocalDateTime.of(2024, 2, 29, 12, 30, 1));
          assertThat(rows.getObject(5)).isNull();
          assertThat(rows.next()).isTrue();
          assertThat(rows.getLong(5)).isEqualTo(1L << 40);
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void valuesOfEveryTypeArrive() throws SQLException {
    String sql =
        "SELECT toInt8(-1) AS i8, toInt16(-2) AS i16, toInt32(-3) AS i32, toInt64(-4) AS i64,"
            + " toInt128('170141183460469231731687303715884105727') AS i128,"
            + " toInt256('-5') AS i256, toUInt8(255) AS u8, toUInt16(65535) AS u16,"
            + " toUInt32(4294967295) AS u32, toUInt64('18446744073709551615') AS u64,"
            + " toUInt256('7') AS u256, toFloat32(1.5) AS f32, toFloat64(-2.5) AS f64,"
            + " toDecimal32('1.25', 2) AS d32, toDecimal64('1.250', 3) AS d64,"
            + " toDecimal128('9.5', 4) AS d128, toDecimal256('9.75', 4) AS d256, true AS b,"
            + " 'text' AS s, toFixedString('ab', 2) AS fs,"
            + " toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS id,"
            + " toDate('2024-02-29') AS d, toDate32('1960-01-02') AS dd,"
            + " toDateTime('2024-02-29 01:02:03', 'UTC') AS dt,"
            + " toDateTime64('2024-02-29 01:02:03.456', 3, 'UTC') AS dt64,"
            + " CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = 2)') AS e,"
            + " toIPv4('1.2.3.4') AS ip4, toIPv6('::1') AS ip6, [1, 2, 3] AS arr,"
            + " map('k', toUInt8(1)) AS m, tuple(toUInt8(1), 'x') AS t,"
            + " CAST(NULL, 'Nullable(String)') AS n, toLowCardinality('low') AS lc";
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      assertThat(row.getByte("i8")).isEqualTo((byte) -1);
      assertThat(row.getShort("i16")).isEqualTo((short) -2);
      assertThat(row.getInt("i32")).isEqualTo(-3);
      assertThat(row.getLong("i64")).isEqualTo(-4);
      assertThat(row.getObject("i128"))
          .isEqualTo(new BigInteger("170141183460469231731687303715884105727"));
      assertThat(row.getObject("i256")).isEqualTo(BigInteger.valueOf(-5));
      assertThat(row.getInt("u8")).isEqualTo(255);
      assertThat(row.getInt("u16")).isEqualTo(65535);
      assertThat(row.getLong("u32")).isEqualTo(4294967295L);
      assertThat(row.getObject("u64")).isEqualTo(new BigInteger("18446744073709551615"));
      assertThat(row.getFloat("f32")).isEqualTo(1.5f);
      assertThat(row.getDouble("f64")).isEqualTo(-2.5);
      assertThat(row.getBigDecimal("d32")).isEqualByComparingTo("1.25");
      assertThat(row.getBigDecimal("d64")).isEqualByComparingTo("1.25");
      assertThat(row.getBigDecimal("d128")).isEqualByComparingTo("9.5");
      assertThat(row.getBigDecimal("d256")).isEqualByComparingTo("9.75");
      assertThat(row.getBoolean("b")).isTrue();
      assertThat(row.getString("s")).isEqualTo("text");
      assertThat(row.getString("fs")).isEqualTo("ab");
      assertThat(row.getObject("id"))
          .isEqualTo(UUID.fromString("61f0c404-5cb3-11e7-907b-a6006ad3dba0"));
      assertThat(row.getDate("d")).isEqualTo(Date.valueOf("2024-02-29"));
      assertThat(row.getObject("dd", LocalDate.class)).isEqualTo(LocalDate.of(1960, 1, 2));
      assertThat(row.getObject("dt", LocalDateTime.class))
          .isEqualTo(LocalDateTime.of(2024, 2, 29, 1, 2, 3));
      assertThat(row.getObject("dt64", LocalDateTime.class))
          .isEqualTo(LocalDateTime.of(2024, 2, 29, 1, 2, 3, 456_000_000));
      assertThat(row.getString("e")).isEqualTo("b");
      assertThat(row.getString("ip4")).contains("1.2.3.4");
      Array array = row.getArray("arr");
      assertThat((Object[]) array.getArray()).hasSize(3);
      assertThat(row.getObject("m")).isInstanceOf(Map.class);
      assertThat(row.getObject("n")).isNull();
      assertThat(row.getString("lc")).isEqualTo("low");
    }
  }

  @Test
  void metadataNamesTablesColumnsAndTypes() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE described (id UInt64 COMMENT 'the key', name Nullable(String))"
              + " ENGINE = MergeTree ORDER BY id COMMENT 'things'");
      DatabaseMetaData metadata = connection.getMetaData();
      assertThat(column(metadata.getSchemas(), "TABLE_SCHEM")).contains("default", "system");
      assertThat(column(metadata.getTables(null, "default", "descr%", null), "TABLE_NAME"))
          .containsExactly("described");
      assertThat(column(metadata.getTables(null, "default", "described", null), "REMARKS"))
          .containsExactly("things");
      assertThat(column(metadata.getTableTypes(), "TABLE_TYPE")).contains("TABLE", "VIEW");
      assertThat(column(metadata.getColumns(null, "default", "described", "%"), "COLUMN_NAME"))
          .containsExactly("id", "name");
      assertThat(column(metadata.getColumns(null, "default", "described", "%"), "TYPE_NAME"))
          .containsExactly("UInt64", "Nullable(String)");
      assertThat(column(metadata.getPrimaryKeys(null, "default", "described"), "COLUMN_NAME"))
          .containsExactly("id");
      assertThat(column(metadata.getTypeInfo(), "TYPE_NAME")).contains("UInt64", "String");
      assertThat(column(metadata.getFunctions(null, null, "upper"), "FUNCTION_NAME"))
          .contains("upper");
      assertThat(column(metadata.getCatalogs(), "TABLE_CAT")).isEmpty();
    }
  }

  private static List<String> column(ResultSet rows, String label) throws SQLException {
    List<String> values = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        values.add(rows.getString(label));
      }
    }
    return values;
  }

  @Test
  void errorsNameTheirCodeAndTheStatementStaysUsable() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nowhere"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("nowhere");
      assertThatThrownBy(() -> statement.executeQuery("SELEC 1")).isInstanceOf(SQLException.class);
      try (ResultSet rows = statement.executeQuery("SELECT 1")) {
        assertThat(rows.next()).isTrue();
      }
    }
  }

  @Test
  void aRunningQueryIsCancelledAndOneOverItsTimeEnds() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        Statement watcher = connection.createStatement()) {
      String endless = "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)";
      CompletableFuture<Throwable> ended =
          CompletableFuture.supplyAsync(() -> {
            try {
              statement.executeQuery(endless).close();
              return null;
            } catch (SQLException e) {
              return e;
            }
          });
      while (count(watcher, endless) == 0 && !ended.isDone()) {
        Thread.onSpinWait();
      }
      statement.cancel();
      assertThat(ended.get()).isInstanceOf(SQLException.class);
      assertThat(count(watcher, endless)).isZero();
      watcher.setQueryTimeout(1);
      assertThatThrownBy(() -> watcher.executeQuery(endless)).isInstanceOf(SQLException.class);
    }
  }

  private static long count(Statement statement, String sql) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT count() FROM system.processes WHERE query LIKE '"
                + sql.substring(0, 30)
                + "%'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
