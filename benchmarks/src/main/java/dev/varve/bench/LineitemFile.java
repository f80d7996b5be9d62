// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// TPC-H's lineitem as a Parquet file, made once and kept.
final class LineitemFile {
  static final String COLUMNS =
      """
      l_orderkey BIGINT NOT NULL, l_partkey BIGINT NOT NULL, l_suppkey BIGINT NOT NULL,
      l_linenumber INTEGER NOT NULL, l_quantity DECIMAL(15,2) NOT NULL,
      l_extendedprice DECIMAL(15,2) NOT NULL, l_discount DECIMAL(15,2) NOT NULL,
      l_tax DECIMAL(15,2) NOT NULL, l_returnflag VARCHAR NOT NULL,
      l_linestatus VARCHAR NOT NULL, l_shipdate DATE NOT NULL, l_commitdate DATE NOT NULL,
      l_receiptdate DATE NOT NULL, l_shipinstruct VARCHAR NOT NULL, l_shipmode VARCHAR NOT NULL,
      l_comment VARCHAR NOT NULL\
      """;

  private LineitemFile() {}

  static Path make(Path directory, double scale) throws IOException, SQLException {
    Path file = directory.resolve("lineitem-" + scale + ".parquet");
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(directory);
    Path partial = directory.resolve("lineitem.partial");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("CREATE TABLE lineitem (" + COLUMNS + ")");
      try (DuckDBAppender appender = ((DuckDBConnection) duck).createAppender("main", "lineitem")) {
        for (LineItem line : new LineItemGenerator(scale, 1, 1)) {
          append(appender, line);
        }
      }
      statement.execute("COPY lineitem TO '" + partial + "' (FORMAT PARQUET, COMPRESSION ZSTD)");
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    return file;
  }

  private static void append(DuckDBAppender to, LineItem line) throws SQLException {
    to.beginRow();
    to.append(line.orderKey());
    to.append(line.partKey());
    to.append(line.supplierKey());
    to.append(line.lineNumber());
    to.append(java.math.BigDecimal.valueOf(line.quantity() * 100, 2));
    to.append(java.math.BigDecimal.valueOf(line.extendedPriceInCents(), 2));
    to.append(java.math.BigDecimal.valueOf(line.discountPercent(), 2));
    to.append(java.math.BigDecimal.valueOf(line.taxPercent(), 2));
    to.append(line.returnFlag());
    to.append(line.status());
    to.append(LocalDate.ofEpochDay(line.shipDate()));
    to.append(LocalDate.ofEpochDay(line.commitDate()));
    to.append(LocalDate.ofEpochDay(line.receiptDate()));
    to.append(line.shipInstructions());
    to.append(line.shipMode());
    to.append(line.comment());
    to.endRow();
  }
}
