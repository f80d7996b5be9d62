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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What users may do at the log's port, by the grants that SQL gave them.
final class LogAccessTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String ROW = "{\"id\":1}";

  @TempDir static Path directory;
  private static VarveServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        VarveServer.open(
            new ServerConfig(
                directory, "127.0.0.1", 0, 0, 2, 256L << 20, MergeSettings.defaults()));
    try (KafkaProducer<String, String> early =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", "127.0.0.1:" + server.kafkaPort(), "max.block.ms", 3_000),
            new StringSerializer(),
            new StringSerializer())) {
      sql("default", "CREATE TABLE first (id Int64) ENGINE = MergeTree ORDER BY id");
      early.send(new ProducerRecord<>("first", ROW)).get();
      sql("default", "CREATE USER root IDENTIFIED BY 'root'");
      // From the first user on nobody goes on who did not say who it is.
      assertThatThrownBy(() -> early.send(new ProducerRecord<>("second", ROW)).get())
          .hasMessageContaining("not present in metadata");
    }
    sql("root", "CREATE DATABASE d");
    for (String table : new String[] {"open", "closed", "d.inner", "policed"}) {
      sql("root", "CREATE TABLE " + table + " (id Int64) ENGINE = MergeTree ORDER BY id");
    }
    for (String user : new String[] {"writer", "reader", "maker", "nobody", "operator"}) {
      sql("root", "CREATE USER " + user + " IDENTIFIED BY '" + user + "'");
    }
    sql("root", "GRANT INSERT ON open TO writer");
    sql("root", "GRANT INSERT ON d.* TO writer");
    sql("root", "GRANT SELECT ON open TO reader");
    sql("root", "GRANT SELECT ON policed TO reader");
    sql("root", "GRANT SELECT(id) ON closed TO reader");
    sql("root", "CREATE ROW POLICY some ON policed USING id > 1 TO reader");
    sql("root", "GRANT CREATE, ALTER, DROP, INSERT ON made TO maker");
    sql("root", "GRANT SYSTEM ON *.* TO operator");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> ask(String user, String sql) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/"))
            .header("X-ClickHouse-User", user)
            .header("X-ClickHouse-Key", user.equals("default") ? "" : user)
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static String sql(String user, String sql) throws Exception {
    HttpResponse<String> response = ask(user, sql);
    assertThat(response.statusCode()).as(sql + ": " + response.body()).isEqualTo(200);
    return response.body().strip();
  }

  private static Map<String, Object> as(String user, String... more) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", "127.0.0.1:" + server.kafkaPort());
    config.put("security.protocol", "SASL_PLAINTEXT");
    config.put("sasl.mechanism", "SCRAM-SHA-256");
    config.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
            + user
            + "\" password=\""
            + user
            + "\";");
    config.put("max.block.ms", "5000");
    config.put("request.timeout.ms", "5000");
    config.put("default.api.timeout.ms", "10000");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  private static KafkaProducer<String, String> producer(String user, String... more) {
    return new KafkaProducer<>(as(user, more), new StringSerializer(), new StringSerializer());
  }

  private static KafkaConsumer<String, String> consumer(String user, String... more) {
    Map<String, Object> config = as(user, more);
    config.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  private static long send(String user, String topic) throws Exception {
    try (KafkaProducer<String, String> producer = producer(user)) {
      return producer.send(new ProducerRecord<>(topic, ROW)).get().offset();
    }
  }

  private static int read(String user, String topic) {
    try (KafkaConsumer<String, String> consumer = consumer(user)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      return consumer.poll(Duration.ofSeconds(5)).count();
    }
  }

  @Test
  void producingNeedsInsertOnTheTable() throws Exception {
    send("writer", "open");
    send("writer", "d.inner");
    send("root", "closed");
    assertThatThrownBy(() -> send("writer", "closed"))
        .hasCauseInstanceOf(TopicAuthorizationException.class);
    assertThatThrownBy(() -> send("reader", "open"))
        .hasCauseInstanceOf(ClusterAuthorizationException.class);
    try (KafkaProducer<String, String> plain = producer("reader", "enable.idempotence", "false")) {
      assertThatThrownBy(() -> plain.send(new ProducerRecord<>("open", ROW)).get())
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
    // Whether a topic exists is told to nobody without a right on it.
    assertThatThrownBy(() -> send("writer", "missing"))
        .hasCauseInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void fetchingNeedsSelectOnTheWholeTable() throws Exception {
    send("root", "open");
    send("root", "closed");
    send("root", "policed");
    assertThat(read("reader", "open")).isPositive();
    for (String topic : new String[] {"closed", "policed"}) {
      assertThatThrownBy(() -> read("reader", topic))
          .isInstanceOf(TopicAuthorizationException.class);
    }
    assertThatThrownBy(() -> read("writer", "open"))
        .isInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void aGrantAndItsRevocationHoldForConnectionsThatAreOpen() throws Exception {
    sql("root", "CREATE TABLE lent (id Int64) ENGINE = MergeTree ORDER BY id");
    send("root", "lent");
    sql("root", "GRANT SELECT ON lent TO nobody");
    try (KafkaConsumer<String, String> consumer = consumer("nobody")) {
      consumer.assign(List.of(new TopicPartition("lent", 0)));
      consumer.seekToBeginning(List.of());
      assertThat(consumer.poll(Duration.ofSeconds(5)).count()).isEqualTo(1);
      sql("root", "REVOKE SELECT ON lent FROM nobody");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  consumer.poll(Duration.ofSeconds(1));
                }
              })
          .isInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void onlyTopicsWithSomeRightAreListed() throws Exception {
    try (Admin writer = Admin.create(as("writer"));
        Admin nobody = Admin.create(as("nobody"));
        Admin root = Admin.create(as("root"))) {
      assertThat(writer.listTopics().names().get()).containsExactlyInAnyOrder("open", "d.inner");
      assertThat(nobody.listTopics().names().get()).isEmpty();
      assertThat(root.listTopics().names().get()).contains("open", "closed", "d.inner");
      assertThatThrownBy(() -> writer.describeTopics(List.of("closed")).allTopicNames().get())
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void topicsAreMadeChangedAndDeletedByWhoMay() throws Exception {
    try (Admin maker = Admin.create(as("maker"));
        Admin writer = Admin.create(as("writer"));
        Admin operator = Admin.create(as("operator"))) {
      NewTopic made = new NewTopic("made", 1, (short) 1);
      assertThatThrownBy(() -> writer.createTopics(List.of(made)).all().get())
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      assertThatThrownBy(
              () -> maker.createTopics(List.of(new NewTopic("more", 1, (short) 1))).all().get())
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      maker.createTopics(List.of(made)).all().get();
      send("maker", "made");
      assertThatThrownBy(() ->
              writer.createPartitions(Map.of("made", NewPartitions.increaseTo(2))).all().get())
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      maker.createPartitions(Map.of("made", NewPartitions.increaseTo(2))).all().get();
      assertThatThrownBy(() -> writer.deleteTopics(List.of("made")).all().get())
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      maker.deleteTopics(List.of("made")).all().get();
      ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
      assertThatThrownBy(() -> maker.describeConfigs(List.of(broker)).all().get())
          .hasCauseInstanceOf(ClusterAuthorizationException.class);
      assertThat(operator.describeConfigs(List.of(broker)).all().get()).isNotEmpty();
      assertThatThrownBy(() -> maker.describeLogDirs(List.of(1)).allDescriptions().get())
          .hasCauseInstanceOf(ClusterAuthorizationException.class);
    }
  }

  @Test
  void groupsAreForReadersAndTheirOffsetsForThoseOfTheTopic() throws Exception {
    send("root", "open");
    for (String protocol : new String[] {"classic", "consumer"}) {
      try (KafkaConsumer<String, String> nobody =
          consumer("nobody", "group.id", "g-" + protocol, "group.protocol", protocol)) {
        nobody.subscribe(List.of("open"));
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 5; i++) {
                    nobody.poll(Duration.ofSeconds(1));
                  }
                })
            .isInstanceOfAny(TopicAuthorizationException.class, GroupAuthorizationException.class);
      }
      try (KafkaConsumer<String, String> reader =
          consumer("reader", "group.id", "g-" + protocol, "group.protocol", protocol)) {
        reader.subscribe(List.of("open"));
        List<Object> records = new ArrayList<>();
        for (int i = 0; i < 20 && records.isEmpty(); i++) {
          reader.poll(Duration.ofSeconds(1)).forEach(records::add);
        }
        assertThat(records).isNotEmpty();
        reader.commitSync();
        assertThatThrownBy(() ->
                reader.commitSync(
                    Map.of(new TopicPartition("closed", 0), new OffsetAndMetadata(1))))
            .isInstanceOf(TopicAuthorizationException.class);
      }
      try (Admin writer = Admin.create(as("nobody"));
          Admin reader = Admin.create(as("reader"))) {
        String group = "g-" + protocol;
        assertThat(writer.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get())
            .isEmpty();
        assertThatThrownBy(() -> writer.deleteConsumerGroups(List.of(group)).all().get())
            .hasCauseInstanceOf(GroupAuthorizationException.class);
        assertThatThrownBy(() ->
                writer
                    .deleteConsumerGroupOffsets(group, Set.of(new TopicPartition("open", 0)))
                    .all()
                    .get())
            .hasCauseInstanceOf(TopicAuthorizationException.class);
        reader.deleteConsumerGroups(List.of(group)).all().get();
      }
    }
  }

  @Test
  void transactionsNeedInsertSomewhereAndOnEachTopic() throws Exception {
    try (KafkaProducer<String, String> reader = producer("reader", "transactional.id", "t1")) {
      assertThatThrownBy(reader::initTransactions)
          .isInstanceOf(TransactionalIdAuthorizationException.class);
    }
    try (KafkaProducer<String, String> writer = producer("writer", "transactional.id", "t2")) {
      writer.initTransactions();
      writer.beginTransaction();
      writer.send(new ProducerRecord<>("open", ROW)).get();
      writer.commitTransaction();
      writer.beginTransaction();
      assertThatThrownBy(() -> writer.send(new ProducerRecord<>("closed", ROW)).get())
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      writer.abortTransaction();
    }
  }

  @Test
  void theBrokersOwnTopicsAreForOperators() throws Exception {
    try (KafkaConsumer<String, String> any = consumer("reader", "group.id", "own")) {
      any.subscribe(List.of("open"));
      any.poll(Duration.ofSeconds(2));
    }
    sql("root", "GRANT SELECT ON *.* TO maker");
    assertThatThrownBy(() -> read("maker", "__consumer_offsets"))
        .isInstanceOf(TopicAuthorizationException.class);
    sql("root", "REVOKE SELECT ON *.* FROM maker");
  }

  @Test
  void aTopicReadBySqlNeedsTheSame() throws Exception {
    send("root", "open");
    assertThat(sql("reader", "SELECT count() > 0 FROM topic('open')")).isIn("1", "true");
    for (String topic : new String[] {"closed", "policed", "d.inner"}) {
      HttpResponse<String> refused = ask("reader", "SELECT count() FROM topic('" + topic + "')");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
    }
  }
}
