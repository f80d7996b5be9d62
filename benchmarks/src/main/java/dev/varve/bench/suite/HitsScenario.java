// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How fast are 43 questions to one wide table of web traffic beside DuckDB and ClickHouse on the
/// same threads? They are ClickBench's, each with an order that leaves no ties at its limit, so
/// that both engines owe the same rows.
///
/// Arithmetic says for 10 million rows: a filter on one packed column of two bytes reads 20 MB, so
/// 1 ms at 25 GB/s and 5 ms to unpack and compare on two cores. Counting a million users costs one
/// visit to memory a row, 10 to 20 ns, so 50 to 100 ms on two cores; grouping by texts twice that.
///
/// `--scale` is in millions of rows. Without `--data` the rows are made from hashes of row numbers:
/// visitors follow a power law, sites and pages too, hits come in sessions of four and in the order
/// of time, and an eighth of them have a search phrase.
@Command(
    name = "hits",
    description = "43 queries over one wide table, beside DuckDB and ClickHouse",
    mixinStandardHelpOptions = true)
public final class HitsScenario implements Callable<Integer> {
  private static final int QUERIES = 43;
  // What ClickBench's own table is sorted by.
  private static final String ORDER = "CounterID, EventDate, UserID, EventTime, WatchID";

  @Mixin SuiteOptions options;

  @Option(names = "--data", description = "folder with Parquet files of the 105 columns")
  Path data;

  @Override
  public Integer call() throws Exception {
    Map<String, String> expressions = new LinkedHashMap<>();
    List<SuiteTable.Column> columns = columns(expressions);
    Path parquet =
        data != null
            ? data.toAbsolutePath().resolve("*.parquet")
            : made(options.directory("hits"), expressions);
    Map<String, String> queries = new LinkedHashMap<>(Queries.of("hits", QUERIES));
    // What counts as a large site or referrer depends on how many rows there are.
    String heavy = String.valueOf((long) (options.scale() * 10_000));
    queries.replaceAll((_, query) -> query.replace("{heavy}", heavy));
    SuiteTable hits = new SuiteTable("hits", columns, parquet, ORDER);
    return new SuiteRun("hits", List.of(hits), queries, options, System.out).run();
  }

  /// Name, type and expression of each column: a line of the resource.
  private static List<SuiteTable.Column> columns(Map<String, String> expressions)
      throws IOException {
    List<SuiteTable.Column> columns = new ArrayList<>();
    for (String line : resource("columns.txt").lines().toList()) {
      String[] fields = line.split(" ", 3);
      columns.add(new SuiteTable.Column(fields[0], fields[1], false));
      expressions.put(fields[0], "CAST(" + fields[2] + " AS " + fields[1] + ")");
    }
    return columns;
  }

  private Path made(Path directory, Map<String, String> expressions)
      throws IOException, SQLException {
    List<String> selected = new ArrayList<>();
    expressions.forEach((name, expression) -> selected.add(expression + " AS " + name));
    String rows =
        resource("rows.sql")
            .replace("{rows}", String.valueOf((long) (options.scale() * 1_000_000)))
            .replace("{columns}", String.join(", ", selected));
    return MadeParquet.of(directory, "hits", rows);
  }

  private static String resource(String name) throws IOException {
    try (InputStream text = HitsScenario.class.getResourceAsStream("hits/" + name)) {
      if (text == null) {
        throw new IOException("no resource hits/" + name);
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
