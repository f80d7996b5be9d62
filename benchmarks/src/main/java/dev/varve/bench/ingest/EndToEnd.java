// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// One record of 100 bytes at a time: from its sending until a consumer has it.
final class EndToEnd {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Figures figures;
  private int topics;

  EndToEnd(Figures figures) {
    this.figures = figures;
  }

  void run(Server server, String acks, int records) {
    String topic = "latency-" + topics++;
    Clients.create(server.kafka(), topic);
    TopicPartition partition = new TopicPartition(topic, 0);
    double[] micros = new double[records];
    int warm = records / 5;
    try (KafkaProducer<byte[], byte[]> producer =
            Clients.producer(server.kafka(), Map.of("acks", acks, "linger.ms", 0));
        KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(server.kafka())) {
      consumer.assign(List.of(partition));
      for (int i = -warm; i < records; i++) {
        long started = System.nanoTime();
        producer.send(new ProducerRecord<>(topic, new byte[100])).get();
        if (consumer.poll(PATIENCE).isEmpty()) {
          throw new IllegalStateException("no record came back");
        }
        if (i >= 0) {
          micros[i] = (System.nanoTime() - started) / 1e3;
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a record was refused", e.getCause());
    } catch (InterruptedException e) {
      throw Clients.interrupted(e);
    }
    figures.latencies("end to end acks=" + acks + " " + server.name(), micros);
    Clients.delete(server.kafka(), topic);
  }
}
