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
/// the figure. How many of them did not see the row says whether an acknowledgement ever comes
/// before its row is visible: expected is none. The producer batches as a stock one does.
final class Freshness {
  private static final int RATE = 50_000;
  private static final int SLICE_NANOS = 1_000_000;
  private static final int PER_SLICE = RATE / 1000;
  private static final long LONGEST_PARK_NANOS = 50_000_000;
  private static final int QUERIES_ALONE = 500;

  /// A server that just started is behind for seconds, and what waits then in the producer (32 MiB)
  /// is all that would be measured.
  private static final int WARM_SECONDS = 12;

  /// The newest acknowledged row.
  private record Acknowledged(long id, long atNanos) {}

  private final Server varve;
  private final Figures figures;
  private volatile Acknowledged newest = new Acknowledged(-1, 0);
  private volatile boolean isDone;
  private int blindQueries;
  private Thread reader;

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
      observe(statement, 0, WARM_SECONDS * RATE);
      Seen seen = observe(statement, WARM_SECONDS * RATE, seconds * RATE);
      figures.latencies("sent to acknowledged, 50 k/s", seen.acknowledged);
      figures.latencies("acknowledged to seen by a query", array(seen.visible));
      figures.latencies("of that, the query", array(seen.queries));
      System.out.println(blindQueries + " queries did not see an acknowledged row");
      figures.latencies(
          "the same query, nothing else running",
          alone(statement, (long) (WARM_SECONDS + seconds) * RATE - 1));
      statement.execute("DROP TABLE fresh");
    } catch (InterruptedException e) {
      throw Clients.interrupted(e);
    }
  }

  /// Times in microseconds.
  private record Seen(double[] acknowledged, List<Double> visible, List<Double> queries) {}

  private Seen observe(Statement statement, int firstId, int records)
      throws SQLException, InterruptedException {
    isDone = false;
    reader = Thread.currentThread();
    Seen times = new Seen(new double[records], new ArrayList<>(), new ArrayList<>());
    Thread producer =
        Thread.ofPlatform()
            .name("producer")
            .start(() -> produce(firstId, records, times.acknowledged));
    long seen = newest.id;
    while (!isDone) {
      Acknowledged asked = newest;
      if (asked.id > seen) {
        long begun = System.nanoTime();
        seen = awaitRow(statement, asked.id);
        long now = System.nanoTime();
        times.visible.add((now - asked.atNanos) / 1e3);
        times.queries.add((now - begun) / 1e3);
      } else {
        LockSupport.parkNanos(LONGEST_PARK_NANOS); // the next acknowledgement ends it
      }
    }
    producer.join();
    return times;
  }

  private static double[] array(List<Double> all) {
    return all.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double[] alone(Statement statement, long id) throws SQLException {
    double[] micros = new double[QUERIES_ALONE];
    for (int i = 0; i < QUERIES_ALONE; i++) {
      long begun = System.nanoTime();
      awaitRow(statement, id - i);
      micros[i] = (System.nanoTime() - begun) / 1e3;
    }
    return micros;
  }

  private long awaitRow(Statement statement, long id) throws SQLException {
    while (true) {
      try (ResultSet found =
          statement.executeQuery("SELECT max(id) FROM fresh WHERE id >= " + id)) {
        if (found.next() && found.getLong(1) >= id && !found.wasNull()) {
          return id;
        }
        blindQueries++;
      }
    }
  }

  private void produce(int firstId, int records, double[] micros) {
    AtomicLong acknowledged = new AtomicLong();
    try (KafkaProducer<byte[], byte[]> producer =
        Clients.producer(varve.kafka(), Map.of("acks", "all"))) {
      long begin = System.nanoTime();
      for (int i = 0; i < records; i++) {
        if (i % PER_SLICE == 0) {
          long due = begin + (long) (i / PER_SLICE) * SLICE_NANOS;
          LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        }
        int at = i;
        long sent = System.nanoTime();
        producer.send(
            new ProducerRecord<>("fresh", TableLoad.record((long) firstId + at)),
            (_, error) -> {
              if (error == null) {
                long now = System.nanoTime();
                micros[at] = (now - sent) / 1e3;
                newest = new Acknowledged((long) firstId + at, now);
                LockSupport.unpark(reader);
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
  }
}
