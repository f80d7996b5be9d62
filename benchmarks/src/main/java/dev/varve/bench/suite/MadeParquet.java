// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// A Parquet file of what a query gives, made by DuckDB. A file that is there already is kept.
final class MadeParquet {
  private MadeParquet() {}

  static Path of(Path directory, String name, String query) throws IOException, SQLException {
    Path parquet = directory.resolve(name + ".parquet");
    if (Files.exists(parquet)) {
      return parquet;
    }
    Files.createDirectories(directory);
    Path partial = directory.resolve(name + ".partial");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (" + query + ") TO '" + partial + "' (FORMAT PARQUET, COMPRESSION ZSTD)");
    }
    return Files.move(partial, parquet, StandardCopyOption.ATOMIC_MOVE);
  }
}
