// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.ViewCompiler;
import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.sql.execute.QueryRun;
import dev.varve.sql.operator.QueryContext;
import dev.varve.sql.operator.QueryMemory;
import dev.varve.sql.parse.StatementParser;
import dev.varve.sql.parse.ViewSource;
import dev.varve.sql.plan.PhysicalPlan;
import dev.varve.sql.plan.PlanContext;
import dev.varve.sql.plan.Prepared;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Runs the queries of materialized views over blocks. A query sees the block wherever it names its
/// source, in joins and subqueries too. Safe for threads.
final class MaterializedViews implements ViewCompiler {
  /// A block of fewer rows is not worth a second thread.
  private static final long PARALLEL_ROWS = 65_536;

  private static final int KEPT_SOURCES = 10_000;

  private final EngineParts parts;
  private final Map<TableDefinition, TableName> sources = new ConcurrentHashMap<>();
  private final Map<TableDefinition, Deque<PlannedView>> plans = new ConcurrentHashMap<>();

  MaterializedViews(EngineParts parts) {
    this.parts = parts;
  }

  @Override
  public TableName source(TableDefinition view) {
    TableName known = sources.get(view);
    if (known != null) {
      return known;
    }
    if (sources.size() >= KEPT_SOURCES) {
      sources.clear(); // definitions of views that were changed or are gone
    }
    TableName found =
        ViewSource.of(StatementParser.parseQuery(view.query()), view.name().database())
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.BAD_ARGUMENTS,
                    "the materialized view "
                        + view.name()
                        + " reads no table; name the table to follow in FROM"));
    sources.put(view, found);
    return found;
  }

  @Override
  public void transform(Block block, MergeTable target, Consumer<Batch> sink) {
    long rows = block.rows().stream().mapToLong(Batch::rows).sum();
    int threads = rows < PARALLEL_ROWS ? 1 : parts.threads();
    PlannedView planned = planned(block);
    try {
      planned.rows = block.rows();
      transform(block, planned, threads, target, sink);
    } finally {
      planned.rows = List.of();
    }
    keep(planned, block.view());
  }

  /// A plan that nobody uses now, of the same definitions: it is made once, and for each thread
  /// that hands rows through the view at a time.
  private PlannedView planned(Block block) {
    Deque<PlannedView> kept = plans.get(block.view());
    PlannedView planned = kept == null ? null : kept.pollFirst();
    return planned == null ? new PlannedView() : planned;
  }

  private void keep(PlannedView planned, TableDefinition view) {
    if (planned.prepared != null && planned.prepared.isReusable(view.query())) {
      if (plans.size() >= KEPT_SOURCES) {
        plans.clear(); // as above
      }
      plans.computeIfAbsent(view, _ -> new ConcurrentLinkedDeque<>()).addFirst(planned);
    }
  }

  /// A plan over rows that are set for each run. One thread at a time.
  private static final class PlannedView {
    private List<Batch> rows = List.of();
    private Prepared prepared;
  }

  private PhysicalPlan plan(Block block, PlannedView planned, int threads) {
    BlockCatalog catalog =
        new BlockCatalog(parts.catalog(), source(block.view()), block, () -> planned.rows);
    PlanContext context =
        new PlanContext(
            catalog, block.view().name().database(), true, threads, StatementParser::parseQuery);
    if (planned.prepared != null && planned.prepared.isCurrent(catalog)) {
      return parts.planner().plan(planned.prepared, context, List.of());
    }
    PhysicalPlan plan =
        parts.planner().plan(StatementParser.parseQuery(block.view().query()), context);
    planned.prepared = plan.prepared();
    return plan;
  }

  private void transform(
      Block block, PlannedView planned, int threads, MergeTable target, Consumer<Batch> sink) {
    try (PhysicalPlan plan = plan(block, planned, threads);
        QueryMemory memory =
            QueryMemory.of(
                parts.memory(),
                "view " + block.view().name(),
                0,
                QueryMemory.Thresholds.BY_LIMIT)) {
      QueryContext query =
          new QueryContext(memory, threads, parts.workers(), System::nanoTime, 0, false);
      Target into = Target.of(parts, block.view(), plan, target);
      try (QueryRun run = QueryRun.start(plan.root(), query);
          Scratch scratch = new Scratch(memory.allocator())) {
        for (Batch batch = run.next(); batch != null; batch = run.next()) {
          if (batch.rows() > 0) {
            sink.accept(into.converted().of(batch, scratch));
            scratch.reset();
          }
        }
      }
    }
  }

  /// How rows of a view become rows of its target: columns find each other by name, what the target
  /// has beside them gets its default, what it does not have is left out.
  private record Target(ConvertedRows converted) {
    static Target of(
        EngineParts parts, TableDefinition view, PhysicalPlan plan, MergeTable target) {
      List<String> given =
          target.insertColumns().stream()
              .map(ColumnDefinition::name)
              .filter(name -> index(plan, name) >= 0)
              .toList();
      if (given.isEmpty()) {
        throw new VarveException(
            ErrorCode.UNKNOWN_IDENTIFIER,
            "none of its columns "
                + plan.columns().stream().map(PhysicalPlan.Column::name).toList()
                + " is one of table "
                + target.definition().name()
                + ", which has "
                + target.insertColumns().stream().map(ColumnDefinition::name).toList());
      }
      ConvertedRows converted =
          new ConvertedRows(parts, new InsertColumns(target, given, parts.compiler()));
      for (String name : given) {
        int index = index(plan, name);
        converted.add(index, plan.columns().get(index).type());
      }
      return new Target(converted);
    }

    private static int index(PhysicalPlan plan, String name) {
      for (int i = 0; i < plan.columns().size(); i++) {
        if (plan.columns().get(i).name().equals(name)) {
          return i;
        }
      }
      return -1;
    }
  }

  /// The catalog with a block in the place of one table.
  private record BlockCatalog(
      Catalog all, TableName source, Block block, Supplier<List<Batch>> rows) implements Catalog {
    @Override
    public Optional<Relation> find(TableName name) {
      return name.equals(source)
          ? Optional.of(new Relation.Block(block.source(), block.columns(), rows))
          : all.find(name);
    }

    @Override
    public Optional<String> function(String name) {
      return all.function(name);
    }

    @Override
    public UserFiles files() {
      return all.files();
    }

    @Override
    public void requireFiles(String function) {
      all.requireFiles(function);
    }

    @Override
    public Collection<String> databases() {
      return all.databases();
    }

    @Override
    public Collection<String> tables(String database) {
      return all.tables(database);
    }

    @Override
    public long version() {
      return all.version();
    }
  }
}
