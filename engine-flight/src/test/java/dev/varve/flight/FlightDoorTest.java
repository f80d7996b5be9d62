// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.FlightSqlClient.ExecuteIngestOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableExistsOption;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableNotExistOption;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlInfo;
import org.apache.arrow.flight.sql.util.TableRef;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The stock client of Flight SQL, and the JDBC driver over it, at a server.
final class FlightDoorTest {
  @TempDir static Path directory;
  private static VarveServer server;
  private static BufferAllocator memory;
  private static FlightSqlClient client;

  @BeforeAll
  static void start() {
    server = VarveServer.open(ServerConfig.onFreePorts(directory.resolve("data")).withFlight(0));
    memory = new RootAllocator();
    client = connect();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    memory.close();
    server.close();
  }

  private static FlightSqlClient connect() {
    Location location = Location.forGrpcInsecure("127.0.0.1", server.flightPort());
    return new FlightSqlClient(FlightClient.builder(memory, location).build());
  }

  private static List<String> rows(FlightInfo info) throws Exception {
    List<String> rows = new ArrayList<>();
    try (FlightStream stream = client.getStream(info.getEndpoints().getFirst().getTicket())) {
      while (stream.next()) {
        VectorSchemaRoot root = stream.getRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          StringBuilder text = new StringBuilder();
          for (FieldVector vector : root.getFieldVectors()) {
            text.append(text.isEmpty() ? "" : " ").append(vector.getObject(row));
          }
          rows.add(text.toString());
        }
      }
    }
    return rows;
  }

  private static List<String> query(String sql) throws Exception {
    return rows(client.execute(sql));
  }

  @Test
  void aQueryTellsItsSchemaAndStreamsItsRows() throws Exception {
    FlightInfo info =
        client.execute(
            "SELECT toInt64(number) AS n, concat('row ', toString(number)) AS s,"
                + " toDecimal64(number, 2) AS d, [number] AS a FROM numbers(20000)");
    assertThat(info.getSchema().getFields())
        .extracting(f -> f.getName())
        .containsExactly("n", "s", "d", "a");
    List<String> rows = rows(info);
    assertThat(rows)
        .hasSize(20_000)
        .contains("7 row 7 7.00 [7]", "19999 row 19999 19999.00 [19999]");
    assertThat(rows.getFirst()).isEqualTo("0 row 0 0.00 [0]");
  }

  @Test
  void typesComeAsArrowHasThem() throws Exception {
    assertThat(
            query(
                "SELECT CAST(NULL AS Nullable(Int32)), true, toDate('2024-02-29'),"
                    + " CAST('b' AS Enum8('a' = 1, 'b' = 2)), toFloat64(1.5), map('k', 1)"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("null true ")
        .contains(" b 1.5 ");
  }

  @Test
  void anErrorNamesCodeAndRemedy() {
    assertThatThrownBy(() -> query("SELECT prise FROM (SELECT 1 AS price)"))
        .isInstanceOf(FlightRuntimeException.class)
        .hasMessageContainingAll("Code: 47", "did you mean \"price\"?");
    assertThatThrownBy(() -> query("SELECT * FROM nowhere"))
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.NOT_FOUND));
    assertThatThrownBy(() -> query("SELECT throwIf(number = 90000) FROM numbers(100000)"))
        .isInstanceOf(FlightRuntimeException.class);
  }

  @Test
  void updatesTellHowManyRowsTheyWrote() throws Exception {
    client.executeUpdate("CREATE TABLE updated (id Int64, s String) ORDER BY id");
    assertThat(client.executeUpdate("INSERT INTO updated VALUES (1, 'a'), (2, 'b')")).isEqualTo(2);
    assertThat(query("SELECT * FROM updated ORDER BY id")).containsExactly("1 a", "2 b");
  }

  @Test
  void aPreparedQueryTakesParameters() throws Exception {
    try (FlightSqlClient.PreparedStatement statement =
            client.prepare("SELECT number FROM numbers(10) WHERE number > ? ORDER BY number");
        VectorSchemaRoot root = numbers(7)) {
      assertThat(statement.getResultSetSchema().getFields()).hasSize(1);
      assertThat(statement.getParameterSchema().getFields()).hasSize(1);
      statement.setParameters(root);
      assertThat(rows(statement.execute())).containsExactly("8", "9");
      assertThat(rows(statement.execute())).containsExactly("8", "9");
      statement.clearParameters();
    }
  }

  @Test
  void aPreparedUpdateRunsForEachRowOfParameters() throws Exception {
    client.executeUpdate("CREATE TABLE bound (id Int64) ORDER BY id");
    try (FlightSqlClient.PreparedStatement statement =
            client.prepare("INSERT INTO bound VALUES (?)");
        VectorSchemaRoot root = numbers(5, 6, 7)) {
      statement.setParameters(root);
      assertThat(statement.executeUpdate()).isEqualTo(3);
      statement.clearParameters();
    }
    assertThat(query("SELECT id FROM bound ORDER BY id")).containsExactly("5", "6", "7");
  }

  private static VectorSchemaRoot numbers(long... values) {
    BigIntVector vector = new BigIntVector("id", memory);
    for (int i = 0; i < values.length; i++) {
      vector.setSafe(i, values[i]);
    }
    vector.setValueCount(values.length);
    VectorSchemaRoot root = new VectorSchemaRoot(List.of(vector));
    root.setRowCount(values.length);
    return root;
  }

  @Test
  void rowsInBulkMakeTheirTable() throws Exception {
    for (int round = 0; round < 2; round++) {
      try (VectorSchemaRoot root = numbers(1, 2, 3)) {
        TableDefinitionOptions options =
            TableDefinitionOptions.newBuilder()
                .setIfNotExist(TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE)
                .setIfExists(TableExistsOption.TABLE_EXISTS_OPTION_APPEND)
                .build();
        long count =
            client.executeIngest(
                root, new ExecuteIngestOptions("in bulk", options, null, null, null));
        assertThat(count).isEqualTo(3);
      }
    }
    assertThat(query("SELECT count(), sum(id) FROM `in bulk`")).containsExactly("6 12");
  }

  @Test
  void aTableThatIsNotThereIsMadeOnlyWhereTheCallerSaysSo() {
    TableDefinitionOptions options =
        TableDefinitionOptions.newBuilder()
            .setIfNotExist(TableNotExistOption.TABLE_NOT_EXIST_OPTION_FAIL)
            .setIfExists(TableExistsOption.TABLE_EXISTS_OPTION_APPEND)
            .build();
    try (VectorSchemaRoot root = numbers(1)) {
      assertThatThrownBy(() ->
              client.executeIngest(
                  root, new ExecuteIngestOptions("absent", options, null, null, null)))
          .isInstanceOf(FlightRuntimeException.class)
          .hasMessageContaining("absent");
    }
  }

  @Test
  void whatThereIsIsListed() throws Exception {
    client.executeUpdate(
        "CREATE TABLE listed (id Int64, v String) ENGINE = ReplacingMergeTree ORDER BY id");
    assertThat(rows(client.getCatalogs())).isEmpty();
    assertThat(rows(client.getSchemas(null, "def%"))).containsExactly("null default");
    assertThat(rows(client.getTableTypes())).contains("TABLE", "VIEW");
    assertThat(rows(client.getTables(null, "default", "listed", List.of("TABLE"), false)))
        .containsExactly("null default listed TABLE");
    assertThat(rows(client.getTables(null, "default", "listed", List.of("VIEW"), false))).isEmpty();
    assertThat(rows(client.getPrimaryKeys(TableRef.of(null, "default", "listed"))))
        .containsExactly("null default listed id 1 null");
    assertThat(rows(client.getImportedKeys(TableRef.of(null, "default", "listed")))).isEmpty();
    assertThat(rows(client.getSqlInfo(SqlInfo.FLIGHT_SQL_SERVER_NAME))).containsExactly("0 Varve");
  }

  @Test
  void aListedTableTellsItsColumns() throws Exception {
    client.executeUpdate("CREATE TABLE described (id Int64, v Nullable(String)) ORDER BY id");
    FlightInfo info = client.getTables(null, "default", "described", null, true);
    try (FlightStream stream = client.getStream(info.getEndpoints().getFirst().getTicket())) {
      assertThat(stream.next()).isTrue();
      VarBinaryVector schemas = (VarBinaryVector) stream.getRoot().getVector("table_schema");
      VarCharVector names = (VarCharVector) stream.getRoot().getVector("table_name");
      assertThat(new String(names.get(0), StandardCharsets.UTF_8)).isEqualTo("described");
      Schema schema = Schema.deserializeMessage(java.nio.ByteBuffer.wrap(schemas.get(0)));
      assertThat(schema.getFields()).extracting(f -> f.getName()).containsExactly("id", "v");
      assertThat(schema.getFields()).extracting(f -> f.isNullable()).containsExactly(false, true);
    }
  }

  /// The rows do not fit between the two, so that the server has to wait for the caller, who is not
  /// told so by a handler of the call: those wait for the rows.
  @Test
  @Timeout(120)
  void rowsGoOnAfterTheServerHadToWait() throws Exception {
    FlightInfo info = client.execute("SELECT number FROM numbers(4000000)");
    long rows = 0;
    try (FlightStream stream = client.getStream(info.getEndpoints().getFirst().getTicket())) {
      while (stream.next()) {
        rows += stream.getRoot().getRowCount();
      }
    }
    assertThat(rows).isEqualTo(4_000_000);
  }

  @Test
  @Timeout(120)
  void aCallerMayStopAnywhereInTheRows() throws Exception {
    FlightInfo info = client.execute("SELECT number FROM numbers(1000000000)");
    try (FlightStream stream = client.getStream(info.getEndpoints().getFirst().getTicket())) {
      assertThat(stream.next()).isTrue();
      stream.cancel("enough", null);
    }
    String running = "SELECT count() FROM system.processes WHERE query LIKE '%numbers(1000000000)'";
    while (!query(running).equals(List.of("0"))) {
      Thread.onSpinWait();
    }
  }

  @Test
  @Timeout(120)
  void aStatementIsCancelledByItsInfo() throws Exception {
    FlightInfo info = client.execute("SELECT number FROM numbers(1000000007)");
    assertThat(client.cancelFlightInfo(new CancelFlightInfoRequest(info)).getStatus())
        .isEqualTo(CancelStatus.NOT_CANCELLABLE);
    try (FlightStream stream = client.getStream(info.getEndpoints().getFirst().getTicket())) {
      assertThat(stream.next()).isTrue();
      assertThat(client.cancelFlightInfo(new CancelFlightInfoRequest(info)).getStatus())
          .isEqualTo(CancelStatus.CANCELLED);
      assertThatThrownBy(
              () -> {
                while (stream.next()) {
                  assertThat(stream.getRoot().getRowCount()).isPositive();
                }
              })
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.CANCELLED));
    }
  }

  @Test
  void theJdbcDriverOfFlightWorks() throws Exception {
    String url =
        "jdbc:arrow-flight-sql://127.0.0.1:" + server.flightPort() + "/?useEncryption=false";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE jdbc (id Int64, s String) ORDER BY id");
      statement.executeUpdate("INSERT INTO jdbc VALUES (1, 'a'), (2, 'b')");
      try (ResultSet rows = statement.executeQuery("SELECT id, s FROM jdbc ORDER BY id DESC")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong("id")).isEqualTo(2);
        assertThat(rows.getString(2)).isEqualTo("b");
      }
      try (PreparedStatement prepared =
          connection.prepareStatement("SELECT s FROM jdbc WHERE id = ?")) {
        prepared.setLong(1, 1);
        try (ResultSet rows = prepared.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("a");
          assertThat(rows.next()).isFalse();
        }
      }
      try (ResultSet tables = connection.getMetaData().getTables(null, "default", "jdbc", null)) {
        assertThat(tables.next()).isTrue();
        assertThat(tables.getString("TABLE_TYPE")).isEqualTo("TABLE");
      }
    }
  }
}
