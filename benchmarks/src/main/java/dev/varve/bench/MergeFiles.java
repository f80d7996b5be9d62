// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Batches of rows to insert and merge. Every value is a hash of the number of its row, so all
/// machines get the same. Of the batches under a rule that collapses keys, 70 % of the rows bring
/// new keys, spread over the whole range; the others take keys of earlier batches.
enum MergeFiles {
  APPEND(
      "MergeTree",
      "t DateTime, device Int64, kind LowCardinality(String), reading Float64, note String",
      "t",
      "SELECT make_timestamp((1700000000 + n // 50) * 1000000)::TIMESTAMP_S AS t, (hash(n * 7 + 1)"
          + " %% 100000)::BIGINT AS device, 'kind-' || (hash(n) %% 12) AS kind, (hash(n * 7 + 2) %%"
          + " 1000000) / 1000.0 AS reading, 'note-' || (hash(n * 7 + 3) %% 50000) AS note FROM"
          + " (SELECT %1$d * %2$d + range AS n FROM range(%2$d)) ORDER BY t"),
  REPLACING(
      "ReplacingMergeTree(version)",
      "k Int64, version Int64, v Int64, price Float64, name String",
      "k",
      "SELECT (hash(id) >> 1)::BIGINT AS k, n::BIGINT AS version, (hash(n * 7 + 1) %%"
          + " 1000000)::BIGINT AS v, (hash(n * 7 + 2) %% 1000000) / 7.0 AS price, 'item-' ||"
          + " (hash(n * 7 + 3) %% 100000) AS name FROM (%3$s)"),
  COLLAPSING(
      "CollapsingMergeTree(sign)",
      "k Int64, sign Int8, version Int64, v Int64, name String",
      "k",
      MergeFiles.CHANGES),
  VERSIONED(
      "VersionedCollapsingMergeTree(sign, version)",
      "k Int64, sign Int8, version Int64, v Int64, name String",
      "k",
      MergeFiles.CHANGES),
  SUMMING(
      "SummingMergeTree",
      "k Int64, hits Int64, amount Int64, price Float64",
      "k",
      "SELECT (hash(id) >> 1)::BIGINT AS k, 1::BIGINT AS hits, (hash(n * 7 + 1) %% 1000)::BIGINT AS"
          + " amount, (hash(n * 7 + 2) %% 100000) / 4.0 AS price FROM (%3$s)"),
  AGGREGATING(
      "AggregatingMergeTree",
      "k Int64, mean AggregateFunction(avg, Float64), most SimpleAggregateFunction(max, Int64),"
          + " total SimpleAggregateFunction(sum, Int64)",
      "k",
      "SELECT (hash(id) >> 1)::BIGINT AS k, (hash(n * 7 + 1) %% 10000) / 4.0 AS v, (hash(n * 7 + 2)"
          + " %% 1000000)::BIGINT AS w FROM (%3$s)");

  static final int BATCHES = 20;

  private static final String KEYS =
      "SELECT %1$d * %2$d + range AS n, CASE WHEN %1$d = 0 OR range < %2$d * 7 // 10 THEN %1$d *"
          + " %2$d + range ELSE hash((%1$d * %2$d + range) * 7 + 5) %% (%1$d * %2$d) END AS id FROM"
          + " range(%2$d)";

  /// New states, and for 15 % of a batch the row that cancels a state of the batch before, then the
  /// state that follows it.
  private static final String CHANGES =
      "SELECT (hash(id) >> 1)::BIGINT AS k, (CASE WHEN part = 1 THEN -1 ELSE 1 END)::TINYINT AS"
          + " sign, (CASE WHEN part = 2 THEN 1 ELSE 0 END)::BIGINT AS version, (hash(id * 7 + part"
          + " // 2) %% 1000000)::BIGINT AS v, 'item-' || (hash(id * 7 + part // 2 + 3) %% 100000)"
          + " AS name FROM (SELECT part, CASE WHEN part = 0 THEN %1$d * %2$d + j ELSE (%1$d - 1) *"
          + " %2$d + j - part * (%2$d * 3 // 20) - %2$d * 7 // 10 + %2$d * 3 // 20 END AS id FROM"
          + " (SELECT range AS j, CASE WHEN %1$d = 0 OR range < %2$d * 7 // 10 THEN 0 WHEN range <"
          + " %2$d * 17 // 20 THEN 1 ELSE 2 END AS part FROM range(%2$d))) ORDER BY part";

  private final String engine;
  private final String columns;
  private final String key;
  private final String select;

  MergeFiles(String engine, String columns, String key, String select) {
    this.engine = engine;
    this.columns = columns;
    this.key = key;
    this.select = select;
  }

  String table() {
    return name().toLowerCase(Locale.ROOT);
  }

  String create() {
    return "CREATE TABLE " + table() + " (" + columns + ") ENGINE = " + engine + " ORDER BY " + key;
  }

  /// Inserts a batch.
  ///
  /// @param source an expression of FROM that reads the file
  String insert(String source) {
    return this == AGGREGATING
        ? "INSERT INTO aggregating SELECT assumeNotNull(k) AS k, avgState(assumeNotNull(v)),"
            + " max(assumeNotNull(w)), sum(assumeNotNull(w)) FROM "
            + source
            + " GROUP BY k"
        : "INSERT INTO " + table() + " SELECT * FROM " + source;
  }

  /// A question whose answer tells whether the merge was right.
  String check() {
    return switch (this) {
      case APPEND -> "SELECT count(*), sum(device), max(note) FROM append";
      case AGGREGATING -> "SELECT count(*), sum(total), sum(most) FROM aggregating FINAL";
      case SUMMING -> "SELECT count(*), sum(amount), max(hits) FROM summing FINAL";
      case REPLACING, COLLAPSING, VERSIONED ->
          "SELECT count(*), sum(v), max(name) FROM " + table() + " FINAL";
    };
  }

  /// Parquet files of the batches, written by DuckDB where they are not there yet.
  List<Path> make(Path directory, int rows) throws IOException, SQLException {
    Files.createDirectories(directory);
    List<Path> files = new ArrayList<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      Path file = directory.resolve(table() + "-" + rows + "-" + batch + ".parquet");
      files.add(file);
      if (Files.exists(file)) {
        continue;
      }
      String keys = KEYS.formatted(batch, rows);
      Path partial = directory.resolve("merge.partial");
      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = duck.createStatement()) {
        statement.execute(
            "COPY ("
                + select.formatted(batch, rows, keys)
                + ") TO '"
                + partial
                + "' (FORMAT PARQUET, COMPRESSION ZSTD)");
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return files;
  }
}
