// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.column.ColumnDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A table as declared in `CREATE TABLE`. Expressions are SQL text; who needs one evaluated asks an
/// [ExpressionCompiler].
///
/// @param engine name of the engine: `MergeTree`, `ReplacingMergeTree`, …; `View` for a view
/// @param engineArguments its arguments as written: column names, or a list `(a, b)`
/// @param orderBy expressions of the sorting key, empty for `tuple()`
/// @param primaryKey expressions of the primary key, a prefix of the sorting key
/// @param partitionBy expressions of the partition key, empty where there is none
/// @param settings values of `SETTINGS`
/// @param query the query of a view, else empty
/// @param comment the table's comment
/// @param schemaVersion grows by one with every ALTER
public record TableDefinition(
    TableName name,
    List<ColumnDefinition> columns,
    String engine,
    List<String> engineArguments,
    List<String> orderBy,
    List<String> primaryKey,
    List<String> partitionBy,
    Map<String, String> settings,
    String query,
    String comment,
    int schemaVersion) {
  public TableDefinition {
    columns = List.copyOf(columns);
    engineArguments = List.copyOf(engineArguments);
    orderBy = List.copyOf(orderBy);
    primaryKey = List.copyOf(primaryKey);
    partitionBy = List.copyOf(partitionBy);
    settings = Map.copyOf(settings);
  }

  public Optional<ColumnDefinition> column(String wanted) {
    return columns.stream().filter(c -> c.name().equals(wanted)).findFirst();
  }

  public boolean isView() {
    return engine.equals("View");
  }
}
