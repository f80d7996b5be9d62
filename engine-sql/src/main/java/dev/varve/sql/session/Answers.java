// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.QueryContext;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.plan.ScanReport;
import dev.varve.sql.systemtables.TableText;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.VectorValues;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Shapes and rows of the answers that no query gives.
final class Answers {
  static final List<ResultColumn> ESTIMATE =
      List.of(
          new ResultColumn("database", DataTypes.STRING),
          new ResultColumn("table", DataTypes.STRING),
          new ResultColumn("parts", DataTypes.UINT64),
          new ResultColumn("rows", DataTypes.UINT64),
          new ResultColumn("marks", DataTypes.UINT64));

  /// Options of EXPLAIN that say what else ClickHouse would show of its own plan.
  private static final Set<String> OTHER_OPTIONS =
      Set.of(
          "actions",
          "compact",
          "description",
          "distributed",
          "graph",
          "header",
          "json",
          "optimize",
          "pretty",
          "projections",
          "sorting");

  static final List<ResultColumn> EXPLAIN = strings("explain");
  static final List<ResultColumn> STATEMENT = strings("statement");
  static final List<ResultColumn> RESULT = List.of(new ResultColumn("result", DataTypes.UINT8));
  static final List<ResultColumn> DESCRIBE =
      strings(
          "name",
          "type",
          "default_type",
          "default_expression",
          "comment",
          "codec_expression",
          "ttl_expression");
  static final List<ResultColumn> CHECK =
      List.of(
          new ResultColumn("part_path", DataTypes.STRING),
          new ResultColumn("is_passed", DataTypes.BOOL),
          new ResultColumn("message", DataTypes.STRING));
  static final List<ResultColumn> BACKUP = strings("id", "status");
  static final List<ResultColumn> KILLED = strings("kill_status", "query_id", "user", "query");

  private Answers() {}

  private static List<ResultColumn> strings(String... names) {
    List<ResultColumn> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(new ResultColumn(name, DataTypes.STRING));
    }
    return columns;
  }

  /// Whether the options ask for the indexes of each table.
  ///
  /// @throws VarveException UNKNOWN_SETTING with a near name
  static boolean explainsIndexes(Map<String, String> options) {
    for (String option : options.keySet()) {
      if (!option.equals("indexes") && !OTHER_OPTIONS.contains(option)) {
        throw new VarveException(
            ErrorCode.UNKNOWN_SETTING,
            "EXPLAIN has no option \""
                + option
                + "\""
                + NearNames.suggest(option, List.of("indexes")));
      }
    }
    return !options.getOrDefault("indexes", "0").equals("0");
  }

  /// One row for each table of a plan.
  static List<List<Object>> estimates(List<ScanReport.Estimate> estimates) {
    return estimates.stream()
        .map(e ->
            List.<Object>of(
                e.table().database(),
                e.table().table(),
                BigInteger.valueOf(e.parts()),
                BigInteger.valueOf(e.rows()),
                BigInteger.valueOf(e.marks())))
        .toList();
  }

  static List<List<Object>> lines(String text) {
    return text.lines().map(line -> List.<Object>of(line)).toList();
  }

  /// A tree under one line more.
  static List<List<Object>> into(Optional<String> line, List<List<Object>> tree) {
    if (line.isEmpty()) {
      return tree;
    }
    List<List<Object>> lines = new ArrayList<>(List.of(List.of(line.get())));
    tree.forEach(below -> lines.add(List.of("  " + below.getFirst())));
    return lines;
  }

  static List<List<Object>> flag(boolean value) {
    return List.of(List.of(value ? 1L : 0L));
  }

  static List<List<Object>> createTable(MergeEngine engine, MergeTable table) {
    return List.of(
        List.of(
            TableText.createStatement(
                table.definition(), engine.innerTable(table).map(MergeTable::definition))));
  }

  static List<List<Object>> createDatabase(String name) {
    return List.of(List.of("CREATE DATABASE " + TableText.name(name) + "\nENGINE = Atomic"));
  }

  static List<List<Object>> describe(List<ResultColumn> columns) {
    return columns.stream()
        .map(c -> List.<Object>of(c.name(), c.type().name(), "", "", "", "", ""))
        .toList();
  }

  /// The operators as a tree, each with the rows it gave, the time it took and the most memory that
  /// it held.
  static List<List<Object>> analyze(Operator root, QueryContext context) {
    List<List<Object>> lines = new ArrayList<>();
    analyze(root, 0, context, lines);
    return lines;
  }

  private static void analyze(
      Operator operator, int depth, QueryContext context, List<List<Object>> lines) {
    String measured =
        context
            .stats(operator)
            .map(stats ->
                String.format(
                    Locale.ROOT,
                    "  (rows %d, %.3f ms, %d KiB)",
                    stats.rows(),
                    stats.nanos() / 1e6,
                    (stats.peakBytes() + 1023) / 1024))
            .orElse("");
    lines.add(List.of("  ".repeat(depth) + operator.describe() + measured));
    for (Operator input : operator.inputs()) {
      analyze(input, depth + 1, context, lines);
    }
  }

  /// Cancels the queries found, but for the one that asks, which may be cancelled while it waits.
  static List<List<Object>> kill(
      RowQuery found, RunningQueries queries, Running own, Statement.Kill.How how) {
    List<List<Object>> rows = new ArrayList<>();
    for (Batch batch = found.next(); batch != null; batch = found.next()) {
      for (int row = 0; row < batch.rows(); row++) {
        String id = (String) VectorValues.get(batch.column(0), row);
        Optional<Running> victim = queries.find(id).filter(query -> query != own);
        if (victim.isPresent()) {
          if (how != Statement.Kill.How.TEST) {
            victim.get().cancel();
          }
          if (how == Statement.Kill.How.SYNC) {
            victim.get().awaitEnd(own);
          }
          rows.add(
              List.of(
                  how == Statement.Kill.How.SYNC
                      ? "finished"
                      : how == Statement.Kill.How.TEST ? "waiting" : "cancelled",
                  id,
                  VectorValues.get(batch.column(1), row),
                  VectorValues.get(batch.column(2), row)));
        }
      }
    }
    return rows;
  }
}
