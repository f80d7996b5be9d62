// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntFunction;

/// JSON records of 100 bytes into a table, `acks=all`: rows are counted by a query when the last is
/// acknowledged. The same records into a plain topic tell what the table costs.
final class TableLoad {
  private static final Cell CELL = new Cell(100, "none", true, "all");

  private final Server varve;
  private final Figures figures;

  TableLoad(Server varve, Figures figures) {
    this.varve = varve;
    this.figures = figures;
  }

  void run(int records, int runs) throws SQLException {
    byte[][] made = new byte[records][];
    for (int i = 0; i < records; i++) {
      made[i] = record(i);
    }
    String url = "jdbc:varve://" + varve.http() + "/default";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (int run = -2; run < runs; run++) {
        statement.execute(
            "CREATE TABLE events (id UInt64, at DateTime, kind String, value Int32)"
                + " ENGINE = MergeTree ORDER BY id");
        produce(run, "table, 100 B JSON", "events", records, i -> made[i]);
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM events")) {
          count.next();
          if (count.getLong(1) != records) {
            throw new IllegalStateException(
                "counted " + count.getLong(1) + " rows, expected " + records);
          }
        }
        statement.execute("DROP TABLE events");
        Clients.create(varve.kafka(), "plain");
        produce(run, "the same, plain topic", "plain", records, i -> made[i]);
        Clients.delete(varve.kafka(), "plain");
      }
    }
  }

  private void produce(int run, String title, String topic, int records, IntFunction<byte[]> made) {
    long cpu = varve.cpuNanos();
    long nanos = Clients.produce(varve.kafka(), topic, CELL.settings(), records, made);
    if (run >= 0) {
      figures.add(title, varve.name(), records, nanos, varve.cpuNanos() - cpu);
    }
  }

  /// One record of 100 bytes.
  static byte[] record(long id) {
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
