// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The clients that people have, as they come.
final class StockClientTest {
  @TempDir Path directory;

  static Producer<byte[], byte[]> producer(String address, Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", address);
    config.putIfAbsent("delivery.timeout.ms", 60_000);
    config.putIfAbsent("linger.ms", 2);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static Consumer<byte[], byte[]> consumer(String address) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", address, "auto.offset.reset", "earliest");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static ProducerRecord<byte[], byte[]> row(String topic, long id) {
    String json = "{\"id\":" + id + ",\"name\":\"name " + id + "\"}";
    return new ProducerRecord<>(topic, json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<ConsumerRecord<byte[], byte[]>> consume(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, int count) {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    int empty = 0;
    while (records.size() < count && empty < 3) {
      int before = records.size();
      consumer.poll(Duration.ofSeconds(5)).forEach(records::add);
      empty = records.size() == before ? empty + 1 : 0;
    }
    return records;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void recordsOfEveryCodecAreRowsAndAreConsumedAsTheyCame(String codec) throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      int count = 2_000;
      try (Producer<byte[], byte[]> producer =
          producer(server.address(), Map.of("compression.type", codec))) {
        for (int i = 0; i < count; i++) {
          producer.send(row("events", i));
        }
        producer.flush();
      }
      assertThat(server.rows("events"))
          .hasSize(count)
          .contains(List.of(0L, "name 0"), List.of(1_999L, "name 1999"));
      try (Consumer<byte[], byte[]> consumer = consumer(server.address())) {
        List<ConsumerRecord<byte[], byte[]>> records =
            consume(consumer, new TopicPartition("events", 0), count);
        assertThat(records).hasSize(count);
        assertThat(records.get(1_234).offset()).isEqualTo(1_234);
        assertThat(records.get(1_234).value())
            .asString(StandardCharsets.UTF_8)
            .isEqualTo("{\"id\":1234,\"name\":\"name 1234\"}");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "all"})
  void everyKindOfAcknowledgementWorks(String acks) throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      Map<String, Object> config = Map.of("acks", acks, "enable.idempotence", acks.equals("all"));
      try (Producer<byte[], byte[]> producer = producer(server.address(), config)) {
        Future<RecordMetadata> last = null;
        for (int i = 0; i < 500; i++) {
          last = producer.send(row("events", i));
        }
        assertThat(last.get().offset()).isEqualTo(acks.equals("0") ? -1 : 499);
        if (acks.equals("0")) {
          // An answered request on the same connection comes after all that were not answered.
          producer.send(row("events", 500)).get();
        }
      }
      try (Consumer<byte[], byte[]> consumer = consumer(server.address())) {
        assertThat(consume(consumer, new TopicPartition("events", 0), 500))
            .hasSizeBetween(500, 501);
      }
      assertThat(server.count("events")).isBetween(500L, 501L);
    }
  }

