// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.plan.logical.Estimates;
import dev.varve.sql.plan.logical.Metadata;
import dev.varve.sql.plan.logical.Optimizer;
import dev.varve.sql.plan.logical.PartStatistics;
import dev.varve.sql.plan.logical.Views;
import dev.varve.sql.plan.physical.Calls;
import dev.varve.sql.plan.physical.Physical;
import dev.varve.sql.plan.type.RelTypeFactory;
import dev.varve.sql.plan.validate.Typing;
import dev.varve.sql.plan.validate.Validation;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Plans queries. Safe for threads.
public final class Planner {
  private final Typing typing;
  private final BufferAllocator allocator;
  private final PartStatistics statistics;

  /// @param allocator memory to fold constants in
  public Planner(FunctionRegistry functions, BufferAllocator allocator) {
    this.typing = new Typing(functions, new RelTypeFactory(functions));
    this.allocator = allocator;
    this.statistics = new PartStatistics(allocator);
  }

  /// Plans a query and opens the tables it reads. The caller closes the plan.
  ///
  /// @throws dev.varve.storage.error.VarveException with code and place of what is wrong
  public PhysicalPlan plan(SqlNode query, PlanContext context) {
    return plan(query, context, Map.of());
  }

  /// As the other, where some tables are read as these views show them, which stay the caller's.
  public PhysicalPlan plan(SqlNode query, PlanContext context, Map<MergeTable, TableView> pinned) {
    AskedCatalog asked = new AskedCatalog(context.catalog());
    PlanContext own = context.withCatalog(asked);
    Validation valid = Validation.of(query, own, typing, cluster());
    Views views = new Views(context.exact(), context.skipQuarantined(), pinned);
    try {
      Estimates estimates = new Estimates(views, statistics);
      RelNode tree = Optimizer.optimize(valid.tree(), estimates);
      Prepared prepared = new Prepared(valid.names(), tree, asked, context.open());
      return physical(prepared, context, views, estimates, List.of());
    } catch (RuntimeException | Error e) {
      views.close();
      throw e;
    }
  }

  /// The types that a query wants for its `?`, by their numbers; absent where any will do.
  ///
  /// @param places where they stand
  public List<Optional<DataType>> wanted(
      SqlNode query, PlanContext context, Map<SqlParserPos, Integer> places) {
    return Validation.wanted(query, context, typing, cluster(), places);
  }

  /// Opens the tables of a query that was planned before. The caller closes the plan.
  ///
  /// @param values for its open literals, which [OpenValues#fit]; empty for those it was planned
  ///   with
  public PhysicalPlan plan(Prepared prepared, PlanContext context, List<Object> values) {
    Views views = new Views(context.exact(), context.skipQuarantined(), Map.of());
    try {
      return physical(prepared, context, views, new Estimates(views, statistics), values);
    } catch (RuntimeException | Error e) {
      views.close();
      throw e;
    }
  }

  private PhysicalPlan physical(
      Prepared prepared,
      PlanContext context,
      Views views,
      Estimates estimates,
      List<Object> values) {
    Calls calls = new Calls(typing.functions(), allocator, values);
    Operator root = new Physical(calls, views, estimates, context.scans()).plan(prepared.tree());
    return new PhysicalPlan(columns(prepared.names(), root), root, views, prepared);
  }

  /// The operators of a query that reads no stored table, just as it is written.
  Operator unoptimized(SqlNode query, PlanContext context) {
    Validation valid = Validation.of(query, context, typing, cluster());
    try (Views views = new Views(true, false, Map.of())) {
      Calls calls = new Calls(typing.functions(), allocator);
      return new Physical(calls, views, new Estimates(views, statistics), context.scans())
          .of(valid.tree());
    }
  }

  private static List<PhysicalPlan.Column> columns(List<String> names, Operator root) {
    List<PhysicalPlan.Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(new PhysicalPlan.Column(names.get(i), root.types().get(i)));
    }
    return columns;
  }

  private RelOptCluster cluster() {
    HepPlanner planner = new HepPlanner(HepProgram.builder().build());
    // Constants are folded by our own kernels when operators are made.
    planner.setExecutor((_, constants, reduced) -> reduced.addAll(constants));
    RelOptCluster cluster = RelOptCluster.create(planner, new RexBuilder(typing.types()));
    cluster.setMetadataQuerySupplier(Metadata::new);
    return cluster;
  }
}
