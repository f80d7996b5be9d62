// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.nio.file.Path;
import java.util.List;

/// A table of a suite and the Parquet file that holds its rows.
///
/// @param columns in the file's order
/// @param order columns by which an engine that sorts its tables sorts this one; empty for none
public record SuiteTable(String name, List<Column> columns, Path parquet, String order) {
  /// @param type in words that all engines know
  public record Column(String name, String type, boolean nullable) {
    String definition(String dates) {
      String own = type.equals("DATE") ? dates : type;
      return name + " " + own + (nullable ? " NULL" : " NOT NULL");
    }
  }

  public SuiteTable {
    columns = List.copyOf(columns);
  }

  /// The same table in the order of these columns.
  SuiteTable orderedBy(String columns) {
    return new SuiteTable(name, this.columns, parquet, columns);
  }

  /// The columns as `CREATE TABLE` lists them.
  ///
  /// @param dates what the engine calls dates from 1900 on
  String definition(String dates) {
    return String.join(", ", columns.stream().map(column -> column.definition(dates)).toList());
  }
}
