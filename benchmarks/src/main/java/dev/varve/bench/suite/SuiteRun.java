// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import dev.varve.bench.peer.ClickHousePeer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs the queries of a suite in Varve, in DuckDB and, where it is installed, in ClickHouse by
/// turns, on the same threads. No time counts before the answers agree.
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

  /// Loads what is not loaded, and runs. Gives 0 where every answer agreed.
  public int run() throws IOException, SQLException {
    Path home = options.directory(suite);
    Files.createDirectories(home);
    List<Figure> figures = new ArrayList<>();
    Path duckFile = home.resolve("duckdb");
    boolean duckLoaded = Files.exists(duckFile);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:" + duckFile);
        Connection varve = DriverManager.getConnection("jdbc:varve:" + home.resolve("varve"));
        ClickHouse clickHouse = clickHouse(home)) {
      execute(duck, "SET threads = " + options.threads);
      execute(varve, "SET max_threads = " + options.threads);
      load(duck, "duckdb", duckLoaded);
      load(varve, "varve", Files.exists(home.resolve("varve").resolve(LOADED)));
      if (!Files.exists(home.resolve("varve").resolve(LOADED))) {
        Files.createFile(home.resolve("varve").resolve(LOADED));
      }
      load(clickHouse);
      if (options.memoryMiB > 0) {
        execute(duck, "SET memory_limit = '" + options.memoryMiB + "MiB'");
        execute(varve, "SET max_memory_usage = " + (options.memoryMiB << 20));
      }
      double bandwidth = Bandwidth.bytesPerMilli(options.threads);
      out.printf(Locale.ROOT, "memory gives %.1f GB/s%n", bandwidth / 1e6);
      SuiteReport report = new SuiteReport(out);
      for (Map.Entry<String, String> query : queries.entrySet()) {
        if (options.only.isEmpty() || options.only.contains(query.getKey())) {
          Engines engines = new Engines(duck, varve, clickHouse, bandwidth);
          Figure figure = measure(engines, query.getKey(), query.getValue());
          figures.add(figure);
          report.print(figure);
        }
      }
      report.summarize(figures, options.runs > 0);
    }
    if (options.json != null) {
      Files.writeString(options.json, Json.of(suite, options, figures));
    }
    return figures.stream().allMatch(Figure::isRight) ? 0 : 1;
  }

  /// @param clickHouse null where it is not installed or not wanted
  private record Engines(
      Connection duck, Connection varve, ClickHouse clickHouse, double bandwidth) {}

  private ClickHouse clickHouse(Path home) throws IOException {
    // Its limit of memory is the server's, so it takes no part where that is the question.
    if (options.noClickHouse || options.memoryMiB > 0) {
      return null;
    }
    Map<String, String> own = Queries.of(suite, "clickhouse", queries.keySet());
    return ClickHousePeer.start(home, options.threads)
        .map(peer -> new ClickHouse(peer, home, own))
        .orElse(null);
  }

  private void load(ClickHouse clickHouse) throws IOException {
    long started = System.nanoTime();
    if (clickHouse != null) {
      out.println("clickhouse " + clickHouse.version());
      if (clickHouse.load(tables)) {
        out.printf(Locale.ROOT, "%-8s loaded in %.1f s%n", "clickhouse", seconds(started));
      }
    }
  }

  private void load(Connection connection, String engine, boolean loaded) throws SQLException {
    if (loaded) {
      return;
    }
    long started = System.nanoTime();
    for (SuiteTable table : tables) {
      boolean isVarve = engine.equals("varve");
      String columns = table.definition(isVarve ? "Date32" : "DATE");
      String create = "CREATE TABLE " + table.name() + " (" + columns + ")";
      // What sorts its tables keeps this one in the same order as the other that does.
      boolean isSorted = isVarve && !table.order().isEmpty();
      execute(connection, isSorted ? create + " ORDER BY (" + table.order() + ")" : create);
      execute(
          connection,
          "INSERT INTO " + table.name() + " SELECT * FROM read_parquet('" + table.parquet() + "')");
    }
    // Both engines leave their tables at rest: no merge takes cores from the queries.
    execute(connection, "CHECKPOINT");
    out.printf(Locale.ROOT, "%-8s loaded in %.1f s%n", engine, seconds(started));
  }

  private Figure measure(Engines engines, String name, String query) throws SQLException {
    Answer expected;
    try {
      expected = Answer.of(engines.duck, query);
    } catch (SQLException e) {
      return Figure.wrong(name, 0, "duckdb: " + firstLine(e));
    }
    long started = System.nanoTime();
    String wrong;
    try {
      wrong = Answer.of(engines.varve, query).difference(expected);
    } catch (SQLException e) {
      wrong = firstLine(e);
    }
    double first = seconds(started) * 1e3;
    if (!wrong.isEmpty()) {
      return Figure.wrong(name, first, wrong);
    }
    String note = engines.clickHouse == null ? "" : note(engines.clickHouse, name, query, expected);
    boolean three = engines.clickHouse != null && note.isEmpty();
    double[] ours = new double[options.runs];
    double[] ducks = new double[options.runs];
    double[] houses = new double[options.runs];
    for (int i = 0; i < options.runs; i++) {
      ducks[i] = millis(() -> Answer.of(engines.duck, query));
      ours[i] = millis(() -> Answer.of(engines.varve, query));
      houses[i] = three ? millis(() -> engines.clickHouse.answer(name, query)) : Double.NaN;
    }
    return new Figure(
        name,
        median(ours),
        median(ducks),
        three ? median(houses) : Double.NaN,
        first,
        readBytes(engines.varve, query) / engines.bandwidth,
        "",
        note);
  }

  private static String note(ClickHouse clickHouse, String name, String query, Answer expected) {
    try {
      String difference = clickHouse.answer(name, query).difference(expected);
      return difference.isEmpty() ? "" : "answers otherwise: " + difference;
    } catch (IOException e) {
      return firstLine(e);
    }
  }

  private interface Question {
    Answer ask() throws SQLException, IOException;
  }

  private static double millis(Question question) throws SQLException {
    long started = System.nanoTime();
    try {
      question.ask();
    } catch (IOException e) {
      throw new SQLException(e);
    }
    return seconds(started) * 1e3;
  }

  /// What our scans said they read for a query, as vectors in memory.
  private static long readBytes(Connection varve, String query) throws SQLException {
    try (PreparedStatement statement =
        varve.prepareStatement("SELECT max(read_bytes) FROM system.query_log WHERE query = ?")) {
      statement.setString(1, query);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
