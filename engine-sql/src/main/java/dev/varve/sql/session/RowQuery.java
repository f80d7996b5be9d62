// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.operator.ParallelSource;
import dev.varve.sql.operator.QueryContext;
import dev.varve.sql.parse.StatementParser;
import dev.varve.sql.plan.PhysicalPlan;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.calcite.sql.SqlNode;

/// A query that runs while its rows are taken, with its own memory, its plan and the parts it reads.
/// One thread takes and closes.
final class RowQuery implements BatchSource {
  private final BufferAllocator allocator;
  private final QueryContext context;
  private final PhysicalPlan plan;
  private final ParallelSource source;
  private final Running running;
  private BatchSource share;
  private int next;
  private boolean closed;

  private RowQuery(
      BufferAllocator allocator,
      QueryContext context,
      PhysicalPlan plan,
      ParallelSource source,
      Running running) {
    this.allocator = allocator;
    this.context = context;
    this.plan = plan;
    this.source = source;
    this.running = running;
  }

  /// Plans a query, without running it. The caller closes the plan.
  static PhysicalPlan plan(
      EngineParts parts, SessionState state, SqlNode query, QuerySettings settings) {
    PlanContext context =
        new PlanContext(
            new SessionCatalog(parts.catalog(), state.settings()),
            state.database(),
            settings.exact(),
            threads(parts, settings),
            List.of(),
            Map.of(),
            StatementParser::parseQuery);
    return parts.planner().plan(query, context);
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
    long limit = settings.memoryBytes() == 0 ? parts.allocator().getLimit() : settings.memoryBytes();
    BufferAllocator allocator =
        parts.allocator().newChildAllocator("query " + running.id(), 0, limit);
    QueryContext context =
        new QueryContext(
            allocator,
            threads(parts, settings),
            parts.workers(),
            System::nanoTime,
            settings.timeoutNanos(),
            measured);
    running.runs(context);
    try {
      ParallelSource source = context.open(plan.root());
      return new RowQuery(allocator, context, plan, source, running);
    } catch (OutOfMemoryException e) {
      RuntimeException error = context.memoryLimit();
      abandon(context, plan, allocator, error);
      throw error;
    } catch (RuntimeException | Error e) {
      abandon(context, plan, allocator, e);
      throw e;
    }
  }

  private static void abandon(
      QueryContext context, PhysicalPlan plan, BufferAllocator allocator, Throwable failure) {
    try (allocator;
        plan;
        context) {
      context.fail();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  QueryContext context() {
    return context;
  }

  PhysicalPlan plan() {
    return plan;
  }

  @Override
  public Batch next() {
    try {
      while (true) {
        context.check();
        if (share == null) {
          if (next == source.parallelism()) {
            return null;
          }
          share = source.worker(next++);
        }
        Batch batch = share.next();
        if (batch != null) {
          running.gave(batch.rows());
          return batch;
        }
        share.close();
        share = null;
      }
    } catch (OutOfMemoryException e) {
      throw context.memoryLimit();
    }
  }

  /// Ends the query wherever it is, and gives back memory and parts.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // In reverse: the share, what shares have in common, what workers left open, parts, memory.
    try (allocator;
        plan;
        context;
        source) {
      if (share != null) {
        share.close();
      }
    }
  }
}
