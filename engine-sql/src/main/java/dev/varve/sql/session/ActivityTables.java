// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.catalog.Relation;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// `system.processes`, `system.query_log`, `system.settings`, and the tables that others bring.
final class ActivityTables {
  private ActivityTables() {}

  static Relation.Rows processes(RunningQueries running) {
    return new Relation.Rows(
        "processes",
        List.of(
            column("query_id", DataTypes.STRING),
            column("user", DataTypes.STRING),
            column("current_database", DataTypes.STRING),
            column("query", DataTypes.STRING),
            column("elapsed", DataTypes.FLOAT64),
            column("read_rows", DataTypes.UINT64),
            column("read_bytes", DataTypes.UINT64),
            column("total_rows_approx", DataTypes.UINT64),
            column("written_rows", DataTypes.UINT64),
            column("memory_usage", DataTypes.INT64)),
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (Running query : running.all()) {
            Result.Progress progress = query.progress();
            rows.add(
                List.of(
                    query.id(),
                    query.user(),
                    query.database(),
                    query.sql(),
                    query.elapsedNanos() / 1e9,
                    count(progress.readRows()),
                    count(progress.readBytes()),
                    count(progress.totalRows()),
                    count(query.writtenRows()),
                    query.memory()));
          }
          return rows;
        });
  }

  static Relation.Rows queryLog(QueryLog log) {
    return new Relation.Rows(
        "query_log",
        List.of(
            column("type", DataTypes.STRING),
            column("query_id", DataTypes.STRING),
            column("user", DataTypes.STRING),
            column("current_database", DataTypes.STRING),
            column("query", DataTypes.STRING),
            column("query_start_time", DataTypes.DATETIME),
            column("query_duration_ms", DataTypes.UINT64),
            column("read_rows", DataTypes.UINT64),
            column("read_bytes", DataTypes.UINT64),
            column("written_rows", DataTypes.UINT64),
            column("result_rows", DataTypes.UINT64),
            column("exception_code", DataTypes.INT32),
            column("exception", DataTypes.STRING),
            column("log_comment", DataTypes.STRING)),
        () -> log.all().stream().map(ActivityTables::logRow).toList());
  }

  private static List<Object> logRow(QueryLog.Entry entry) {
    return List.of(
        entry.error().isEmpty() ? "QueryFinish" : "ExceptionWhileProcessing",
        entry.id(),
        entry.user(),
        entry.database(),
        entry.sql(),
        LocalDateTime.ofInstant(Instant.ofEpochMilli(entry.startedMillis()), ZoneOffset.UTC),
        count(entry.durationNanos() / 1_000_000),
        count(entry.readRows()),
        count(entry.readBytes()),
        count(entry.writtenRows()),
        count(entry.resultRows()),
        (long) entry.errorNumber(),
        entry.error(),
        entry.comment());
  }

  /// The settings as they are for a session that has changed none.
  static Relation.Rows settings() {
    return settings(new TreeMap<>());
  }

  static Relation.Rows settings(TreeMap<String, String> changed) {
    return new Relation.Rows(
        "settings",
        List.of(
            column("name", DataTypes.STRING),
            column("value", DataTypes.STRING),
            column("changed", DataTypes.UINT8),
            column("type", DataTypes.STRING),
            column("default", DataTypes.STRING),
            column("description", DataTypes.STRING),
            column("readonly", DataTypes.UINT8)),
        () -> KnownSettings.rows(changed));
  }

  static Relation.Rows of(SystemTable table) {
    return new Relation.Rows(
        table.name(),
        table.columns().stream().map(c -> column(c.name(), c.type())).toList(),
        table::rows);
  }

  private static ColumnDefinition column(String name, DataType type) {
    return ColumnDefinition.of(name, type);
  }

  private static BigInteger count(long value) {
    return BigInteger.valueOf(value);
  }
}
