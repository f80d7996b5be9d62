// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.jdbc.driver.WatchedStatement;
import dev.varve.sql.session.Request;
import dev.varve.sql.session.ResultColumn;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.VectorValues;
import java.io.IOException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the driver sends, and what it makes of answers, over HTTP and against prepared answers.
final class DriverStatementsTest {
  private static final List<ResultColumn> NUMBER = List.of(new ResultColumn("n", DataTypes.INT64));

  private FrameServer server;
  private Connection connection;

  @BeforeEach
  void open() throws IOException, SQLException {
    server = new FrameServer();
    connection = server.connect();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    server.close();
  }

  private Batch numbers(long... values) {
    Object[] boxed = Arrays.stream(values).boxed().toArray();
    return new Batch(
        values.length, List.of(VectorValues.of(DataTypes.INT64, server.scratch, boxed)));
  }

  private Request lastRequest() {
    return server.session.requests.getLast();
  }

  @Test
  void aWaitingClientIsToldHowFarItsStatementIs() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    server.session.on(
        "SELECT slow",
        NUMBER,
        () -> {
          try {
            assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return CannedSession.batches(1, _ -> numbers(5)).get();
        });
    try (Statement statement = connection.createStatement()) {
      WatchedStatement watched = statement.unwrap(WatchedStatement.class);
      Thread watcher =
          Thread.ofVirtual()
              .start(() -> {
                while (watched.progress().readRows() != 7) {
                  Thread.onSpinWait();
                  Thread.yield();
                }
                seen.countDown();
              });
      try (ResultSet rows = statement.executeQuery("SELECT slow")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(5);
        assertThat(rows.next()).isFalse();
      }
      watcher.join();
      assertThat(watched.progress().readRows()).isEqualTo(11);
    }
  }

  @Test
  void packedFramesHoldTheSameRows() throws SQLException {
    long[] values = new long[5000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 == 0 ? i * 0x9E3779B97F4A7C15L : i / 100;
    }
    server.session.on("SELECT packed", NUMBER, CannedSession.batches(3, _ -> numbers(values)));
    try (Connection packing = server.connect("/default?compression=lz4");
        Statement statement = packing.createStatement();
        ResultSet rows = statement.executeQuery("SELECT packed")) {
      for (int i = 0; i < 3 * values.length; i++) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(values[i % values.length]);
      }
      assertThat(rows.next()).isFalse();
    }
    assertThatThrownBy(() -> server.connect("/default?compression=brotli"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("compression must be auto, lz4 or none");
  }

  @Test
  void rowsOfManyBatchesComeInOrder() throws SQLException {
    server.session.on(
        "SELECT n", NUMBER, CannedSession.batches(5, i -> numbers(10 * i, 10 * i + 1)));
    List<Long> seen = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n")) {
      while (rows.next()) {
        seen.add(rows.getLong("N"));
        assertThat(rows.getRow()).isEqualTo(seen.size());
      }
    }
    assertThat(seen).containsExactly(0L, 1L, 10L, 11L, 20L, 21L, 30L, 31L, 40L, 41L);
  }

  @Test
  void aMillionRowsStreamThroughOneBuffer() throws SQLException {
    Object[] values = new Object[8000];
    Arrays.setAll(values, i -> (long) i);
    Batch batch =
        new Batch(8000, List.of(VectorValues.of(DataTypes.INT64, server.scratch, values)));
    server.session.on("SELECT n", NUMBER, CannedSession.batches(125, _ -> batch));
    long rows = 0;
    long sum = 0;
    try (ResultSet result = connection.createStatement().executeQuery("SELECT n")) {
      while (result.next()) {
        rows++;
        sum += result.getLong(1);
      }
    }
    assertThat(rows).isEqualTo(1_000_000);
    assertThat(sum).isEqualTo(125L * (7999L * 8000 / 2));
  }

