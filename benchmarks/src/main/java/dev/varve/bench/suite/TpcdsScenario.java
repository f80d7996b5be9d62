// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import io.trino.tpcds.Results;
import io.trino.tpcds.Session;
import io.trino.tpcds.Table;
import io.trino.tpcds.column.Column;
import io.trino.tpcds.column.ColumnType;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Do the 99 questions of TPC-DS run, and agree with DuckDB?
///
/// They ask for the widest surface: correlated subqueries, windows, grouping sets, set operations,
/// outer joins and up to ten tables in a query, over 24 tables of which seven hold nearly all rows.
@Command(
    name = "tpcds",
    description = "the 99 queries of TPC-DS, beside DuckDB and ClickHouse",
    mixinStandardHelpOptions = true)
public final class TpcdsScenario implements Callable<Integer> {
  private static final int QUERIES = 99;

  @Mixin SuiteOptions options;

  @Override
  public Integer call() throws Exception {
    List<SuiteTable> tables = tables(options.directory("tpcds"), options.scale());
    return new SuiteRun("tpcds", tables, Queries.of("tpcds", QUERIES), options, System.out).run();
  }

  private static List<SuiteTable> tables(Path directory, double scale)
      throws IOException, SQLException {
    List<SuiteTable> tables = new ArrayList<>();
    for (Table table : Table.getBaseTables()) {
      if (table == Table.DBGEN_VERSION) {
        continue;
      }
      List<SuiteTable.Column> columns = new ArrayList<>();
      for (int c = 0; c < table.getColumns().length; c++) {
        columns.add(column(table.getColumns()[c]));
      }
      tables.add(
          TextTable.make(directory, table.getName(), columns, to -> lines(table, scale, to)));
    }
    return tables;
  }

  private static SuiteTable.Column column(Column column) {
    ColumnType type = column.getType();
    String sql =
        switch (type.getBase()) {
          case INTEGER -> "INTEGER";
          case IDENTIFIER -> "BIGINT";
          case DATE -> "DATE";
          case DECIMAL ->
              "DECIMAL("
                  + type.getPrecision().orElseThrow()
                  + ","
                  + type.getScale().orElseThrow()
                  + ")";
          case CHAR, VARCHAR, TIME -> "VARCHAR";
        };
    return new SuiteTable.Column(column.getName().toLowerCase(Locale.ROOT), sql, true);
  }

  // Returns are made along with the sales they belong to, as further rows of the same result.
  private static void lines(Table table, double scale, Consumer<String> to) {
    boolean child = table.isChild();
    Table made = child ? table.getParent() : table;
    Session session = Session.getDefaultSession().withScale(scale);
    for (List<List<String>> rows : Results.constructResults(made, session)) {
      if (!child) {
        to.accept(line(rows.get(0)));
      } else if (rows.size() > 1) {
        to.accept(line(rows.get(1)));
      }
    }
  }

  private static String line(List<String> values) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      line.append(i == 0 ? "" : "|");
      line.append(values.get(i) == null ? "" : values.get(i));
    }
    return line.toString();
  }
}
