// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The stock clients at full speed, as Kafka's own performance tools run them: one producer, one
/// consumer, one partition.
final class Clients {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Clients() {}

  static KafkaProducer<byte[], byte[]> producer(String server, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", server);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static KafkaConsumer<byte[], byte[]> consumer(String server) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", server, "auto.offset.reset", "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  static void create(String server, String topic) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot create topic " + topic, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static void delete(String server, String topic) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server))) {
      admin.deleteTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot delete topic " + topic, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", cause);
  }

  /// Sends records until the last is acknowledged. Returns nanoseconds.
  static long produce(
      String server,
      String topic,
      Map<String, Object> settings,
      int records,
      IntFunction<byte[]> values) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    long started = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer = producer(server, settings)) {
      for (int i = 0; i < records; i++) {
        producer.send(
            new ProducerRecord<>(topic, values.apply(i)),
            (_, error) -> {
              if (error != null) {
                failure.compareAndSet(null, error);
              }
            });
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a record was refused", failure.get());
    }
    return System.nanoTime() - started;
  }

  /// Reads so many records from the beginning, each of this size. Returns nanoseconds.
  static long consume(String server, String topic, int records, int bytes) {
    long started = System.nanoTime();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(server)) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      int read = 0;
      while (read < records) {
        ConsumerRecords<byte[], byte[]> some = consumer.poll(PATIENCE);
        if (some.isEmpty()) {
          throw new IllegalStateException("read " + read + " of " + records + " records");
        }
        for (ConsumerRecord<byte[], byte[]> each : some) {
          if (each.value().length != bytes) {
            throw new IllegalStateException("a record of " + each.value().length + " bytes");
          }
        }
        read += some.count();
      }
      return System.nanoTime() - started;
    }
  }
}
