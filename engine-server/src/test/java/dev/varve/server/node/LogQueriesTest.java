// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What queries see of the log: the offsets they ask for, and who reads it.
final class LogQueriesTest {
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

  private HttpResponse<String> send(String sql) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private String sql(String sql) throws Exception {
    HttpResponse<String> response = send(sql);
    assertThat(response.statusCode()).as(sql + ": " + response.body()).isEqualTo(200);
    return response.body().strip();
  }

  private Producer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", "127.0.0.1:" + server.kafkaPort(), "linger.ms", 0),
        new StringSerializer(),
        new StringSerializer());
  }

  @Test
  void aQueryWaitsForTheOffsetItNames() throws Exception {
    sql("CREATE TABLE orders (id Int64) ENGINE = MergeTree ORDER BY id SETTINGS shards = 2");
    String query = "SELECT count(*) FROM orders SETTINGS after_offset = '1:1'";
    try (Producer<String, String> producer = producer()) {
      producer.send(new ProducerRecord<>("orders", 1, null, "{\"id\":1}")).get();
      CompletableFuture<String> waiting =
          CompletableFuture.supplyAsync(() -> {
            try {
              return sql(query);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      while (sql("SELECT count(*) FROM system.processes WHERE query LIKE '%after_offset%'")
          .equals("1")) {
        assertThat(waiting).isNotDone(); // only the question itself runs yet
      }
      assertThat(waiting).isNotDone();
      producer.send(new ProducerRecord<>("orders", 1, null, "{\"id\":2}")).get();
      assertThat(waiting.get()).isEqualTo("2");
    }
    assertThat(sql(query)).isEqualTo("2");
    assertThat(sql("SELECT count(*) FROM orders SETTINGS after_offset = 'orders:1:1,1:0'"))
        .isEqualTo("2");
  }

  @Test
  void anOffsetThatDoesNotComeEndsTheQueryInTime() throws Exception {
    sql("CREATE TABLE orders (id Int64) ENGINE = MergeTree ORDER BY id");
    String query = "SELECT count(*) FROM orders SETTINGS after_offset = ";
    assertThat(send(query + "5, after_offset_timeout = 0.05").body())
        .contains("Code: 159")
        .contains("offset 5 of partition 0 of table default.orders");
    assertThat(send(query + "'1:0'").body()).contains("no log partition 1");
    assertThat(send(query + "'x'").body()).contains("table:partition:offset");
    assertThat(send(query + "'nowhere:0:1'").body()).contains("no table default.nowhere");
    assertThat(
            send("SELECT count(*) FROM orders a JOIN (SELECT 1) b ON true SETTINGS after_offset ="
                    + " 7, after_offset_timeout = 0")
                .body())
        .contains("Code: 159");
    assertThat(send("SELECT 1 SETTINGS after_offset = 1").body()).contains("say whose offset");
  }

  @Test
  void consumerGroupsAreSeenWithOffsetsLagAndMembers() throws Exception {
    assertThat(sql("SELECT count(*) FROM system.consumer_groups")).isEqualTo("0");
    sql("CREATE TOPIC clicks SETTINGS partitions = 2");
    try (Producer<String, String> producer = producer()) {
      for (int i = 0; i < 6; i++) {
        producer.send(new ProducerRecord<>("clicks", i % 2, null, "v" + i)).get();
      }
    }
    for (String protocol : List.of("classic", "consumer")) {
      try (KafkaConsumer<String, String> consumer =
          new KafkaConsumer<>(
              Map.of(
                  "bootstrap.servers",
                  "127.0.0.1:" + server.kafkaPort(),
                  "group.id",
                  "readers-" + protocol,
                  "client.id",
                  "it",
                  "group.protocol",
                  protocol,
                  "auto.offset.reset",
                  "earliest",
                  "max.poll.records",
                  1,
                  "enable.auto.commit",
                  false),
              new StringDeserializer(),
              new StringDeserializer())) {
        consumer.subscribe(List.of("clicks"));
        int seen = 0;
        while (seen < 6) {
          seen += consumer.poll(Duration.ofMillis(100)).count();
        }
        consumer.commitSync();
        String row =
            "SELECT type, state, members, topic, partition, committed_offset, log_end_offset, lag,"
                + " client_id, member_id <> '' FROM system.consumer_groups WHERE group_id = "
                + "'readers-"
                + protocol
                + "' ORDER BY partition FORMAT CSV";
        String name = "\"" + protocol + "\",\"Stable\",1,\"clicks\",";
        assertThat(sql(row))
            .isEqualTo(name + "0,3,3,0,\"it\",true\n" + name + "1,3,3,0,\"it\",true");
      }
    }
    assertThat(
            sql(
                "SELECT DISTINCT group_id, state, members, lag FROM system.consumer_groups ORDER BY"
                    + " 1 FORMAT CSV"))
        .isEqualTo("\"readers-classic\",\"Empty\",0,0\n\"readers-consumer\",\"Empty\",0,0");
  }
}
