// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How long does a small question take, when nothing of it is about data?
///
/// A table of 1,000 rows is one granule: reading it is some ten microseconds. So what is measured
/// is what every statement costs: reading the text, planning, starting operators, and the driver.
/// The aim is 1 ms at the median and 5 ms at the 99th percentile.
@Command(
    name = "small",
    description = "latency of small statements on a table of 1,000 rows, in this process",
    mixinStandardHelpOptions = true)
final class SmallScenario implements Callable<Integer> {
  private static final int ROWS = 1_000;

  @Option(names = "--seconds", description = "for each statement (default: ${DEFAULT-VALUE})")
  double seconds = 3;

  @Option(names = "--warmup", description = "seconds before that (default: ${DEFAULT-VALUE})")
  double warmup = 5;

  @Option(names = "--clients", description = "connections at once (default: ${DEFAULT-VALUE})")
  int clients = 1;

  /// A statement, which may differ from time to time.
  private interface Question {
    /// Runs it; gives how many rows came back.
    long ask(Statement statement, long round) throws SQLException;
  }

  private record Named(String name, Question question) {}

  private static final List<Named> QUESTIONS =
      List.of(
          new Named("SELECT 1", (s, _) -> rows(s, "SELECT 1")),
          new Named("point lookup, same text", (s, _) -> rows(s, "SELECT v FROM t WHERE k = 617")),
          new Named(
              "point lookup, new text",
              (s, round) -> rows(s, "SELECT v FROM t WHERE k = " + round % ROWS)),
          new Named(
              "filter and count",
              (s, _) -> rows(s, "SELECT count(*) FROM t WHERE s = 'a3' AND v > 100")),
          new Named(
              "group by",
              (s, _) -> rows(s, "SELECT s, count(*), sum(v) FROM t GROUP BY s ORDER BY s")),
          new Named("top 10", (s, _) -> rows(s, "SELECT k, v FROM t ORDER BY v DESC LIMIT 10")),
          new Named(
              "join",
              (s, _) -> rows(s, "SELECT count(*) FROM t a JOIN t b ON a.k = b.k WHERE b.v < 50")),
          new Named("group by, new text", (s, round) -> rows(s, grouped(round))));

  private static String grouped(long round) {
    return "SELECT s, count(*), sum(v) FROM t WHERE v <> " + round + " GROUP BY s ORDER BY s";
  }

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    try (Connection connection = DriverManager.getConnection("jdbc:varve:mem:small")) {
      load(connection);
      System.out.printf(
          Locale.ROOT,
          "%-26s %9s %9s %9s %12s%n",
          "statement",
          "p50 ms",
          "p99 ms",
          "max ms",
          "per second");
      for (Named question : QUESTIONS) {
        report(question.name, measure(question.question));
      }
      report("prepared point lookup", prepared(connection));
    }
    return 0;
  }

  private static void load(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (k UInt64, s String, v Int64) ORDER BY k");
      statement.execute(
          "INSERT INTO t SELECT number, 'a' || toString(number % 7), number * 3 % 1000 FROM"
              + " numbers(1000)");
    }
  }

  private static long rows(Statement statement, String sql) throws SQLException {
    long count = 0;
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        rows.getObject(1);
        count++;
      }
    }
    return count;
  }

  private long[] prepared(Connection connection) throws SQLException {
    try (PreparedStatement lookup = connection.prepareStatement("SELECT v FROM t WHERE k = ?")) {
      Question question =
          (_, round) -> {
            lookup.setLong(1, round % ROWS);
            try (ResultSet rows = lookup.executeQuery()) {
              return rows.next() ? 1 : 0;
            }
          };
      run(null, question, warmup, 0);
      return run(null, question, seconds, 1 << 20);
    }
  }

  private long[] measure(Question question) throws Exception {
    long[][] times = new long[clients][];
    Thread[] threads = new Thread[clients];
    AtomicLong failed = new AtomicLong();
    for (int c = 0; c < clients; c++) {
      int client = c;
      threads[c] =
          Thread.ofPlatform()
              .name("client-" + c)
              .start(() -> {
                try (Connection own = DriverManager.getConnection("jdbc:varve:mem:small");
                    Statement statement = own.createStatement()) {
                  long first = (long) client << 40;
                  run(statement, question, warmup, first);
                  times[client] = run(statement, question, seconds, first + (1 << 30));
                } catch (SQLException e) {
                  failed.incrementAndGet();
                  System.err.println(e.getMessage());
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failed.get() > 0) {
      throw new IllegalStateException("a client failed");
    }
    return Arrays.stream(times).flatMapToLong(Arrays::stream).toArray();
  }

  private static long[] run(Statement statement, Question question, double seconds, long first)
      throws SQLException {
    long[] times = new long[1024];
    int count = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (long now = System.nanoTime(); now < end; ) {
      if (question.ask(statement, first + count) < 0) {
        throw new IllegalStateException("a question gave no answer");
      }
      long after = System.nanoTime();
      if (count == times.length) {
        times = Arrays.copyOf(times, 2 * count);
      }
      times[count++] = after - now;
      now = after;
    }
    return Arrays.copyOf(times, count);
  }

  private void report(String name, long[] times) {
    Arrays.sort(times);
    System.out.printf(
        Locale.ROOT,
        "%-26s %9.3f %9.3f %9.3f %,12.0f%n",
        name,
        times[times.length / 2] / 1e6,
        times[(int) (times.length * 0.99)] / 1e6,
        times[times.length - 1] / 1e6,
        times.length / seconds);
  }
}