  @Test
  void aRecordThatDoesNotFitIsRefusedWithItsReasonAndTheOthersGoOn() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      try (Producer<byte[], byte[]> producer = producer(server.address(), Map.of("linger.ms", 0))) {
        producer.send(row("events", 1)).get();
        Future<RecordMetadata> bad =
            producer.send(
                new ProducerRecord<>("events", "{\"id\":\"x\"}".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(bad::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(InvalidRecordException.class)
            .hasMessageContaining("column \"id\": expected Int64, found");
        Future<RecordMetadata> tombstone = producer.send(new ProducerRecord<>("events", null));
        assertThatThrownBy(tombstone::get).hasMessageContaining("a record without a value");
        for (int i = 2; i < 100; i++) {
          producer.send(row("events", i)).get();
        }
      }
      assertThat(server.count("events")).isEqualTo(99);
      assertThat(server.broker().metrics())
          .containsEntry("kafka_records_refused", 2L)
          .containsEntry("kafka_records_received", 99L);
    }
  }

  @Test
  void producersAreSlowedDownAndNeverRefusedWhileMergesFallBehind() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable(
          "events",
          "MergeTree",
          Map.of("parts_to_delay_insert", "2", "parts_to_throw_insert", "4"),
          "id",
          "Int64",
          "name",
          "String");
      server.table("events").stopMerges();
      try (Producer<byte[], byte[]> producer = producer(server.address(), Map.of("linger.ms", 0))) {
        producer.send(row("events", 0)).get();
        assertThat(throttled(producer)).isZero();
        for (int i = 1; i < 6; i++) {
          server.table("events").flush();
          producer.send(row("events", i)).get();
        }
        assertThat(throttled(producer)).isEqualTo(1_000);
      }
      assertThat(server.count("events")).isEqualTo(6);
      assertThat(server.broker().metrics().get("kafka_produces_throttled")).isPositive();
    }
  }

  /// The longest that the broker asked it to wait, in milliseconds.
  private static double throttled(Producer<byte[], byte[]> producer) {
    return producer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("produce-throttle-time-max"))
        .mapToDouble(metric -> (Double) metric.getValue().metricValue())
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(0);
  }

  @Test
  void aRecordMayHoldSeveralRows() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      String lines = "{\"id\":1,\"name\":\"a\"}\n{\"id\":2}\n";
      try (Producer<byte[], byte[]> producer = producer(server.address(), Map.of())) {
        producer.send(new ProducerRecord<>("events", lines.getBytes(StandardCharsets.UTF_8))).get();
      }
      assertThat(server.rows("events"))
          .containsExactlyInAnyOrder(List.of(1L, "a"), List.of(2L, ""));
    }
  }

  @Test
  void acknowledgedRowsAreVisibleAtOnceAndAfterARestart() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      try (Producer<byte[], byte[]> producer = producer(server.address(), Map.of())) {
        for (int i = 0; i < 50; i++) {
          producer.send(row("events", i)).get();
          assertThat(server.count("events")).isEqualTo(i + 1);
        }
      }
    }
    try (BrokerHarness server = new BrokerHarness(directory)) {
      assertThat(server.count("events")).isEqualTo(50);
      try (Producer<byte[], byte[]> producer = producer(server.address(), Map.of())) {
        assertThat(producer.send(row("events", 50)).get().offset()).isEqualTo(50);
      }
      assertThat(server.count("events")).isEqualTo(51);
      IngestStatus status = server.broker().status().getFirst();
      assertThat(status.logEndOffset()).isEqualTo(51);
      assertThat(status.appliedOffset()).isEqualTo(51);
      assertThat(status.lag()).isZero();
      assertThat(status.lastError()).isEmpty();
    }
  }

  @Test
  void shardsArePartitionsAndAKeyStaysInOne() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable(
          "events", "ReplacingMergeTree", Map.of("shards", "4"), "id", "Int64", "name", "String");
      try (Producer<byte[], byte[]> producer = producer(server.address(), Map.of())) {
        assertThat(producer.partitionsFor("events")).hasSize(4);
        for (int round = 0; round < 5; round++) {
          for (int i = 0; i < 200; i++) {
            String json = "{\"id\":" + i + ",\"name\":\"round " + round + "\"}";
            producer.send(
                new ProducerRecord<>(
                    "events",
                    ("k" + i).getBytes(StandardCharsets.UTF_8),
                    json.getBytes(StandardCharsets.UTF_8)));
          }
        }
        producer.flush();
      }
      assertThat(server.rows("events"))
          .hasSize(200)
          .allSatisfy(row -> assertThat(row.get(1)).isEqualTo("round 4"));
    }
  }

  @Test
  void plainTopicsAreCreatedListedDescribedAndDeleted() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
        NewTopic topic = new NewTopic("plain", 3, (short) 1);
        topic.configs(Map.of("retention.ms", "1000"));
        admin.createTopics(List.of(topic)).all().get();
        assertThat(admin.listTopics().names().get()).containsExactlyInAnyOrder("plain", "events");
        assertThat(admin.describeTopics(List.of("plain")).allTopicNames().get().get("plain"))
            .satisfies(d -> assertThat(d.partitions()).hasSize(3));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "plain");
        assertThat(admin.describeConfigs(List.of(resource)).all().get().get(resource))
            .satisfies(c -> assertThat(c.get("retention.ms").value()).isEqualTo("1000"));
        assertThatThrownBy(() -> admin.createTopics(List.of(topic)).all().get())
            .hasCauseInstanceOf(TopicExistsException.class);
        assertThatThrownBy(() -> admin.deleteTopics(List.of("events")).all().get())
            .hasMessageContaining("use DROP TABLE default.events");
        assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        admin.deleteTopics(List.of("plain")).all().get();
        assertThat(admin.listTopics().names().get()).containsExactly("events");
      }
    }
  }

  @Test
  void offsetsAreFoundByTime() throws Exception {
    try (BrokerHarness server =
        new BrokerHarness(
            BrokerSettings.of(directory.resolve("log"), "127.0.0.1", 0).withTopicCreation(true),
            directory)) {
      try (Producer<byte[], byte[]> producer =
          producer(server.address(), Map.of("compression.type", "lz4"))) {
        for (int i = 0; i < 100; i++) {
          byte[] value = {(byte) i};
          producer.send(new ProducerRecord<>("plain", 0, 1_000L + i * 10, null, value));
        }
        producer.flush();
      }
      TopicPartition partition = new TopicPartition("plain", 0);
      try (Consumer<byte[], byte[]> consumer = consumer(server.address())) {
        Map<TopicPartition, OffsetAndTimestamp> found =
            consumer.offsetsForTimes(Map.of(partition, 1_495L));
        assertThat(found.get(partition).offset()).isEqualTo(50);
        assertThat(found.get(partition).timestamp()).isEqualTo(1_500L);
        assertThat(consumer.offsetsForTimes(Map.of(partition, 9_999L)).get(partition)).isNull();
        assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 100L);
        assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
      }
    }
  }

  @Test
  void aDroppedTableTakesItsTopicAlong() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      try (Producer<byte[], byte[]> producer = producer(server.address(), Map.of())) {
        producer.send(row("events", 1)).get();
      }
      server.engine().drop(server.table("events").definition().name());
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      assertThat(server.count("events")).isZero();
      try (Producer<byte[], byte[]> producer = producer(server.address(), Map.of())) {
        assertThat(producer.send(row("events", 2)).get().offset()).isZero();
      }
      assertThat(server.rows("events")).isEqualTo(List.of(List.of(2L, "name 2")));
    }
    try (BrokerHarness server = new BrokerHarness(directory)) {
      assertThat(server.rows("events")).isEqualTo(List.of(List.of(2L, "name 2")));
      assertThat(server.broker().status()).hasSize(1);
      Optional<IngestStatus> status = server.broker().status().stream().findFirst();
      assertThat(status).map(IngestStatus::table).contains("default.events");
    }
  }
}
