// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// How long is the log out of reach after its server was killed with much of it on disk?
///
/// Expected: the start of a process, and the walk over one segment: 256 MiB whose checksums take a
/// tenth of a second from the page cache, and half a second from the disk.
final class Restart {
  private static final int RECORD_BYTES = 1_000_000;
  private static final String TOPIC = "restart";

  private Restart() {}

  static void run(Path home, int mebibytes) throws IOException {
    Files.createDirectories(home);
    int records = (int) (((long) mebibytes << 20) / RECORD_BYTES);
    Server first = Server.varve(home);
    try {
      Clients.create(first.kafka(), TOPIC);
      produce(first, records);
    } finally {
      first.process().destroyForcibly();
      first.process().onExit().join();
    }
    long begun = System.nanoTime();
    try (Server second = Server.varve(home)) {
      double ready = (System.nanoTime() - begun) / 1e9;
      produce(second, 1);
      double written = (System.nanoTime() - begun) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "killed with %d MiB of log: listens after %.2f s, takes a record after %.2f s%n",
          mebibytes,
          ready,
          written);
    }
  }

  private static void produce(Server server, int records) {
    byte[] value = new byte[RECORD_BYTES];
    new Random(7).nextBytes(value);
    Map<String, Object> settings =
        Map.of("acks", "1", "batch.size", 1 << 20, "buffer.memory", 64L << 20);
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(server.kafka(), settings)) {
      for (int i = 0; i < records - 1; i++) {
        producer.send(new ProducerRecord<>(TOPIC, value));
      }
      producer.send(new ProducerRecord<>(TOPIC, value)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a record was refused", e.getCause());
    } catch (InterruptedException e) {
      throw Clients.interrupted(e);
    }
  }
}
