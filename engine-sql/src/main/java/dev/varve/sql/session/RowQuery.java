// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import dev.varve.sql.execute.QueryRun;
import dev.varve.sql.operator.QueryContext;
import dev.varve.sql.operator.QueryMemory;
import dev.varve.sql.parse.StatementParser;
import dev.varve.sql.plan.OpenValues;
import dev.varve.sql.plan.PhysicalPlan;
import dev.varve.sql.plan.PlanContext;
import dev.varve.sql.plan.Prepared;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A query that runs while its rows are taken, with its own memory, its plan and the parts it
/// reads. One thread takes and closes.
final class RowQuery implements BatchSource {
  private final QueryMemory memory;
  private final QueryContext context;
  private final PhysicalPlan plan;
  private final QueryRun run;
  private final Running running;
  private ResultLimits limits = ResultLimits.NONE;
  private final Scratch scratch;
  private long given;
  private boolean closed;

  private RowQuery(
      QueryMemory memory, QueryContext context, PhysicalPlan plan, QueryRun run, Running running) {
    this.memory = memory;
    this.context = context;
    this.plan = plan;
    this.run = run;
    this.running = running;
    this.scratch = new Scratch(context.allocator());
  }

  /// Plans a query, without running it. The caller closes the plan.
  static PhysicalPlan plan(
      EngineParts parts, SessionState state, SqlNode query, QuerySettings settings) {
    return plan(parts, state, query, settings, Map.of());
  }

  /// As the other, where some tables are read as these views show them.
  static PhysicalPlan plan(
      EngineParts parts,
      SessionState state,
      SqlNode query,
      QuerySettings settings,
      Map<MergeTable, TableView> pinned) {
    return parts.planner().plan(query, context(parts, state, settings, OpenValues.NONE), pinned);
  }

  /// Plans a query whose plan may serve other values of some literals too.
  static PhysicalPlan plan(
      EngineParts parts,
      SessionState state,
      SqlNode query,
      QuerySettings settings,
      OpenValues open) {
    return parts.planner().plan(query, context(parts, state, settings, open));
  }

  /// Opens a query that was planned before. The caller closes the plan.
  ///
  /// @param values for its open literals; empty for those it was planned with
  static PhysicalPlan plan(
      EngineParts parts,
      SessionState state,
      Prepared prepared,
      QuerySettings settings,
      List<Object> values) {
    return parts.planner().plan(prepared, context(parts, state, settings, OpenValues.NONE), values);
  }

  /// The types that a query wants for its `?`, by their numbers.
  static List<Optional<DataType>> wanted(
      EngineParts parts, SessionState state, SqlNode query, Map<SqlParserPos, Integer> places) {
    PlanContext context = context(parts, state, state.querySettings(), OpenValues.NONE);
    return parts.planner().wanted(query, context, places);
  }

  private static PlanContext context(
      EngineParts parts, SessionState state, QuerySettings settings, OpenValues open) {
    return new PlanContext(
        new SessionCatalog(parts.catalog(), state),
        state.user(),
        state.database(),
        settings.exact(),
        threads(parts, settings),
        StatementParser::parseQuery,
        settings.skipQuarantined(),
        settings.scans(),
        settings.dialect(),
        open);
  }

  private static int threads(EngineParts parts, QuerySettings settings) {
    return settings.threads() == 0
        ? parts.threads()
        : Math.min(settings.threads(), parts.threads());
  }

  /// Begins to run a plan, which it closes with itself.
  ///
  /// @param measured whether operators are timed, for EXPLAIN ANALYZE
  static RowQuery start(
      EngineParts parts,
      PhysicalPlan plan,
      QuerySettings settings,
      Running running,
      boolean measured) {
    QueryMemory memory =
        QueryMemory.of(
            parts.memory(), "query " + running.id(), settings.memoryBytes(), settings.spills());
    QueryContext context =
        new QueryContext(
            memory,
            threads(parts, settings),
            parts.workers(),
            System::nanoTime,
            settings.timeoutNanos(),
            measured,
            settings.batchRows());
    context.limitReading(settings.limits().readRows(), settings.limits().readBytes());
    running.runs(context);
    try {
      QueryRun run = QueryRun.start(plan.root(), context);
      return new RowQuery(memory, context, plan, run, running);
    } catch (RuntimeException | Error e) {
      abandon(plan, memory, e);
      throw e;
    }
  }

  private static void abandon(PhysicalPlan plan, QueryMemory memory, Throwable failure) {
    try (memory) {
      plan.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /// This query, whose rows are a result: no more are given than that may have.
  RowQuery giving(ResultLimits allowed) {
    limits = allowed;
    return this;
  }

  QueryContext context() {
    return context;
  }

  PhysicalPlan plan() {
    return plan;
  }

  @Override
  public Batch next() {
    Batch batch = run.next();
    if (batch == null) {
      return null;
    }
    int rows = limits.of(batch.rows(), given);
    given += rows;
    running.gave(rows);
    return rows == batch.rows() ? batch : rows == 0 ? null : beginning(batch, rows);
  }

  private Batch beginning(Batch batch, int rows) {
    scratch.reset();
    List<Vector> columns = new ArrayList<>(batch.columns().size());
    for (Vector column : batch.columns()) {
      columns.add(VectorOps.slice(column, 0, rows, scratch));
    }
    return new Batch(rows, columns);
  }

  /// Ends the query wherever it is, and gives back memory and parts.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // In reverse: what runs, then the parts it read, then its memory.
    try (memory;
        plan;
        scratch) {
      run.close();
    }
  }
}
