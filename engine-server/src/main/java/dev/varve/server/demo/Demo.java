// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// One run of the demo, from the empty folder to the table of results.
final class Demo {
  private static final int CHECKPOINTS = 10;

  /// Records of TPC-H at scale 1 in this stream, measured; only spaces the checkpoints.
  private static final double RECORDS_AT_SCALE_1 = 14_400_000;

  private final Path directory;
  private final boolean temporary;
  private final double scale;
  private final long seed;
  private final boolean keep;
  private final PrintStream out;
  private final boolean terminal;

  Demo(
      Path directory,
      boolean temporary,
      double scale,
      long seed,
      boolean keep,
      PrintStream out,
      boolean terminal) {
    this.directory = directory;
    this.temporary = temporary;
    this.scale = scale;
    this.seed = seed;
    this.keep = keep;
    this.out = out;
    this.terminal = terminal;
  }

  int run() throws IOException, SQLException {
    long started = System.nanoTime();
    out.println("Starting a server in " + directory + " …");
    ServerProcess server = ServerProcess.start(directory);
    boolean finished = false;
    try {
      out.printf(
          Locale.ROOT,
          "It serves SQL on http://%s and the log on %s (%.1f s).%n",
          server.http(),
          server.kafka(),
          (System.nanoTime() - started) / 1e9);
      int status = stream(server);
      finished = true;
      return status;
    } finally {
      if (!keep || !finished) {
        server.close();
      }
      if (temporary && !keep) {
        delete(directory);
      }
    }
  }

  private int stream(ServerProcess server) throws SQLException {
    String url = "jdbc:varve://" + server.http() + "/default";
    try (Connection connection = DriverManager.getConnection(url)) {
      createTables(connection);
      Truth truth = new Truth();
      Checks checks = new Checks(connection);
      AtomicLong placed = new AtomicLong();
      AtomicLong acknowledged = new AtomicLong();
      Display display = new Display(out, terminal, connection);
      long records;
      double seconds;
      LiveQueries live;
      try (OrderProducer producer = new OrderProducer(server.kafka(), placed, acknowledged)) {
        OrderStream stream =
            new OrderStream(scale, new SplittableRandom(seed), truth, producer::send);
        live = new LiveQueries(url, acknowledged, placed);
        long begun = System.nanoTime();
        long perCheckpoint = (long) (RECORDS_AT_SCALE_1 * scale / CHECKPOINTS);
        long nextCheckpoint = perCheckpoint;
        boolean more = true;
        while (more) {
          more = stream.step();
          if (stream.records() >= nextCheckpoint || !more) {
            // From here to the end of the checks all that was sent is acknowledged, so the tables
            // must say exactly what the generator knows, whatever has been merged by now.
            producer.flush();
            checks.compare(truth);
            nextCheckpoint += perCheckpoint;
          }
          if ((stream.records() & 1023) < 8) {
            display.show(
                stream.records(),
                checks.answers().size(),
                checks.answers().size() - checks.inexact());
          }
        }
        records = stream.records();
        seconds = (System.nanoTime() - begun) / 1e9;
        live.close();
      }
      display.done();
      Report report = new Report(out, connection);
      report.print(truth, checks, live, records, seconds);
      int status = checks.inexact() == 0 && live.outside() == 0 ? 0 : 1;
      report.nextSteps(server, directory, keep);
      return status;
    }
  }

  private static void createTables(Connection connection) throws SQLException {
    List<String> tables =
        List.of(
            """
            CREATE TABLE orders (
              id UInt64, version UInt32, customer UInt32, status LowCardinality(String),
              cents Int64, day Date, priority LowCardinality(String)
            ) ENGINE = ReplacingMergeTree(version) ORDER BY id\
            """,
            """
            CREATE TABLE lineitem (
              order_id UInt64, line UInt8, part UInt32, quantity Int32, cents Int64,
              ship_mode LowCardinality(String), sign Int8
            ) ENGINE = CollapsingMergeTree(sign) ORDER BY (order_id, line)\
            """,
            """
            CREATE TABLE revenue (
              day Date, priority LowCardinality(String), orders Int64, cents Int64
            ) ENGINE = SummingMergeTree ORDER BY (day, priority)\
            """);
    try (Statement statement = connection.createStatement()) {
      for (String table : tables) {
        statement.execute(table);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
