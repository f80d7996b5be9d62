// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What SQL says of a table holds for rows that a stock Kafka producer sends to it.
final class LogTablesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;
  private VarveServer server;

  @BeforeEach
  void start() {
    server =
        VarveServer.open(
            new ServerConfig(
                directory, "127.0.0.1", 0, 0, 2, 256L << 20, MergeSettings.defaults()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String sql(String sql) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<String> response =
        CLIENT.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).as(sql + ": " + response.body()).isEqualTo(200);
    return response.body().strip();
  }

  private Producer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> config = new java.util.HashMap<>(more);
    config.put("bootstrap.servers", "127.0.0.1:" + server.kafkaPort());
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  private static ProducerRecord<String, String> record(String topic, String json) {
    return new ProducerRecord<>(topic, json);
  }

  @Test
  void aRecordThatViolatesAConstraintIsRefusedWithItsName() throws Exception {
    sql(
        "CREATE TABLE orders (id Int64, price Int64, twice Int64 ALIAS price * 2,"
            + " CONSTRAINT dear CHECK twice >= 20) ENGINE = MergeTree ORDER BY id");
    try (Producer<String, String> producer = producer(Map.of("linger.ms", 60_000))) {
      Future<RecordMetadata> good = producer.send(record("orders", "{\"id\":1,\"price\":10}"));
      Future<RecordMetadata> bad = producer.send(record("orders", "{\"id\":2,\"price\":9}"));
      producer.flush();
      assertThatThrownBy(bad::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(InvalidRecordException.class)
          .hasMessageContaining("\"dear\"");
      assertThatThrownBy(good::get).isInstanceOf(ExecutionException.class);
      assertThat(sql("SELECT count(*) FROM orders")).isEqualTo("0");
      Future<RecordMetadata> alone = producer.send(record("orders", "{\"id\":1,\"price\":10}"));
      producer.flush();
      assertThat(alone.get().offset()).isZero();
      assertThat(sql("SELECT * FROM orders FORMAT CSV")).isEqualTo("1,10");
    }
  }

  @Test
  void aConstraintHoldsFromTheMomentItIsAdded() throws Exception {
    sql("CREATE TABLE orders (id Int64, price Int64) ENGINE = MergeTree ORDER BY id");
    try (Producer<String, String> producer = producer(Map.of())) {
      producer.send(record("orders", "{\"id\":1,\"price\":-1}")).get();
      sql("ALTER TABLE orders ADD CONSTRAINT positive CHECK price > 0");
      assertThatThrownBy(producer.send(record("orders", "{\"id\":2,\"price\":-2}"))::get)
          .rootCause()
          .hasMessageContaining("positive");
      sql("ALTER TABLE orders DROP CONSTRAINT positive");
      producer.send(record("orders", "{\"id\":3,\"price\":-3}")).get();
    }
    assertThat(sql("SELECT id FROM orders ORDER BY id FORMAT CSV")).isEqualTo("1\n3");
  }
}
