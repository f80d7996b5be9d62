// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import dev.varve.server.http.RunningServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// ClickHouse's client-v2, unmodified, at our HTTP port.
final class OfficialClientTest {
  @RegisterExtension static final RunningServer SERVER = new RunningServer();

  private static Client.Builder client() {
    return new Client.Builder()
        .addEndpoint("http://127.0.0.1:" + SERVER.httpPort())
        .setUsername("default")
        .setPassword("")
        .setDefaultDatabase("default");
  }

  /// A row as the client writes it.
  public static final class Sale {
    private int id;
    private String name;

    public Sale() {}

    Sale(int id, String name) {
      this.id = id;
      this.name = name;
    }

    public int getId() {
      return id;
    }

    public void setId(int id) {
      this.id = id;
    }

    public String getName() {
      return name;
    }

    public void setName(String name) {
      this.name = name;
    }
  }

  @Test
  void objectsAreInsertedAndReadBack() throws Exception {
    try (Client client = client().build()) {
      assertThat(client.ping()).isTrue();
      client
          .query("CREATE TABLE sales (id Int32, name String) ENGINE = MergeTree ORDER BY id")
          .get(20, TimeUnit.SECONDS)
          .close();
      client.register(Sale.class, client.getTableSchema("sales"));
      try (InsertResponse inserted =
          client
              .insert("sales", List.of(new Sale(1, "a"), new Sale(2, "b")))
              .get(20, TimeUnit.SECONDS)) {
        assertThat(inserted.getWrittenRows()).isEqualTo(2);
      }
      List<GenericRecord> rows = client.queryAll("SELECT id, name FROM sales ORDER BY id");
      assertThat(rows).hasSize(2);
      assertThat(rows.get(1).getString("name")).isEqualTo("b");
      assertThat(
              client.queryAll("SELECT {x:Int32} + 1 AS y", Map.of("x", 41)).getFirst().getLong("y"))
          .isEqualTo(42);
    }
  }

  @Test
  void rowsOfAFormatGoInWithEveryCompression() throws Exception {
    try (Client plain = client().build()) {
      plain
          .query("CREATE TABLE forms (id Int32, name String) ENGINE = MergeTree ORDER BY id")
          .get(20, TimeUnit.SECONDS)
          .close();
    }
    List<Client.Builder> ways =
        List.of(
            client().compressClientRequest(false).compressServerResponse(false),
            client().compressClientRequest(true).compressServerResponse(true),
            client()
                .compressClientRequest(true)
                .compressServerResponse(true)
                .useHttpCompression(true));
    for (int i = 0; i < ways.size(); i++) {
      try (Client client = ways.get(i).build()) {
        byte[] rows = ("{\"id\":" + i + ",\"name\":\"x\"}\n").getBytes(StandardCharsets.UTF_8);
        client
            .insert(
                "forms",
                new ByteArrayInputStream(rows),
                ClickHouseFormat.JSONEachRow,
                new InsertSettings())
            .get(20, TimeUnit.SECONDS)
            .close();
        assertThat(client.queryAll("SELECT count() AS c FROM forms").getFirst().getLong("c"))
            .isEqualTo(i + 1);
      }
    }
  }

  @Test
  void answersComeInTheFormatAskedForWithTheirFigures() throws Exception {
    try (Client client = client().build();
        QueryResponse answer =
            client
                .query(
                    "SELECT number FROM numbers(3)",
                    new QuerySettings().setFormat(ClickHouseFormat.CSV).setQueryId("named"))
                .get(20, TimeUnit.SECONDS)) {
      assertThat(new String(answer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("0\n1\n2\n");
      assertThat(answer.getQueryId()).isEqualTo("named");
      assertThat(answer.getReadRows()).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void errorsCarryTheirCode() {
    try (Client client = client().build()) {
      assertThatThrownBy(() -> client.queryAll("SELECT * FROM nowhere"))
          .hasRootCauseInstanceOf(ServerException.class)
          .hasStackTraceContaining("nowhere")
          .hasStackTraceContaining("60");
    }
  }
}
