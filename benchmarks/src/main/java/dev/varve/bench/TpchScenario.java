// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How fast does lineitem go in, and how fast are a wide aggregation (Q1) and a selective filter
/// (Q6) over it, beside DuckDB on the same threads?
///
/// Arithmetic says for 6 million rows: Q6 reads four columns of 2 to 4 bytes a row when packed,
/// about 80 MB, so 3 ms at 25 GB/s; comparing and adding cost about 1.5 ns a row, 9 ms on one core.
@Command(
    name = "tpch",
    description = "lineitem: bulk insert, Q1 and Q6, beside DuckDB",
    mixinStandardHelpOptions = true)
final class TpchScenario implements Callable<Integer> {
  private static final Map<String, String> QUESTIONS = new LinkedHashMap<>();

  static {
    QUESTIONS.put(
        "Q1",
        """
        SELECT l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice),
          sum(l_extendedprice * (1 - l_discount)),
          sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)),
          avg(l_quantity), avg(l_extendedprice), avg(l_discount), count(*)
        FROM lineitem WHERE l_shipdate <= DATE '1998-09-02'
        GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus\
        """);
    QUESTIONS.put(
        "Q6",
        """
        SELECT sum(l_extendedprice * l_discount) FROM lineitem
        WHERE l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1995-01-01'
          AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24\
        """);
    QUESTIONS.put("scan", "SELECT sum(l_partkey + 1) FROM lineitem");
  }

  @Option(names = "--scale", description = "TPC-H scale factor (default: ${DEFAULT-VALUE})")
  double scale = 1;

  @Option(names = "--runs", description = "hot runs of each query (default: ${DEFAULT-VALUE})")
  int runs = 15;

  @Option(names = "--threads", description = "threads of both engines (default: all cores)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--dir", description = "where data is kept (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("target", "bench");

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    Path parquet = LineitemFile.make(directory.toAbsolutePath(), scale);
    System.out.printf(Locale.ROOT, "%s, %,d bytes%n", parquet.getFileName(), Files.size(parquet));
    Path data = Files.createTempDirectory(directory.toAbsolutePath(), "varve");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Connection varve = DriverManager.getConnection("jdbc:varve:" + data)) {
      execute(duck, "SET threads = " + threads);
      execute(varve, "SET max_threads = " + threads);
      load(duck, varve, parquet);
      boolean agree = true;
      for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
        agree &= query(duck, varve, question.getKey(), question.getValue());
      }
      return agree ? 0 : 1;
    }
  }

  private static void load(Connection duck, Connection varve, Path parquet) throws SQLException {
    execute(duck, "CREATE TABLE lineitem (" + LineitemFile.COLUMNS + ")");
    execute(
        varve,
        "CREATE TABLE lineitem ("
            + LineitemFile.COLUMNS
            + ") ENGINE = MergeTree ORDER BY (l_orderkey, l_linenumber)");
    String insert = "INSERT INTO lineitem SELECT * FROM read_parquet('" + parquet + "')";
    double duckSeconds = seconds(duck, insert);
    double varveSeconds = seconds(varve, insert);
    long rows = Long.parseLong(rows(varve, "SELECT count(*) FROM lineitem").getFirst().getFirst());
    System.out.printf(
        Locale.ROOT,
        "insert   varve %,.0f rows/s (%.2f s, fsynced)   duckdb in memory %,.0f rows/s (%.2f s)%n",
        rows / varveSeconds,
        varveSeconds,
        rows / duckSeconds,
        duckSeconds);
  }

  private boolean query(Connection duck, Connection varve, String name, String question)
      throws SQLException {
    List<List<String>> expected = rows(duck, question);
    List<List<String>> found = rows(varve, question);
    if (!same(expected, found)) {
      System.out.println(
          name + ": the answers differ\n  duckdb " + expected + "\n  varve  " + found);
      return false;
    }
    Runs ours = new Runs("varve", new long[runs]);
    Runs peer = new Runs("duckdb", new long[runs]);
    for (int i = 0; i < runs; i++) {
      peer.nanos()[i] = nanos(duck, question);
      ours.nanos()[i] = nanos(varve, question);
    }
    System.out.println(name);
    System.out.println("  " + ours);
    System.out.println("  " + peer);
    System.out.printf(
        Locale.ROOT,
        "  speed of varve over duckdb: %.2f (medians), %.2f (fastest)%n",
        peer.medianMillis() / ours.medianMillis(),
        peer.minMillis() / ours.minMillis());
    return true;
  }

  private static boolean same(List<List<String>> expected, List<List<String>> found) {
    if (expected.size() != found.size()) {
      return false;
    }
    for (int r = 0; r < expected.size(); r++) {
      for (int c = 0; c < expected.get(r).size(); c++) {
        if (!same(expected.get(r).get(c), found.get(r).get(c))) {
          return false;
        }
      }
    }
    return true;
  }

  /// Equal texts, or numbers equal to ten digits: averages differ in how they are rounded.
  private static boolean same(String a, String b) {
    if (a.equals(b)) {
      return true;
    }
    try {
      MathContext ten = new MathContext(10);
      return new BigDecimal(a).round(ten).compareTo(new BigDecimal(b).round(ten)) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static double seconds(Connection connection, String sql) throws SQLException {
    long started = System.nanoTime();
    execute(connection, sql);
    return (System.nanoTime() - started) / 1e9;
  }

  private static long nanos(Connection connection, String question) throws SQLException {
    long started = System.nanoTime();
    rows(connection, question);
    return System.nanoTime() - started;
  }

  private static List<List<String>> rows(Connection connection, String question)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int c = 1; c <= columns; c++) {
          row.add(String.valueOf(result.getObject(c)));
        }
        rows.add(row);
      }
      return rows;
    }
  }
}
