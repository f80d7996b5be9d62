// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What does grouping cost where nearly every row brings a group of its own, or texts name the
/// groups? Two rows of each of 10 million numbers (q01, q03), and 20 of each of a million texts of
/// 14 to 25 bytes (q02, q04).
///
/// Arithmetic: a table of 10 million groups lies in no cache, a visit is 60 to 100 ns on one core.
/// Parted by hash before, so that a table stays in the nearest cache, a row costs one write, one
/// read and two visits of 5 ns: 30 ns, so 0.3 s for 20 million rows on two cores.
///
/// `--scale` is in millions of distinct numbers.
@Command(
    name = "groupby",
    description = "GROUP BY of many numbers and many texts, beside DuckDB and ClickHouse",
    mixinStandardHelpOptions = true)
public final class GroupByScenario implements Callable<Integer> {
  private static final int QUERIES = 4;

  @Mixin SuiteOptions options;

  @Override
  public Integer call() throws Exception {
    List<SuiteTable.Column> columns =
        List.of(
            new SuiteTable.Column("number", "BIGINT", false),
            new SuiteTable.Column("visitor", "VARCHAR", false),
            new SuiteTable.Column("amount", "INTEGER", false));
    long keys = (long) (options.scale() * 1_000_000);
    // A prime step visits every key once before it comes back; the hash leaves no order to see.
    String key = "(i * 7368787) % " + keys;
    Path parquet =
        MadeParquet.of(
            options.directory("groupby"),
            "events",
            "SELECT CAST(hash("
                + key
                + ") >> 1 AS BIGINT) AS number, 'visitor-' || (hash(("
                + key
                + ") % "
                + Math.max(1, keys / 10)
                + ") % 100000000000000000) AS visitor, CAST(hash(i, 7) % 1000 AS INTEGER) AS amount"
                + " FROM range("
                + 2 * keys
                + ") AS r(i)");
    SuiteTable events = new SuiteTable("events", columns, parquet, "");
    return new SuiteRun(
            "groupby", List.of(events), Queries.of("groupby", QUERIES), options, System.out)
        .run();
  }
}
