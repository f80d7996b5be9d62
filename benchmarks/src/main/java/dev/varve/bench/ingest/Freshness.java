// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// While records come in at a fixed rate: how long after a record's acknowledgement has a query
/// answered that sees it? And how long did the acknowledgement itself take?
///
/// A query asks for the newest acknowledged row as soon as there is one; its own time is part of
/// the figure.
final class Freshness {
  private static final int RATE = 50_000;
  private static final int SLICE_NANOS = 1_000_000;
  private static final int PER_SLICE = RATE / 1000;

  /// The newest acknowledged row.
  private record Acknowledged(long id, long atNanos) {}

  private final Server varve;
  private final Figures figures;
  private volatile Acknowledged newest = new Acknowledged(-1, 0);
  private volatile boolean isDone;

  Freshness(Server varve, Figures figures) {
    this.varve = varve;
    this.figures = figures;
  }

  void run(int seconds) throws SQLException {
    String url = "jdbc:varve://" + varve.http() + "/default";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE fresh (id UInt64, at DateTime, kind String, value Int32)"
              + " ENGINE = MergeTree ORDER BY id");
      Thread producer = Thread.ofPlatform().name("producer").start(() -> produce(seconds));
      List<Double> visible = new ArrayList<>();
      List<Double> queries = new ArrayList<>();
      long seen = -1;
      while (!isDone) {
        Acknowledged asked = newest;
        if (asked.id > seen) {
          long begun = System.nanoTime();
          seen = awaitRow(statement, asked.id);
          long now = System.nanoTime();
          visible.add((now - asked.atNanos) / 1e3);
          queries.add((now - begun) / 1e3);
        } else {
          LockSupport.parkNanos(100_000);
        }
      }
      producer.join();
      int warm = visible.size() / 4;
      figures.latencies("acknowledged to seen by a query", after(visible, warm));
      figures.latencies("of that, the query", after(queries, warm));
      statement.execute("DROP TABLE fresh");
    } catch (InterruptedException e) {
      throw Clients.interrupted(e);
    }
  }

  private static double[] after(List<Double> all, int warm) {
    return all.subList(warm, all.size()).stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static long awaitRow(Statement statement, long id) throws SQLException {
    while (true) {
      try (ResultSet found =
          statement.executeQuery("SELECT max(id) FROM fresh WHERE id >= " + id)) {
        if (found.next() && found.getLong(1) >= id && !found.wasNull()) {
          return id;
        }
      }
    }
  }

  private void produce(int seconds) {
    int records = seconds * RATE;
    double[] micros = new double[records];
    AtomicLong acknowledged = new AtomicLong();
    try (KafkaProducer<byte[], byte[]> producer =
        Clients.producer(varve.kafka(), Map.of("acks", "all", "linger.ms", 0))) {
      long begin = System.nanoTime();
      for (int i = 0; i < records; i++) {
        if (i % PER_SLICE == 0) {
          long due = begin + (long) (i / PER_SLICE) * SLICE_NANOS;
          LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        }
        int id = i;
        long sent = System.nanoTime();
        producer.send(
            new ProducerRecord<>("fresh", TableLoad.record(id)),
            (_, error) -> {
              if (error == null) {
                long now = System.nanoTime();
                micros[id] = (now - sent) / 1e3;
                newest = new Acknowledged(id, now);
                acknowledged.incrementAndGet();
              }
            });
      }
    } finally {
      isDone = true;
    }
    if (acknowledged.get() != records) {
      throw new IllegalStateException(
          acknowledged + " of " + records + " records were acknowledged");
    }
    figures.latencies("sent to acknowledged, 50 k/s", micros);
  }
}
