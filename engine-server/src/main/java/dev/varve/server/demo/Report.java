// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/// What is printed at the end: what was exact, how fast, and how to go on.
final class Report {
  private static final List<String> TABLES = List.of("orders", "lineitem", "revenue");

  private final PrintStream out;
  private final Connection connection;

  Report(PrintStream out, Connection connection) {
    this.out = out;
    this.connection = connection;
  }

  void print(Truth truth, Checks checks, LiveQueries live, long records, double seconds)
      throws SQLException {
    out.printf(
        Locale.ROOT,
        "%n%,d records in %.1f s (%,.0f/s, queries included), acknowledged after fsync by the stock"
            + " producer.%n%,d orders, %,d of them cancelled.%n%n",
        records,
        seconds,
        records / seconds,
        truth.orderCount(),
        truth.cancelled());
    exactness(checks, live);
    tables();
    timings();
  }

  private void exactness(Checks checks, LiveQueries live) {
    int asked = checks.answers().size();
    out.printf(
        Locale.ROOT,
        "Exact against the generator's own truth, during the stream:  %d of %d answers%n",
        asked - checks.inexact(),
        asked);
    checks.answers().stream()
        .filter(answer -> !answer.isExact())
        .limit(5)
        .forEach(answer ->
            out.printf(
                Locale.ROOT,
                "  WRONG %s: %s%n    expected %s%n    found    %s%n",
                answer.table(),
                answer.question(),
                answer.expected(),
                answer.found()));
    out.printf(
        Locale.ROOT,
        "Counts beside the stream that showed all acknowledged rows, none twice:  %,d of %,d"
            + "  (p50 %.1f ms, p99 %.1f ms)%n",
        live.count() - live.outside(),
        live.count(),
        live.percentileMillis(0.5),
        live.percentileMillis(0.99));
    if (live.outside() > 0) {
      out.println("  WRONG count of orders: " + live.firstOutside());
    }
    out.printf(Locale.ROOT, "%n  %-24s %-8s %s%n", "table", "", "last question");
    checks
        .answers()
        .subList(Math.max(0, asked - 4), asked)
        .forEach(answer ->
            out.printf(
                Locale.ROOT,
                "  %-24s %-8s %s%n",
                answer.table(),
                answer.isExact() ? "exact" : "WRONG",
                answer.question()));
  }

  private void tables() throws SQLException {
    out.printf(
        Locale.ROOT,
        "%n  %-10s %12s %12s %7s %12s%n",
        "table",
        "rows",
        "rows stored",
        "parts",
        "bytes");
    for (String table : TABLES) {
      long[] stored =
          numbers(
              "SELECT count(*), sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active AND"
                  + " table = '"
                  + table
                  + "'",
              3);
      long rows = numbers("SELECT count(*) FROM " + table, 1)[0];
      out.printf(
          Locale.ROOT,
          "  %-10s %,12d %,12d %7d %,12d%n",
          table,
          rows,
          stored[1],
          stored[0],
          stored[2]);
    }
  }

  private void timings() throws SQLException {
    out.println();
    for (String question :
        List.of(
            Checks.ORDERS,
            Checks.LINES,
            Checks.REVENUE,
            "SELECT l.ship_mode, count(*), sum(l.cents) FROM lineitem l JOIN orders o"
                + " ON l.order_id = o.id WHERE o.status = 'delivered' GROUP BY l.ship_mode")) {
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long started = System.nanoTime();
        try (Statement statement = connection.createStatement();
            ResultSet result = statement.executeQuery(question)) {
          while (result.next()) {
            result.getString(1);
          }
        }
        best = Math.min(best, System.nanoTime() - started);
      }
      out.printf(Locale.ROOT, "  %7.1f ms  %s%n", best / 1e6, question);
    }
  }

  private long[] numbers(String question, int count) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      result.next();
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = result.getLong(i + 1);
      }
      return values;
    }
  }

  void nextSteps(ServerProcess server, Path directory, boolean keep) {
    if (!keep) {
      out.println(
          "\nThe server is stopped. ./varve demo --keep leaves it running, to look around:\n"
              + "a shell on it, SQL over HTTP, and producers of your own.");
      return;
    }
    out.printf(
        Locale.ROOT,
        """

        The server is still running (process %d, log %s).
          shell     ./varve sql jdbc:varve://%s/default
          HTTP      curl --data-binary 'SELECT count(*) FROM orders' http://%s/
          metrics   http://%s/metrics
          produce   kcat -P -b %s -t orders
          data      %s
          stop      kill %d
        """,
        server.pid(),
        server.log(),
        server.http(),
        server.http(),
        server.http(),
        server.kafka(),
        directory.resolve("data"),
        server.pid());
  }
}
