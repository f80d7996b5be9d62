// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import dev.varve.bench.peer.ClickHousePeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A suite in ClickHouse, each table in the order that its users would choose. What it answers by
/// other rules than the standard's is asked for by settings, or by a query of its own.
final class ClickHouse implements AutoCloseable {
  private static final String LOADED = "clickhouse.loaded";

  private final ClickHousePeer peer;
  private final Path home;
  private final Map<String, String> own;

  /// @param own queries that it takes in words of its own
  ClickHouse(ClickHousePeer peer, Path home, Map<String, String> own) {
    this.peer = peer;
    this.home = home;
    this.own = own;
  }

  String version() {
    return peer.version();
  }

  /// Gives whether there was anything to load.
  boolean load(List<SuiteTable> tables) throws IOException {
    if (Files.exists(home.resolve(LOADED))) {
      return false;
    }
    for (SuiteTable table : tables) {
      // Its `Date` begins in 1970 and is the narrower type; tables with NULLs hold older days too.
      boolean old = table.columns().stream().anyMatch(SuiteTable.Column::nullable);
      peer.run("DROP TABLE IF EXISTS " + table.name());
      peer.run(
          "CREATE TABLE "
              + table.name()
              + " ("
              + table.definition(old ? "Date32" : "Date")
              + ") ENGINE = MergeTree ORDER BY ("
              + table.order()
              + ")");
      peer.run(
          "INSERT INTO "
              + table.name()
              + " SELECT * FROM file('"
              + table.parquet()
              + "', 'Parquet')");
      peer.run("OPTIMIZE TABLE " + table.name() + " FINAL");
    }
    Files.createFile(home.resolve(LOADED));
    return true;
  }

  Answer answer(String name, String query) throws IOException {
    return Answer.ofTabSeparated(
        peer.run(
            own.getOrDefault(name, query.replace("\\", "\\\\").replace("strlen(", "length("))
                + "\nSETTINGS join_use_nulls = 1\nFORMAT TabSeparatedWithNamesAndTypes"));
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
