// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// How fast are the 22 questions of TPC-H beside DuckDB on the same threads?
///
/// Arithmetic says for scale 1 (6 million rows of lineitem): a query that reads four packed columns
/// of it reads 80 MB, so 3 ms at 25 GB/s; comparing and adding cost about 1.5 ns a row, 5 ms on two
/// cores. A join whose table stays in cache adds 2 to 4 ns for each row that scans cannot drop.
@Command(
    name = "tpch",
    description = "the 22 queries of TPC-H, beside DuckDB and ClickHouse",
    mixinStandardHelpOptions = true)
public final class TpchScenario implements Callable<Integer> {
  private static final int QUERIES = 22;

  @Mixin SuiteOptions options;

  @Override
  public Integer call() throws Exception {
    List<SuiteTable> tables = new ArrayList<>();
    for (TpchTable<?> table : TpchTable.getTables()) {
      tables.add(table(options.directory("tpch"), table, options.scale()));
    }
    Map<String, String> queries = new LinkedHashMap<>(Queries.of("tpch", QUERIES));
    // What counts as much of a part's stock depends on how many parts there are.
    String share = java.math.BigDecimal.valueOf(0.0001 / options.scale()).toPlainString();
    queries.replaceAll((_, query) -> query.replace("{share}", share));
    return new SuiteRun("tpch", tables, queries, options, System.out).run();
  }

  private static <E extends TpchEntity> SuiteTable table(
      Path directory, TpchTable<E> table, double scale) throws IOException, SQLException {
    List<SuiteTable.Column> columns = new ArrayList<>();
    for (TpchColumn<E> column : table.getColumns()) {
      columns.add(new SuiteTable.Column(column.getColumnName(), type(column), false));
    }
    return TextTable.make(directory, table.getTableName(), columns, to -> lines(table, scale, to))
        .orderedBy(columns.getFirst().name());
  }

  private static <E extends TpchEntity> void lines(
      TpchTable<E> table, double scale, Consumer<String> to) {
    for (E entity : table.createGenerator(scale, 1, 1)) {
      String line = entity.toLine();
      to.accept(line.endsWith("|") ? line.substring(0, line.length() - 1) : line);
    }
  }

  private static String type(TpchColumn<?> column) {
    return switch (column.getType().getBase()) {
      case IDENTIFIER -> "BIGINT";
      case INTEGER -> "INTEGER";
      case DATE -> "DATE";
      case DOUBLE -> "DECIMAL(15,2)";
      case VARCHAR -> "VARCHAR";
    };
  }
}