  @Test
  void anErrorAfterRowsSurfacesAndLeavesTheConnectionUsable() throws SQLException {
    server.session.on(
        "SELECT n",
        NUMBER,
        CannedSession.batches(
            3,
            i -> {
              if (i == 2) {
                throw new VarveException(ErrorCode.MEMORY_LIMIT_EXCEEDED, "too much");
              }
              return numbers(i);
            }));
    Statement statement = connection.createStatement();
    ResultSet rows = statement.executeQuery("SELECT n");
    assertThat(rows.next()).isTrue();
    assertThat(rows.next()).isTrue();
    assertThatThrownBy(rows::next)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("53200");
              assertThat(e.getErrorCode()).isEqualTo(241);
              assertThat(e.getMessage()).contains("too much");
            });
    server.session.on("SELECT 2", NUMBER, () -> BatchSource.of(numbers(2)));
    ResultSet again = statement.executeQuery("SELECT 2");
    assertThat(again.next()).isTrue();
    assertThat(again.getInt(1)).isEqualTo(2);
  }

  @Test
  void anUnknownTableIsASyntaxErrorOfItsState() throws SQLException {
    Statement statement = connection.createStatement();
    assertThatThrownBy(() -> statement.executeQuery("SELECT missing"))
        .isInstanceOf(SQLSyntaxErrorException.class)
        .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("42S02"));
    assertThat(statement.isClosed()).isFalse();
    assertThat(connection.isValid(5)).isTrue();
  }

  @Test
  void abandonedRowsDoNotDisturbTheNextStatement() throws SQLException {
    server.session.on("SELECT n", NUMBER, CannedSession.batches(100, i -> numbers(i)));
    for (int round = 0; round < 5; round++) {
      ResultSet rows = connection.createStatement().executeQuery("SELECT n");
      assertThat(rows.next()).isTrue();
      rows.close();
    }
    Statement statement = connection.createStatement();
    statement.setMaxRows(3);
    ResultSet rows = statement.executeQuery("SELECT n");
    int count = 0;
    while (rows.next()) {
      count++;
    }
    assertThat(count).isEqualTo(3);
  }

  @Test
  void twoResultsCanBeReadAtOnce() throws SQLException {
    server.session.on("SELECT n", NUMBER, CannedSession.batches(2, i -> numbers(i)));
    try (ResultSet first = connection.createStatement().executeQuery("SELECT n");
        ResultSet second = connection.createStatement().executeQuery("SELECT n")) {
      assertThat(first.next() && second.next() && first.next() && second.next()).isTrue();
      assertThat(first.getLong(1)).isEqualTo(1);
      assertThat(second.getLong(1)).isEqualTo(1);
    }
  }

  @Test
  void parametersTravelWithTheirTypes() throws SQLException {
    UUID uuid = new UUID(1, 2);
    Instant instant = Instant.parse("2024-05-17T10:00:00.5Z");
    server.session.on("SELECT n WHERE ? ", NUMBER, BatchSource::empty);
    try (PreparedStatement statement = connection.prepareStatement("SELECT n WHERE ? ")) {
      statement.setObject(1, List.of(1, "a'b", new BigDecimal("1.50"), uuid, true));
      statement.executeQuery();
      assertThat(lastRequest().positional())
          .containsExactly(List.of(1L, "a'b", new BigDecimal("1.50"), uuid, true));
      statement.setObject(1, instant);
      statement.executeQuery();
      assertThat(lastRequest().positional())
          .containsExactly(LocalDateTime.parse("2024-05-17T10:00:00.5"));
      statement.setDate(1, java.sql.Date.valueOf("2024-02-29"));
      statement.executeQuery();
      assertThat(lastRequest().positional()).containsExactly(LocalDate.of(2024, 2, 29));
      statement.setNull(1, java.sql.Types.INTEGER);
      statement.executeQuery();
      assertThat(lastRequest().positional()).containsExactly((Object) null);
    }
  }

  @Test
  void aMissingParameterIsNamed() throws SQLException {
    PreparedStatement statement = connection.prepareStatement("SELECT ? + ? -- not this ?");
    statement.setInt(1, 1);
    assertThatThrownBy(statement::executeQuery).hasMessage("parameter 2 has no value");
    assertThatThrownBy(() -> statement.setInt(3, 1)).hasMessageContaining("no parameter 3");
  }

  @Test
  void aBatchIsOneInsertOfRows() throws SQLException {
    PreparedStatement insert = connection.prepareStatement("INSERT INTO t (a, b) VALUES (?, ?)");
    for (int i = 0; i < 3; i++) {
      insert.setInt(1, i);
      insert.setString(2, i == 1 ? null : "tab\there\\" + i);
      insert.addBatch();
    }
    assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
    assertThat(lastRequest().sql()).isEqualTo("INSERT INTO t (a, b) FORMAT TabSeparated");
    assertThat(server.session.data.getLast())
        .isEqualTo("0\ttab\\there\\\\0\n1\t\\N\n2\ttab\\there\\\\2\n");
  }

  @Test
  void withoutAutoCommitChangesWaitForTheCommit() throws SQLException {
    connection.setAutoCommit(false);
    int before = server.session.requests.size();
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      insert.setInt(1, 1);
      assertThat(insert.executeUpdate()).isEqualTo(1);
      connection.rollback();
      insert.setInt(1, 2);
      insert.executeUpdate();
      insert.setInt(1, 3);
      insert.executeUpdate();
      assertThat(server.session.requests).hasSize(before);
      connection.commit();
    }
    assertThat(server.session.requests).hasSize(before + 1);
    assertThat(server.session.data.getLast()).isEqualTo("2\n3\n");
  }

  @Test
  void settingsAndTimeoutsGoWithTheStatement() throws SQLException {
    try (Connection other = server.connect("/default?final=0&max_threads=2")) {
      Statement statement = other.createStatement();
      statement.setQueryTimeout(9);
      statement.execute("OPTIMIZE TABLE t");
      assertThat(lastRequest().settings())
          .containsEntry("final", "0")
          .containsEntry("max_threads", "2")
          .containsEntry("max_execution_time", "9");
      assertThat(lastRequest().queryId()).isNotEmpty();
    }
  }

  @Test
  void theDatabaseFollowsUse() throws SQLException {
    connection.createStatement().execute("USE other");
    assertThat(connection.getSchema()).isEqualTo("other");
    connection.setSchema("default");
    connection.createStatement().execute("OPTIMIZE TABLE t");
    assertThat(server.session.database()).isEqualTo("default");
  }

  @Test
  void columnsAreKnownBeforeTheStatementRuns() throws SQLException {
    server.session.on("SELECT n WHERE n = ?", NUMBER, BatchSource::empty);
    int before = server.session.requests.size();
    PreparedStatement statement = connection.prepareStatement("SELECT n WHERE n = ?");
    assertThat(statement.getMetaData().getColumnName(1)).isEqualTo("n");
    assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(1);
    assertThat(server.session.requests).hasSize(before);
  }

  @Test
  void whereNobodyServesTheStateIs08001() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:varve://127.0.0.1:" + port + "/d"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"))
        .hasMessageContaining("is a Varve server running there");
  }

  @Test
  void theNextHostIsTriedWhereOneDoesNotAnswer() throws IOException, SQLException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String url = "jdbc:varve://127.0.0.1:" + port + ",127.0.0.1:" + server.port() + "/default";
    try (Connection second = DriverManager.getConnection(url)) {
      assertThat(second.isValid(5)).isTrue();
    }
  }

  @Test
  void aWrongPasswordIsToldAtOnce() {
    assertThatThrownBy(() -> server.connect("/default?user=ann&password=wrong"))
        .isInstanceOf(SQLInvalidAuthorizationSpecException.class)
        .hasMessageContaining("wrong password");
  }

  @Test
  void anUnknownDatabaseIsToldAtOnce() {
    assertThatThrownBy(() -> server.connect("/nowhere")).hasMessageContaining("no database");
  }

  @Test
  void everyMethodOfTheMetadataAnswers() throws ReflectiveOperationException, SQLException {
    ResultColumn name = new ResultColumn("name", DataTypes.STRING);
    for (String table : List.of("tables", "columns", "databases", "functions")) {
      server.session.on("SELECT * FROM system." + table, List.of(name), BatchSource::empty);
      server.session.on(
          "SELECT * FROM system." + table + " WHERE \"name\" = 'x'",
          List.of(name),
          BatchSource::empty);
    }
    for (String where :
        List.of(
            "tables WHERE \"database\" = 'x' AND \"name\" = 'x'",
            "columns WHERE \"database\" = 'x' AND \"table\" = 'x'")) {
      server.session.on("SELECT * FROM system." + where, List.of(name), BatchSource::empty);
    }
    DatabaseMetaData metadata = connection.getMetaData();
    int called = 0;
    for (Method method : DatabaseMetaData.class.getMethods()) {
      if (java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      Object[] arguments =
          Arrays.stream(method.getParameterTypes()).map(DriverStatementsTest::argument).toArray();
      Object answer = method.invoke(metadata, arguments);
      if (answer instanceof ResultSet rows) {
        assertThat(rows.getMetaData().getColumnCount()).as(method.getName()).isPositive();
        rows.close();
      }
      called++;
    }
    assertThat(called).isGreaterThan(170);
  }

  private static Object argument(Class<?> type) {
    if (type == String.class) {
      return "x";
    }
    if (type == int.class) {
      return 1;
    }
    if (type == boolean.class) {
      return true;
    }
    return type == Class.class ? DatabaseMetaData.class : null;
  }
}
