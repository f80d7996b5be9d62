// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.systemtables;

import static dev.varve.sql.systemtables.Rows.flag;
import static dev.varve.sql.systemtables.Rows.row;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.parse.DictionaryKeys;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.table.Constraint;
import dev.varve.storage.table.Projection;
import dev.varve.storage.table.TableDefinition;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Tables that tools ask for beside the usual ones: codes of errors, zones, table functions,
/// endings of aggregates, constraints and projections; and those of ClickHouse about what there is
/// none of here, which have no rows.
public final class FurtherTables {
  private static final List<String> TABLE_FUNCTIONS =
      List.of(
          "dictionary",
          "file",
          "format",
          "generateRandom",
          "generateSeries",
          "generate_series",
          "merge",
          "null",
          "numbers",
          "numbers_mt",
          "read_csv",
          "read_json",
          "read_parquet",
          "topic",
          "values",
          "view",
          "zeros",
          "zeros_mt");

  private static final List<String> COMBINATORS =
      List.of(
          "If",
          "Array",
          "ForEach",
          "Map",
          "Distinct",
          "Resample",
          "OrNull",
          "OrDefault",
          "ArgMin",
          "ArgMax",
          "State",
          "Merge",
          "MergeState",
          "SimpleState");

  /// What is not there: no cluster of shards, no queue between servers, no disk but one.
  private static final List<Relation.Rows> NONE =
      List.of(
          none(
              "clusters", "cluster String; shard_num UInt32; replica_num UInt32; host_name String"),
          none("macros", "macro String; substitution String"),
          none(
              "replication_queue",
              "database String; table String; replica_name String; type String"),
          none("distribution_queue", "database String; table String; is_blocked UInt8"),
          none("distributed_ddl_queue", "entry String; query String; status String"),
          none("moves", "database String; table String; elapsed Float64; part_name String"),
          none("part_moves_between_shards", "database String; table String; part_name String"),
          none("view_refreshes", "database String; view String; status String; exception String"),
          none(
              "asynchronous_inserts", "query String; database String; table String; format String"),
          none("query_cache", "query String; result_size UInt64; stale UInt8; shared UInt8"),
          none("projection_parts", "database String; table String; name String; active UInt8"),
          none("graphite_retentions", "config_name String; regexp String; function String"),
          none("dropped_tables", "database String; table String; uuid UUID; engine String"),
          none("named_collections", "name String; collection Map(String, String)"),
          none("warnings", "message String"));

  private FurtherTables() {}

  public static List<Relation.Rows> all(MergeEngine engine) {
    List<Relation.Rows> all = new ArrayList<>(NONE);
    all.add(errors());
    all.add(
        Rows.of(
            "time_zones",
            "time_zone String",
            () -> names(ZoneId.getAvailableZoneIds().stream().sorted())));
    all.add(
        Rows.of("table_functions", "name String; description String", FurtherTables::functions));
    all.add(
        Rows.of(
            "aggregate_function_combinators",
            "name String; is_internal UInt8",
            () -> COMBINATORS.stream().map(name -> row(name, flag(false))).toList()));
    all.add(
        Rows.of(
            "constraints",
            "database String; table String; name String; type String; expression String",
            () -> of(engine, FurtherTables::constraints)));
    all.add(
        Rows.of(
            "projections",
            "database String; table String; name String; type String; query String",
            () -> of(engine, FurtherTables::projections)));
    all.add(
        Rows.of(
            "dictionaries",
            "database String; name String; status String; origin String; type String; key.names"
                + " Array(String); attribute.names Array(String); attribute.types"
                + " Array(String); source String; comment String",
            () -> of(engine, FurtherTables::dictionary)));
    all.add(
        Rows.of(
            "build_options",
            "name String; value String",
            () ->
                List.of(
                    row("VERSION_FULL", "Varve " + version()),
                    row("SYSTEM", System.getProperty("os.name")),
                    row("SYSTEM_PROCESSOR", System.getProperty("os.arch")),
                    row("JAVA_VERSION", System.getProperty("java.version")))));
    return all;
  }

  private static String version() {
    String version = FurtherTables.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  private static Relation.Rows none(String name, String columns) {
    return Rows.of(name, columns, List::of);
  }

  private static List<List<Object>> names(Stream<String> names) {
    return names.map(name -> row(name)).toList();
  }

  private static List<List<Object>> functions() {
    return TABLE_FUNCTIONS.stream().map(name -> row(name, "")).toList();
  }

  private static Relation.Rows errors() {
    return Rows.of(
        "errors",
        "name String; code Int32; sql_state String; remedy String",
        () ->
            Arrays.stream(ErrorCode.values())
                .map(e -> row(e.name(), (long) e.number(), e.sqlState(), e.remedy()))
                .toList());
  }

  private static List<List<Object>> of(
      MergeEngine engine, Function<MergeTable, Stream<List<Object>>> rows) {
    return engine.tables().stream().flatMap(rows).toList();
  }

  private static Stream<List<Object>> constraints(MergeTable table) {
    return table.definition().constraints().stream()
        .map((Constraint c) ->
            row(
                table.definition().name().database(),
                table.definition().name().table(),
                c.name(),
                c.checked() ? "CHECK" : "ASSUME",
                c.expression()));
  }

  private static Stream<List<Object>> projections(MergeTable table) {
    return table.definition().projections().stream()
        .map((Projection p) ->
            row(
                table.definition().name().database(),
                table.definition().name().table(),
                p.name(),
                p.query().toLowerCase(java.util.Locale.ROOT).contains("group by")
                    ? "Aggregate"
                    : "Normal",
                p.query()));
  }

  private static Stream<List<Object>> dictionary(MergeTable table) {
    TableDefinition view = table.definition();
    if (!view.settings().containsKey(DictionaryKeys.KEY)) {
      return Stream.empty();
    }
    List<String> key = List.of(view.settings().get(DictionaryKeys.KEY).split("\n"));
    List<ColumnDefinition> attributes =
        view.columns().stream().filter(column -> !key.contains(column.name())).toList();
    return Stream.of(
        row(
            view.name().database(),
            view.name().table(),
            "LOADED",
            view.name().toString(),
            view.settings().getOrDefault(DictionaryKeys.LAYOUT, ""),
            List.copyOf(key),
            attributes.stream().map(ColumnDefinition::name).toList(),
            attributes.stream().map(column -> column.type().name()).toList(),
            view.settings().get(DictionaryKeys.SOURCE),
            view.comment()));
  }
}
