// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.catalog;

import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The standard's `information_schema`: views over `system`, for tools that ask there. What Varve
/// does not have (sequences, foreign keys, routines) is a view without rows, so that a tool sees
/// that there is none instead of an error.
final class InformationSchema {
  static final String NAME = "information_schema";

  private static final String IS_SYSTEM = "database IN ('system', '" + NAME + "')";

  private final Map<String, Relation.View> views = new TreeMap<>();

  InformationSchema() {
    view(
        "schemata",
        "SELECT name AS catalog_name, name AS schema_name, 'default' AS schema_owner,"
            + " CAST(NULL AS Nullable(String)) AS default_character_set_catalog,"
            + " CAST(NULL AS Nullable(String)) AS default_character_set_schema,"
            + " CAST(NULL AS Nullable(String)) AS default_character_set_name,"
            + " CAST(NULL AS Nullable(String)) AS sql_path FROM system.databases");
    view(
        "tables",
        "SELECT database AS table_catalog, database AS table_schema, name AS table_name,"
            + " multiIf(engine IN ('View', 'MaterializedView'), 'VIEW', "
            + IS_SYSTEM
            + ", 'SYSTEM VIEW', 'BASE TABLE') AS table_type,"
            + " total_rows AS table_rows, total_bytes AS data_length, comment AS table_comment"
            + " FROM system.tables");
    view(
        "views",
        "SELECT database AS table_catalog, database AS table_schema, name AS table_name,"
            + " as_select AS view_definition, 'NONE' AS check_option, 'NO' AS is_updatable"
            + " FROM system.tables WHERE engine IN ('View', 'MaterializedView')");
    view(
        "columns",
        "SELECT database AS table_catalog, database AS table_schema, `table` AS table_name,"
            + " name AS column_name, position AS ordinal_position,"
            + " default_expression AS column_default,"
            + " if(type LIKE 'Nullable(%' OR type LIKE 'LowCardinality(Nullable(%', 'YES', 'NO')"
            + " AS is_nullable,"
            + " type AS data_type, type AS column_type, comment AS column_comment"
            + " FROM system.columns");
    keys();
    nothing(
        "sequences",
        "sequence_catalog String, sequence_schema String, sequence_name String, data_type String,"
            + " start_value String, minimum_value String, maximum_value String, increment String,"
            + " cycle_option String");
    nothing(
        "referential_constraints",
        "constraint_catalog String, constraint_schema String, constraint_name String,"
            + " unique_constraint_catalog String, unique_constraint_schema String,"
            + " unique_constraint_name String, match_option String, update_rule String,"
            + " delete_rule String, table_name String, referenced_table_name String");
    nothing(
        "routines",
        "routine_catalog String, routine_schema String, routine_name String, routine_type String,"
            + " data_type String, routine_definition String");
  }

  private void keys() {
    view(
        "key_column_usage",
        "SELECT database AS constraint_catalog, database AS constraint_schema,"
            + " 'PRIMARY' AS constraint_name, database AS table_catalog, database AS table_schema,"
            + " name AS table_name, key AS column_name, number AS ordinal_position"
            + " FROM (SELECT database, name, splitByString(', ', primary_key) AS keys"
            + " FROM system.tables WHERE primary_key <> '') AS t"
            + " ARRAY JOIN keys AS key, arrayEnumerate(keys) AS number");
    view(
        "table_constraints",
        "SELECT database AS constraint_catalog, database AS constraint_schema,"
            + " 'PRIMARY' AS constraint_name, database AS table_schema, name AS table_name,"
            + " 'PRIMARY KEY' AS constraint_type FROM system.tables WHERE primary_key <> ''");
  }

  private void view(String name, String query) {
    TableDefinition definition =
        new TableDefinition(
            new TableName(NAME, name),
            List.of(),
            "View",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            query,
            "",
            0);
    views.put(name, new Relation.View(definition));
  }

  /// A view of these columns that never has a row.
  private void nothing(String name, String columns) {
    StringBuilder query = new StringBuilder("SELECT ");
    for (String column : columns.split(", ")) {
      String[] words = column.split(" ");
      query.append("CAST('' AS ").append(words[1]).append(") AS ").append(words[0]).append(", ");
    }
    query.setLength(query.length() - 2);
    view(name, query.append(" FROM system.databases WHERE 1 = 0").toString());
  }

  Optional<Relation> find(String table) {
    return Optional.ofNullable(views.get(table));
  }

  Collection<String> tables() {
    return List.copyOf(views.keySet());
  }
}
