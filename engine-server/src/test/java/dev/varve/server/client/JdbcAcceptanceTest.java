// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.jdbc.VarveDataSource;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the driver promises to tools, a test for each line, at a server over HTTP. What is shown
/// elsewhere: programs of others at work in the module `jdbc-consumers`; every method of
/// `DatabaseMetaData` in `DriverStatementsTest#everyMethodOfTheMetadataAnswers`; each SQLState in
/// `EveryErrorTest`; rows that stream through one buffer in
/// `DriverStatementsTest#aMillionRowsStreamThroughOneBuffer`; one small jar without dependencies
/// for Java 17 in `ThinJarTest`.
final class JdbcAcceptanceTest {
  private static final String ENDLESS = "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)";

  @TempDir static Path directory;

  private static VarveServer server;

  @BeforeAll
  static void start() {
    server = VarveServer.open(ServerConfig.onFreePorts(directory));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String url() {
    return "jdbc:varve://127.0.0.1:" + server.httpPort() + "/default";
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
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

  private static void stateOf(Statement statement, String sql, String... states) {
    assertThatThrownBy(() -> statement.executeQuery(sql).next())
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).as(sql).isIn((Object[]) states));
  }

  @Test
  void everyKindOfErrorHasItsSqlState() throws SQLException {
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:varve://127.0.0.1:1/default"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      stateOf(statement, "SELEC 1", "42000");
      stateOf(statement, "SELECT 1 FROM nowhere", "42S02");
      stateOf(statement, "SELECT nothing FROM system.one", "42S22");
      stateOf(statement, "SELECT toInt32('x')", "22018", "22007");
      stateOf(statement, "SELECT toDate('x')", "22007", "22018");
      stateOf(statement, "SELECT intDiv(1, number) FROM numbers(1)", "22012");
      stateOf(
          statement,
          "SELECT groupArray(number) FROM numbers(10000000) SETTINGS max_memory_usage = 100000",
          "53200");
      assertThatThrownBy(() -> statement.execute("SELECT nosuchfunction(1)"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void withoutAutoCommitWritesWaitAndAreTakenBack() throws SQLException {
    try (Connection connection = connect();
        Connection other = connect();
        Statement watcher = other.createStatement();
        Statement statement = connection.createStatement()) {
      watcher.execute(
          "CREATE TABLE waits (k Int32, v Int32) ENGINE = ReplacingMergeTree ORDER BY k");
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO waits VALUES (?, ?)")) {
        for (int i = 0; i < 3; i++) {
          insert.setInt(1, i);
          insert.setInt(2, i * 10);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
      }
      assertThat(column(watcher, "SELECT count(*) FROM waits")).containsExactly("0");
      connection.commit();
      assertThat(column(watcher, "SELECT count(*) FROM waits")).containsExactly("3");
      assertThat(statement.executeUpdate("UPDATE waits SET v = 5 WHERE k > 0")).isEqualTo(2);
      assertThat(statement.executeUpdate("DELETE FROM waits WHERE k = 7")).isZero();
      connection.rollback();
      assertThat(column(watcher, "SELECT sum(v) FROM waits")).containsExactly("30");
      assertThat(statement.executeUpdate("DELETE FROM waits")).isEqualTo(3);
      connection.commit();
      assertThat(column(watcher, "SELECT count(*) FROM waits")).containsExactly("0");
    }
  }

  @Test
  void cancelEndsTheWorkOnTheServer() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        Connection other = connect();
        Statement watcher = other.createStatement()) {
      CompletableFuture<Throwable> ended =
          CompletableFuture.supplyAsync(() -> failureOf(statement));
      while (column(watcher, running()).isEmpty() && !ended.isDone()) {
        Thread.onSpinWait();
      }
      statement.cancel();
      assertThat(ended.get())
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      assertThat(column(watcher, running())).isEmpty();
      assertThat(column(statement, "SELECT 7")).containsExactly("7");
    }
  }

  private static String running() {
    return "SELECT query_id FROM system.processes WHERE query = '" + ENDLESS + "'";
  }

  private static SQLException failureOf(Statement statement) {
    try (ResultSet rows = statement.executeQuery(ENDLESS)) {
      rows.next();
      return null;
    } catch (SQLException e) {
      return e;
    }
  }

  @Test
  void aQueryTimeoutIsEnforcedByTheServer() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      Throwable late = failureOf(statement);
      assertThat(late)
          .isInstanceOfSatisfying(
              SQLTimeoutException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      assertThat(column(statement, running())).isEmpty();
    }
  }

