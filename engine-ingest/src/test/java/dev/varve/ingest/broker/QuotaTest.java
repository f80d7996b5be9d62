// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Quotas as stock clients feel them.
final class QuotaTest {
  @Test
  void clientsBeyondTheirQuotaAreToldToWait(@TempDir Path directory) throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory);
        Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
      set(admin, "writer", "producer_byte_rate");
      set(admin, "reader", "consumer_byte_rate");
      try (Producer<byte[], byte[]> other = producer(server, "other")) {
        other.send(new ProducerRecord<>("t", new byte[20_000])).get();
        assertThat(throttle(other.metrics(), "produce-throttle-time-max")).isZero();
      }
      Producer<byte[], byte[]> writer = producer(server, "writer");
      writer.send(new ProducerRecord<>("t", new byte[20_000])).get();
      assertThat(throttle(writer.metrics(), "produce-throttle-time-max")).isPositive();
      writer.close(Duration.ZERO);
      Map<String, Object> config =
          Map.of("bootstrap.servers", server.address(), "client.id", "reader");
      ByteArrayDeserializer bytes = new ByteArrayDeserializer();
      try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(config, bytes, bytes)) {
        TopicPartition partition = new TopicPartition("t", 0);
        reader.assign(List.of(partition));
        reader.seekToBeginning(List.of(partition));
        int found = 0;
        while (found == 0) {
          found = reader.poll(Duration.ofSeconds(1)).count();
        }
        assertThat(throttle(reader.metrics(), "fetch-throttle-time-max")).isPositive();
      }
      assertThat(server.broker().metrics().get("kafka_requests_throttled")).isPositive();
      assertThat(server.broker().lastDefect()).isNull();
    }
  }

  /// 1,500 bytes in a second, 15,000 in the ten that are looked back.
  private static void set(Admin admin, String client, String key) throws Exception {
    admin
        .alterClientQuotas(
            List.of(
                new ClientQuotaAlteration(
                    new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, client)),
                    List.of(new ClientQuotaAlteration.Op(key, 1_500.0)))))
        .all()
        .get();
  }

  private static Producer<byte[], byte[]> producer(BrokerHarness server, String client) {
    return StockClientTest.producer(server.address(), Map.of("client.id", client));
  }

  private static double throttle(Map<MetricName, ? extends Metric> metrics, String name) {
    return metrics.entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .mapToDouble(metric -> (double) metric.getValue().metricValue())
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(0);
  }
}
