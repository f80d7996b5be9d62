// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.parse.StringLiteral;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// SHOW and DESCRIBE as queries over `system.*`.
final class ShowText {
  private ShowText() {}

  static String of(Statement.Show show, Names names) {
    return switch (show.what()) {
      case DATABASES ->
          list(
              "name",
              "databases",
              "NOT startsWith(name, " + StringLiteral.of(SqlEngine.TEMPORARY) + ")",
              "name",
              show);
      case TABLES, FULL_TABLES ->
          list(
              show.what() == Statement.Show.What.TABLES ? "name" : "name, engine AS table_type",
              "tables",
              "database = "
                  + StringLiteral.of(show.database().map(names::database).orElse(names.database())),
              "name",
              show);
      case COLUMNS, FULL_COLUMNS -> columns(show, names);
      case INDEXES -> indexes(show, names);
      case SETTINGS -> list("name, type, value", "settings", "", "name", show);
      case FUNCTIONS ->
          list("name, is_aggregate, case_insensitive, alias_to", "functions", "", "name", show);
      case PROCESSLIST ->
          list(
              "query_id, user, elapsed, read_rows, memory_usage, query",
              "processes",
              "",
              "query",
              show);
      case ENGINES -> list("name, description", "table_engines", "", "name", show);
      case TOPICS -> list("name, partitions, \"table\"", "topics", "", "name", show);
      case FORMATS -> list("name, is_input, is_output", "formats", "", "name", show);
    };
  }

  private static String columns(Statement.Show show, Names names) {
    Statement.Name table = show.table().orElseThrow();
    Statement.Name full =
        new Statement.Name(
            Optional.of(
                show.database().or(table::database).map(names::database).orElse(names.database())),
            table.table());
    return list(
        "name AS field, type, if(type LIKE 'Nullable(%', 'YES', 'NO') AS \"null\","
            + " if(is_in_primary_key = 1, 'PRI SOR', if(is_in_sorting_key = 1, 'SOR', '')) AS key,"
            + " nullIf(default_expression, '') AS \"default\", '' AS extra"
            + (show.what() == Statement.Show.What.COLUMNS
                ? ""
                : ", NULL AS collation, comment, '' AS privileges"),
        "columns",
        ofTable(full, names),
        "name",
        show);
  }

  private static String indexes(Statement.Show show, Names names) {
    Statement.Name table = show.table().orElseThrow();
    Statement.Name full =
        new Statement.Name(
            Optional.of(
                show.database().or(table::database).map(names::database).orElse(names.database())),
            table.table());
    TableDefinition definition = names.get(full).definition();
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < definition.primaryKey().size(); i++) {
      rows.add(index(definition, "PRIMARY", i + 1, definition.primaryKey().get(i), "PRIMARY", ""));
    }
    for (SkipIndex index : definition.indexes()) {
      String type = index.type().replaceFirst("\\(.*", "").toUpperCase(Locale.ROOT);
      rows.add(index(definition, index.name(), 1, "", type, index.expression()));
    }
    String none = index(definition, "", 0, "", "", "") + " WHERE 0";
    return "SELECT * FROM ("
        + none
        + rows.stream().map(row -> " UNION ALL " + row).collect(Collectors.joining())
        + ") ORDER BY key_name, seq_in_index";
  }

  private static String index(
      TableDefinition definition,
      String name,
      int place,
      String column,
      String type,
      String expression) {
    return "SELECT "
        + StringLiteral.of(definition.name().table())
        + " AS \"table\", 1 AS non_unique, "
        + StringLiteral.of(name)
        + " AS key_name, "
        + place
        + " AS seq_in_index, "
        + StringLiteral.of(column)
        + " AS column_name, "
        + (column.isEmpty() ? "NULL" : "'A'")
        + " AS collation, 0 AS cardinality, NULL AS sub_part, NULL AS packed, NULL AS \"null\", "
        + StringLiteral.of(type)
        + " AS index_type, '' AS comment, '' AS index_comment, 'YES' AS visible, "
        + StringLiteral.of(expression)
        + " AS expression";
  }

  static String describe(Statement.Name name, Names names) {
    return "SELECT name, type, default_kind AS default_type, default_expression, comment,"
        + " compression_codec AS codec_expression, ttl_expression FROM system.columns WHERE "
        + ofTable(name, names)
        + " ORDER BY position";
  }

  private static String ofTable(Statement.Name name, Names names) {
    String database = names.full(name).database();
    String table = database.equals(EngineCatalog.SYSTEM) ? name.table() : table(names.get(name));
    return "database = "
        + StringLiteral.of(database)
        + " AND \"table\" = "
        + StringLiteral.of(table);
  }

  private static String table(MergeTable table) {
    return table.definition().name().table();
  }

  private static String list(
      String columns, String table, String condition, String named, Statement.Show show) {
    StringBuilder text = new StringBuilder("SELECT " + columns + " FROM system." + table);
    if (!condition.isEmpty()) {
      text.append(" WHERE ").append(condition);
    }
    show.like()
        .ifPresent(like ->
            text.append(condition.isEmpty() ? " WHERE " : " AND ")
                .append(named)
                .append(like.negated() ? " NOT " : " ")
                .append(like.ignoreCase() ? "ILIKE " : "LIKE ")
                .append(StringLiteral.of(like.pattern())));
    return text.append(" ORDER BY ")
        .append(table.equals("columns") ? "position" : named)
        .toString();
  }
}