  @Test
  void rowsStreamWhateverTheFetchSize() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(10);
      assertThat(statement.getFetchSize()).isEqualTo(10);
      long sum = 0;
      try (ResultSet rows = statement.executeQuery("SELECT number FROM numbers(300000)")) {
        while (rows.next()) {
          sum += rows.getLong(1);
        }
      }
      assertThat(sum).isEqualTo(300_000L * 299_999 / 2);
      statement.setMaxRows(3);
      assertThat(column(statement, "SELECT number FROM numbers(1000000000)")).hasSize(3);
    }
  }

  @Test
  void statementAndConnectionStayUsableAfterAnError() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> statement.execute("SELECT * FROM nowhere"))
            .isInstanceOf(SQLException.class);
        assertThat(column(statement, "SELECT 1")).containsExactly("1");
      }
      assertThat(statement.isClosed()).isFalse();
      connection.commit();
    }
  }

  @Test
  void parametersAndColumnsAreKnownBeforeTheStatementRuns() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE typed (id UInt64, price Decimal(9, 2), at Nullable(DateTime64(3)))"
              + " ENGINE = MergeTree ORDER BY id");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO typed (price, at) VALUES (?, ?)")) {
        ParameterMetaData parameters = insert.getParameterMetaData();
        assertThat(parameters.getParameterCount()).isEqualTo(2);
        assertThat(parameters.getParameterType(1)).isEqualTo(Types.DECIMAL);
        assertThat(parameters.getScale(1)).isEqualTo(2);
        assertThat(parameters.isNullable(2)).isEqualTo(ParameterMetaData.parameterNullable);
      }
      try (PreparedStatement query =
          connection.prepareStatement("SELECT id, price AS p FROM typed WHERE id = ?")) {
        assertThat(query.getParameterMetaData().getParameterCount()).isOne();
        ResultSetMetaData columns = query.getMetaData();
        assertThat(columns.getColumnLabel(2)).isEqualTo("p");
        assertThat(columns.getColumnType(2)).isEqualTo(Types.DECIMAL);
        assertThat(columns.getColumnTypeName(1)).isEqualTo("UInt64");
      }
    }
  }

  @Test
  void timesGoBothWaysWhateverTheZoneOfThisJvm() throws SQLException {
    LocalDateTime gap = LocalDateTime.parse("2026-03-29T02:30:00.123456");
    Instant moment = Instant.parse("2026-07-01T12:00:00.5Z");
    TimeZone before = TimeZone.getDefault();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE times (n Int32, d Date32, local DateTime64(6), utc DateTime64(6, 'UTC'))"
              + " ENGINE = MergeTree ORDER BY n");
      int n = 0;
      for (String zone : List.of("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try (PreparedStatement insert =
            connection.prepareStatement("INSERT INTO times VALUES (?, ?, ?, ?)")) {
          insert.setInt(1, ++n);
          insert.setObject(2, LocalDate.parse("1950-01-01"));
          insert.setObject(3, gap);
          insert.setObject(4, moment);
          insert.executeUpdate();
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT * FROM times WHERE n = ? AND local = ?");
            ResultSet row = bound(query, n, gap).executeQuery()) {
          assertThat(row.next()).as(zone).isTrue();
          assertThat(row.getObject(2, LocalDate.class)).isEqualTo("1950-01-01");
          assertThat(row.getObject(3, LocalDateTime.class)).isEqualTo(gap);
          assertThat(row.getObject(4, Instant.class)).isEqualTo(moment);
          assertThat(row.getObject(4, OffsetDateTime.class))
              .isEqualTo(moment.atOffset(ZoneOffset.UTC));
          assertThat(row.getString(3)).startsWith("2026-03-29 02:30:00.123456");
        }
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private static PreparedStatement bound(PreparedStatement query, int n, LocalDateTime at)
      throws SQLException {
    query.setInt(1, n);
    query.setObject(2, at);
    return query;
  }

  @Test
  void arraysMapsUuidsUnsignedAndWideDecimalsGoBothWays() throws SQLException {
    UUID uuid = UUID.fromString("61f0c404-5cb3-11e7-907b-a6006ad3dba0");
    BigInteger unsigned = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    BigDecimal wide = new BigDecimal("9".repeat(70) + "." + "123456");
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE kinds (u UUID, n UInt64, big UInt256, w Decimal(76, 6), a Array(String),"
              + " m Map(String, Int32)) ENGINE = MergeTree ORDER BY n");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)")) {
        insert.setObject(1, uuid);
        insert.setObject(2, unsigned);
        insert.setObject(3, unsigned.pow(2));
        insert.setBigDecimal(4, wide);
        insert.setArray(5, connection.createArrayOf("String", new Object[] {"a", "b'c", "\t"}));
        insert.setObject(6, Map.of("x", 1));
        insert.executeUpdate();
      }
      try (ResultSet row = statement.executeQuery("SELECT * FROM kinds")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getObject(1)).isEqualTo(uuid);
        assertThat(row.getObject(2)).isEqualTo(unsigned);
        assertThat(row.getObject(3)).isEqualTo(unsigned.pow(2));
        assertThat(row.getBigDecimal(4)).isEqualByComparingTo(wide);
        assertThat(Arrays.asList((Object[]) row.getArray(5).getArray()))
            .isEqualTo(List.of("a", "b'c", "\t"));
        assertThat(row.getObject(6)).isEqualTo(Map.of("x", 1));
      }
    }
  }

  @Test
  void addressesAreObjectsOfJava() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT toIPv4('1.2.3.4'), toIPv6('2001:db8::1'), 'localhost'")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getObject(1, InetAddress.class))
          .isEqualTo(InetAddress.getByAddress(new byte[] {1, 2, 3, 4}));
      assertThat(row.getObject(2, Inet6Address.class).getHostAddress())
          .isEqualTo("2001:db8:0:0:0:0:0:1");
      assertThatThrownBy(() -> row.getObject(3, InetAddress.class))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void generatedKeysAreAnEmptyResult() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE keys (n Int32) ENGINE = MergeTree ORDER BY n");
      statement.executeUpdate("INSERT INTO keys VALUES (1)", Statement.RETURN_GENERATED_KEYS);
      try (ResultSet keys = statement.getGeneratedKeys()) {
        assertThat(keys.next()).isFalse();
      }
    }
  }

  @Test
  void escapesOfJdbcAreUnderstood() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(column(statement, "SELECT {fn UCASE('a')}")).containsExactly("A");
      assertThat(column(statement, "SELECT {d '2026-01-31'}")).containsExactly("2026-01-31");
      assertThat(column(statement, "SELECT {fn YEAR({ts '2026-01-31 10:00:00'})}"))
          .containsExactly("2026");
      assertThat(column(statement, "SELECT 'a%' LIKE 'a!%' {escape '!'}")).containsExactly("true");
      assertThat(column(statement, "{call upper('x')}")).containsExactly("X");
      assertThat(column(statement, "CALL current_schema")).containsExactly("default");
    }
  }

  @Test
  void valuesOfAnInsertMayBeMixedWithExpressions() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE mixed (n Int32, s String) ENGINE = MergeTree ORDER BY n");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO mixed VALUES (?, upper(?)), (? + 1, 'q?')")) {
        insert.setInt(1, 1);
        insert.setString(2, "it's");
        insert.setInt(3, 1);
        assertThat(insert.executeUpdate()).isEqualTo(2);
      }
      assertThat(column(statement, "SELECT concat(toString(n), s) FROM mixed ORDER BY n"))
          .containsExactly("1IT'S", "2q?");
    }
  }

  @Test
  void clientInformationReachesTheQueryLog() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setClientInfo("ApplicationName", "dashboard 7");
      connection.setClientInfo("ClientUser", "ada");
      connection.setReadOnly(true);
      statement.execute("SELECT 'marked'");
      statement.close();
      try (Statement reader = connection.createStatement()) {
        assertThat(
                column(
                    reader,
                    "SELECT log_comment FROM system.query_log WHERE query = 'SELECT ''marked'''"))
            .containsExactly("ApplicationName=dashboard 7; ClientUser=ada");
      }
    }
  }

  @Test
  void theFirstHostThatAnswersIsTaken() throws SQLException {
    String hosts = "jdbc:varve://127.0.0.1:1,127.0.0.1:" + server.httpPort() + "/default";
    try (Connection connection = DriverManager.getConnection(hosts);
        Statement statement = connection.createStatement()) {
      assertThat(column(statement, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void aDataSourceAndPropertiesSetUpTheSession() throws SQLException {
    VarveDataSource source = new VarveDataSource();
    source.setUrl(url() + "?final=0&max_threads=1");
    source.setLoginTimeout(5);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(column(statement, "SELECT value FROM system.settings WHERE name = 'final'"))
          .containsExactly("0");
    }
    Properties properties = new Properties();
    properties.setProperty("database", "system");
    properties.setProperty("socketTimeout", "30000");
    String bare = "jdbc:varve://127.0.0.1:" + server.httpPort();
    try (Connection connection = DriverManager.getConnection(bare, properties);
        Statement statement = connection.createStatement()) {
      assertThat(connection.getSchema()).isEqualTo("system");
      assertThat(column(statement, "SELECT count(*) > 0 FROM tables")).containsExactly("true");
    }
  }
}
