// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs the queries of a suite in Varve and in DuckDB by turns, in one process and on the same
/// threads. No time counts before the answers agree.
public final class SuiteRun {
  private static final String LOADED = "LOADED";

  private final String suite;
  private final List<SuiteTable> tables;
  private final Map<String, String> queries;
  private final SuiteOptions options;
  private final PrintStream out;

  /// @param queries by name, in the order in which they run
  public SuiteRun(
      String suite,
      List<SuiteTable> tables,
      Map<String, String> queries,
      SuiteOptions options,
      PrintStream out) {
    this.suite = suite;
    this.tables = List.copyOf(tables);
    this.queries = queries;
    this.options = options;
    this.out = out;
  }

  /// The figures of one query; times in milliseconds, the median of the hot runs.
  record Figure(String query, double varve, double duckdb, double first, String wrong) {
    boolean isRight() {
      return wrong.isEmpty();
    }
  }

  /// Loads what is not loaded, and runs. Gives 0 where every answer agreed.
  public int run() throws IOException, SQLException {
    Path home = options.directory(suite);
    List<Figure> figures = new ArrayList<>();
    Path duckFile = home.resolve("duckdb");
    boolean duckLoaded = Files.exists(duckFile);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:" + duckFile);
        Connection varve = DriverManager.getConnection("jdbc:varve:" + home.resolve("varve"))) {
      execute(duck, "SET threads = " + options.threads);
      execute(varve, "SET max_threads = " + options.threads);
      load(duck, "duckdb", duckLoaded);
      load(varve, "varve", Files.exists(home.resolve("varve").resolve(LOADED)));
      if (!Files.exists(home.resolve("varve").resolve(LOADED))) {
        Files.createFile(home.resolve("varve").resolve(LOADED));
      }
      if (options.memoryMiB > 0) {
        execute(duck, "SET memory_limit = '" + options.memoryMiB + "MiB'");
        execute(varve, "SET max_memory_usage = " + (options.memoryMiB << 20));
      }
      for (Map.Entry<String, String> query : queries.entrySet()) {
        if (options.only.isEmpty() || options.only.contains(query.getKey())) {
          Figure figure = measure(duck, varve, query.getKey(), query.getValue());
          figures.add(figure);
          print(figure);
        }
      }
    }
    summarize(figures);
    if (options.json != null) {
      Files.writeString(options.json, Json.of(suite, options, figures));
    }
    return figures.stream().allMatch(Figure::isRight) ? 0 : 1;
  }

  private void load(Connection connection, String engine, boolean loaded) throws SQLException {
    if (loaded) {
      return;
    }
    long started = System.nanoTime();
    for (SuiteTable table : tables) {
      String dates = engine.equals("varve") ? "Date32" : "DATE";
      execute(connection, "CREATE TABLE " + table.name() + " (" + table.definition(dates) + ")");
      execute(
          connection,
          "INSERT INTO " + table.name() + " SELECT * FROM read_parquet('" + table.parquet() + "')");
    }
    // Both engines leave their tables at rest: no merge takes cores from the queries.
    execute(connection, "CHECKPOINT");
    out.printf(Locale.ROOT, "%-8s loaded in %.1f s%n", engine, seconds(started));
  }

  private Figure measure(Connection duck, Connection varve, String name, String query)
      throws SQLException {
    Answer expected;
    try {
      expected = Answer.of(duck, query);
    } catch (SQLException e) {
      return new Figure(name, 0, 0, 0, "duckdb: " + firstLine(e));
    }
    long started = System.nanoTime();
    String wrong;
    try {
      wrong = Answer.of(varve, query).difference(expected);
    } catch (SQLException e) {
      wrong = firstLine(e);
    }
    double first = seconds(started) * 1e3;
    if (!wrong.isEmpty()) {
      return new Figure(name, 0, 0, first, wrong);
    }
    double[] ours = new double[options.runs];
    double[] theirs = new double[options.runs];
    for (int i = 0; i < options.runs; i++) {
      started = System.nanoTime();
      Answer.of(duck, query);
      theirs[i] = seconds(started) * 1e3;
      started = System.nanoTime();
      Answer.of(varve, query);
      ours[i] = seconds(started) * 1e3;
    }
    return new Figure(name, median(ours), median(theirs), first, "");
  }

  private void print(Figure figure) {
    if (!figure.isRight()) {
      out.printf(Locale.ROOT, "%-5s WRONG %s%n", figure.query(), figure.wrong());
      return;
    }
    out.printf(
        Locale.ROOT,
        "%-5s varve %8.1f ms (first %8.1f)   duckdb %8.1f ms   varve takes %5.2f of it%n",
        figure.query(),
        figure.varve(),
        figure.first(),
        figure.duckdb(),
        figure.varve() / figure.duckdb());
  }

  private void summarize(List<Figure> figures) {
    double logarithms = 0;
    int timed = 0;
    for (Figure figure : figures) {
      if (figure.isRight() && options.runs > 0) {
        logarithms += Math.log(figure.varve() / figure.duckdb());
        timed++;
      }
    }
    long right = figures.stream().filter(Figure::isRight).count();
    out.printf(
        Locale.ROOT,
        "%d of %d agree with DuckDB; geometric mean of times: %.2f of DuckDB's%n",
        right,
        figures.size(),
        timed == 0 ? Double.NaN : Math.exp(logarithms / timed));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
