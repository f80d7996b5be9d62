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
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions, with the stock producer and readers of committed records.
final class TransactionTest {
  @TempDir Path directory;
  private BrokerHarness server;

  @BeforeEach
  void open() throws Exception {
    server = new BrokerHarness(directory);
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic("a", 2, (short) 1), new NewTopic("b", 1, (short) 1)))
          .all()
          .get();
    }
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.broker().lastDefect()).isNull();
  }

  private void reopen() throws Exception {
    server.close();
    server = new BrokerHarness(directory);
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", server.address()));
  }

  private Producer<byte[], byte[]> producer(String id) {
    Producer<byte[], byte[]> producer =
        StockClientTest.producer(
            server.address(), Map.of("transactional.id", id, "max.block.ms", 20_000));
    producer.initTransactions();
    return producer;
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int partition, String value) {
    return new ProducerRecord<>(topic, partition, null, value.getBytes(StandardCharsets.UTF_8));
  }

  /// All values up to the end that a reader of this isolation sees.
  private List<String> read(String isolation, String topic, int partitions) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", server.address(), "isolation.level", isolation);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (int i = 0; i < partitions; i++) {
        all.add(new TopicPartition(topic, i));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
          values.add(new String(record.value(), StandardCharsets.UTF_8));
        }
      }
    }
    return values;
  }

  private List<String> committed(String topic, int partitions) {
    return read("read_committed", topic, partitions);
  }

  @Test
  void aTransactionOverPartitionsAndTopicsShowsWhenItIsCommitted() throws Exception {
    try (Producer<byte[], byte[]> producer = producer("tx")) {
      producer.beginTransaction();
      producer.send(record("a", 0, "1"));
      producer.send(record("a", 1, "2"));
      producer.send(record("b", 0, "3"));
      producer.flush();
      assertThat(committed("a", 2)).isEmpty();
      assertThat(read("read_uncommitted", "a", 2)).containsExactlyInAnyOrder("1", "2");
      producer.commitTransaction();
      assertThat(committed("a", 2)).containsExactlyInAnyOrder("1", "2");
      assertThat(committed("b", 1)).containsExactly("3");
    }
  }

  @Test
  void anOperatorSeesAnOpenTransactionAndEndsItInAPartition() throws Exception {
    TopicPartition partition = new TopicPartition("b", 0);
    try (Producer<byte[], byte[]> producer = producer("tx");
        Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      producer.beginTransaction();
      producer.send(record("b", 0, "left open"));
      producer.flush();
      TransactionListing listed = admin.listTransactions().all().get().iterator().next();
      assertThat(listed.state()).isEqualTo(TransactionState.ONGOING);
      assertThat(listed(admin, "t.")).containsExactly("tx");
      assertThat(listed(admin, "t")).isEmpty();
      assertThatThrownBy(() -> listed(admin, "t("))
          .hasCauseInstanceOf(InvalidRegularExpression.class);
      TransactionDescription described =
          admin.describeTransactions(List.of("tx")).description("tx").get();
      assertThat(described.topicPartitions()).containsExactly(partition);
      ProducerState open =
          admin
              .describeProducers(List.of(partition))
              .partitionResult(partition)
              .get()
              .activeProducers()
              .getFirst();
      assertThat(open.currentTransactionStartOffset()).hasValue(0);
      send("b", "behind it");
      assertThat(committed("b", 1)).isEmpty();
      admin
          .abortTransaction(
              new AbortTransactionSpec(
                  partition,
                  open.producerId(),
                  (short) open.producerEpoch(),
                  open.coordinatorEpoch().orElse(0)))
          .all()
          .get();
      assertThat(committed("b", 1)).containsExactly("behind it");
    }
  }

  private static List<String> listed(Admin admin, String pattern) throws Exception {
    ListTransactionsOptions options =
        new ListTransactionsOptions().filterOnTransactionalIdPattern(pattern);
    return admin.listTransactions(options).all().get().stream()
        .map(TransactionListing::transactionalId)
        .toList();
  }

  private void send(String topic, String value) throws Exception {
    try (Producer<byte[], byte[]> producer =
        StockClientTest.producer(server.address(), Map.of("acks", "all"))) {
      producer.send(record(topic, 0, value)).get();
    }
  }

  @Test
  void whatIsAbortedIsLeftOutAlsoAfterARestart() throws Exception {
    try (Producer<byte[], byte[]> producer = producer("tx")) {
      for (int i = 0; i < 6; i++) {
        producer.beginTransaction();
        producer.send(record("b", 0, Integer.toString(i)));
        if (i % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.flush();
          producer.abortTransaction();
        }
      }
    }
    assertThat(committed("b", 1)).containsExactly("0", "2", "4");
    reopen();
    assertThat(committed("b", 1)).containsExactly("0", "2", "4");
    assertThat(read("read_uncommitted", "b", 1)).hasSize(6);
  }

  @Test
  void aProducerThatIsBackFencesAndAbortsTheOldOne() throws Exception {
    try (Producer<byte[], byte[]> old = producer("tx")) {
      old.beginTransaction();
      old.send(record("b", 0, "old"));
      old.flush();
      try (Producer<byte[], byte[]> next = producer("tx")) {
        next.beginTransaction();
        next.send(record("b", 0, "new"));
        next.commitTransaction();
        assertThatThrownBy(old::commitTransaction).isInstanceOf(ProducerFencedException.class);
      }
    }
    assertThat(committed("b", 1)).containsExactly("new");
  }

  @Test
  void anOpenTransactionSurvivesARestartAndIsAbortedByTheNextProducer() throws Exception {
    try (Producer<byte[], byte[]> lost = producer("tx")) {
      lost.beginTransaction();
      lost.send(record("b", 0, "lost"));
      lost.flush();
      int before = committed("b", 1).size();
      assertThat(before).isZero();
      server.close();
      assertThatThrownBy(
              () -> {
                lost.send(record("b", 0, "more"));
                lost.close(Duration.ofMillis(10));
                throw new KafkaException("closed");
              })
          .isInstanceOf(KafkaException.class);
    }
    server = new BrokerHarness(directory);
    assertThat(committed("b", 1)).isEmpty();
    assertThat(read("read_uncommitted", "b", 1)).containsExactly("lost");
    try (Producer<byte[], byte[]> next = producer("tx")) {
      next.beginTransaction();
      next.send(record("b", 0, "next"));
      next.commitTransaction();
    }
    assertThat(committed("b", 1)).containsExactly("next");
  }

  @Test
  void aTransactionThatTakesTooLongIsAborted() throws Exception {
    Map<String, Object> config = new HashMap<>();
    config.put("transactional.id", "slow");
    config.put("transaction.timeout.ms", 500);
    try (Producer<byte[], byte[]> slow = StockClientTest.producer(server.address(), config);
        Producer<byte[], byte[]> plain = StockClientTest.producer(server.address(), Map.of())) {
      slow.initTransactions();
      slow.beginTransaction();
      slow.send(record("b", 0, "slow"));
      slow.flush();
      plain.send(record("b", 0, "plain")).get();
      List<String> seen = committed("b", 1);
      while (seen.isEmpty()) {
        seen = committed("b", 1); // until the broker's clock has ended it
      }
      assertThat(seen).containsExactly("plain");
      assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
    }
  }

  private ConsumerGroupMetadata group(String id) {
    Map<String, Object> config = Map.of("bootstrap.servers", server.address(), "group.id", id);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.groupMetadata();
    }
  }

  @Test
  void offsetsOfAGroupCountWithTheTransaction() throws Exception {
    TopicPartition input = new TopicPartition("b", 0);
    ConsumerGroupMetadata group = group("readers");
    try (Producer<byte[], byte[]> producer = producer("tx");
        Admin admin = admin()) {
      producer.beginTransaction();
      producer.send(record("a", 0, "x"));
      producer.sendOffsetsToTransaction(Map.of(input, new OffsetAndMetadata(5)), group);
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(record("a", 0, "y"));
      producer.sendOffsetsToTransaction(Map.of(input, new OffsetAndMetadata(9)), group);
      producer.abortTransaction();
      assertThat(
              admin
                  .listConsumerGroupOffsets("readers")
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .get(input)
                  .offset())
          .isEqualTo(5);
    }
    reopen();
    try (Admin admin = admin()) {
      assertThat(
              admin
                  .listConsumerGroupOffsets("readers")
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .get(input)
                  .offset())
          .isEqualTo(5);
    }
    assertThat(committed("a", 1)).containsExactly("x");
  }

  private static byte[] row(int id) {
    return ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8);
  }

  private List<Object> ids() {
    return server.rows("events").stream().map(row -> row.get(0)).sorted().toList();
  }

  @Test
  void rowsOfATableShowWithTheCommitAndNeverAfterAnAbort() throws Exception {
    server.createTable("events", "MergeTree", Map.of(), "id", "Int64");
    try (Producer<byte[], byte[]> producer = producer("tx")) {
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("events", row(1)));
      producer.flush();
      assertThat(ids()).isEmpty();
      producer.commitTransaction();
      assertThat(ids()).isEqualTo(List.of(1L));
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("events", row(2)));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("events", row(3)));
      producer.commitTransaction();
    }
    assertThat(ids()).isEqualTo(List.of(1L, 3L));
    assertThat(server.broker().status())
        .filteredOn(row -> row.topic().equals("events"))
        .allSatisfy(row -> assertThat(row.lag()).isZero());
    reopen();
    assertThat(ids()).isEqualTo(List.of(1L, 3L));
  }

  @Test
  void rowsBehindAnOpenTransactionWaitForItsEndAlsoOverARestart() throws Exception {
    server.createTable("events", "MergeTree", Map.of(), "id", "Int64");
    Producer<byte[], byte[]> open = producer("tx");
    open.beginTransaction();
    open.send(new ProducerRecord<>("events", row(1)));
    open.flush();
    Producer<byte[], byte[]> plain = StockClientTest.producer(server.address(), Map.of());
    plain.send(new ProducerRecord<>("events", row(2)));
    while (read("read_uncommitted", "events", 1).size() < 2) {
      assertThat(ids()).isEmpty();
    }
    server.close();
    plain.close(Duration.ZERO);
    open.close(Duration.ZERO);
    server = new BrokerHarness(directory);
    assertThat(ids()).isEmpty();
    try (Producer<byte[], byte[]> next = producer("tx")) {
      assertThat(ids()).isEqualTo(List.of(2L));
      next.beginTransaction();
      next.send(new ProducerRecord<>("events", row(3)));
      next.commitTransaction();
    }
    assertThat(ids()).isEqualTo(List.of(2L, 3L));
  }

  @Test
  void manyTransactionsOfManyProducersAddUp() throws Exception {
    server.createTable("events", "MergeTree", Map.of("shards", "2"), "id", "Int64");
    List<Object> expected = new ArrayList<>();
    List<Producer<byte[], byte[]>> producers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      producers.add(producer("tx" + i));
    }
    int id = 0;
    for (int round = 0; round < 6; round++) {
      for (Producer<byte[], byte[]> producer : producers) {
        producer.beginTransaction();
        for (int i = 0; i < 20; i++) {
          producer.send(new ProducerRecord<>("events", i % 2, null, row(id + i)));
        }
      }
      for (int p = 0; p < producers.size(); p++) {
        boolean commit = (round + p) % 3 != 0;
        if (commit) {
          producers.get(p).commitTransaction();
        } else {
          producers.get(p).flush();
          producers.get(p).abortTransaction();
        }
        for (int i = 0; commit && i < 20; i++) {
          expected.add((long) id + i);
        }
      }
      id += 20;
    }
    producers.forEach(Producer::close);
    expected.sort(null);
    assertThat(ids()).isEqualTo(expected);
    reopen();
    assertThat(ids()).isEqualTo(expected);
  }
}
