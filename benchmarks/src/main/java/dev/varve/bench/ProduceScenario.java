// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How many JSON records of 100 bytes a second become queryable rows, from the stock producer with
/// `acks=all` and its defaults, producer and server on the same cores?
@Command(
    name = "produce",
    description = "100-byte JSON records into a table, to the acknowledgement",
    mixinStandardHelpOptions = true)
final class ProduceScenario implements Callable<Integer> {
  @Option(names = "--records", description = "records of a run (default: ${DEFAULT-VALUE})")
  int records = 1_000_000;

  @Option(names = "--runs", description = "runs (default: ${DEFAULT-VALUE})")
  int runs = 5;

  @Option(names = "--dir", description = "where data is kept (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("target", "bench");

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    Files.createDirectories(directory);
    Path data = Files.createTempDirectory(directory.toAbsolutePath(), "produce");
    ServerConfig config =
        new ServerConfig(
            data,
            "127.0.0.1",
            0,
            0,
            Runtime.getRuntime().availableProcessors(),
            2L << 30,
            MergeSettings.defaults());
    try (VarveServer server = VarveServer.open(config);
        Connection connection =
            DriverManager.getConnection(
                "jdbc:varve://127.0.0.1:" + server.httpPort() + "/default");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE events (id UInt64, at DateTime, kind String, value Int32)"
              + " ENGINE = MergeTree ORDER BY id");
      long[] nanos = new long[runs];
      for (int run = 0; run < runs; run++) {
        nanos[run] = produce(server.kafkaPort(), (long) run * records);
        long expected = (run + 1L) * records;
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM events")) {
          count.next();
          if (count.getLong(1) != expected) {
            System.out.println("counted " + count.getLong(1) + " rows, expected " + expected);
            return 1;
          }
        }
        System.out.printf(
            Locale.ROOT,
            "run %d: %,.0f records/s, all counted at once%n",
            run + 1,
            records / (nanos[run] / 1e9));
      }
      Runs all = new Runs("produce", nanos);
      System.out.println(all);
      System.out.printf(
          Locale.ROOT, "median %,.0f records/s%n", records / (all.medianMillis() / 1e3));
      return 0;
    }
  }

  private long produce(int port, long firstId) {
    AtomicLong failed = new AtomicLong();
    long started = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", "127.0.0.1:" + port, "linger.ms", 5, "batch.size", 256 << 10),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        producer.send(
            new ProducerRecord<>("events", record(firstId + i)),
            (_, error) -> {
              if (error != null) {
                failed.incrementAndGet();
              }
            });
      }
    }
    if (failed.get() > 0) {
      throw new IllegalStateException(failed + " records were refused");
    }
    return System.nanoTime() - started;
  }

  /// One record of 100 bytes.
  private static byte[] record(long id) {
    String head =
        "{\"id\":"
            + id
            + ",\"at\":\"2026-01-01 00:00:00\",\"value\":"
            + (id * 7919 % 1_000_000)
            + ",\"kind\":\"";
    return (head
            + "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
                .substring(0, 98 - head.length())
            + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
