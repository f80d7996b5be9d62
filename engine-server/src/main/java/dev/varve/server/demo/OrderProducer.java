// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/// The stock Kafka producer with its defaults that matter: idempotent, `acks=all`. Counts orders as
/// they are sent and acknowledged. One thread sends.
final class OrderProducer implements AutoCloseable {
  private final KafkaProducer<String, String> producer;
  private final AtomicLong placed;
  private final AtomicLong acknowledged;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  OrderProducer(String bootstrap, AtomicLong placed, AtomicLong acknowledged) {
    this.placed = placed;
    this.acknowledged = acknowledged;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 << 10,
                ProducerConfig.CLIENT_ID_CONFIG,
                "varve-demo"),
            new StringSerializer(),
            new StringSerializer());
  }

  void send(String topic, String key, String json) {
    boolean places = topic.equals("orders") && json.contains("\"status\":\"placed\"");
    if (places) {
      placed.incrementAndGet();
    }
    producer.send(
        new ProducerRecord<>(topic, key, json),
        (_, error) -> {
          if (error != null) {
            failure.compareAndSet(null, error);
          } else if (places) {
            acknowledged.incrementAndGet();
          }
        });
    throwIfFailed();
  }

  /// Returns when everything sent is acknowledged.
  void flush() {
    producer.flush();
    throwIfFailed();
  }

  private void throwIfFailed() {
    Exception error = failure.get();
    if (error != null) {
      throw new IllegalStateException("the log refused a record: " + error.getMessage(), error);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
