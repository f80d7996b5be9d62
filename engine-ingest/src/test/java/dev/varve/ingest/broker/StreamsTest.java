// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Streams, exactly once, as a program of its own with the clients of its own release.
final class StreamsTest {
  private static final Path JARS =
      Path.of(System.getProperty("varve.kafka.streams", "target/kafka-streams"));

  @TempDir Path directory;

  @Test
  void wordsAreCountedExactlyOnceThoughTheCounterIsKilled() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(JARS), "Kafka Streams is not in " + JARS);
    try (BrokerHarness server = new BrokerHarness(directory.resolve("data"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      admin
          .createTopics(
              List.of(new NewTopic("lines", 2, (short) 1), new NewTopic("words", 2, (short) 1)))
          .all()
          .get();
      send(server, 100);
      Process first = start(server);
      try {
        await(server, "the", 100);
      } finally {
        first.destroyForcibly();
      }
      assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
      send(server, 100);
      Process second = start(server);
      try {
        Map<String, String> counts = await(server, "the", 200);
        assertThat(counts).containsEntry("quick", "200").containsEntry("fox", "200");
      } finally {
        second.getOutputStream().close();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(server.broker().lastDefect()).isNull();
    }
  }

  private static void send(BrokerHarness server, int lines) throws Exception {
    try (Producer<byte[], byte[]> producer = StockClientTest.producer(server.address(), Map.of())) {
      for (int i = 0; i < lines; i++) {
        byte[] line = "The quick fox".getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>("lines", i % 2, null, line));
      }
    }
  }

  private Process start(BrokerHarness server) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-cp",
            JARS.toAbsolutePath() + "/*",
            Path.of("src/test/resources/streams/WordCount.java").toAbsolutePath().toString(),
            server.address(),
            directory.resolve("streams").toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("streams.log").toFile())
        .start();
  }

  /// The last committed count of each word, as soon as this one has got so far.
  private static Map<String, String> await(BrokerHarness server, String word, int count) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", server.address(), "isolation.level", "read_committed");
    Map<String, String> counts = new HashMap<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition("words", 0), new TopicPartition("words", 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
      while (!counts.getOrDefault(word, "").equals(Integer.toString(count))) {
        assertThat(System.nanoTime()).as("counts so far: %s", counts).isLessThan(deadline);
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          counts.put(record.key(), record.value());
        }
      }
      long settled = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      while (System.nanoTime() < settled) { // what comes behind belongs to the same transaction
        consumer.poll(Duration.ofMillis(100)).forEach(r -> counts.put(r.key(), r.value()));
      }
    }
    return counts;
  }
}
