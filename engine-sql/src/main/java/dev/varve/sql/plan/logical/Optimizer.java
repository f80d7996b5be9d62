// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.List;
import org.apache.calcite.plan.RelOptCostImpl;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.PruneEmptyRules;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;

/// The phases of rewriting, in order. Each is a fixed list of planner rules run to the end, so that
/// a plan does not depend on costs but for the order of joins.
public final class Optimizer {
  private static final HepProgram SUBQUERIES =
      program(
          CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
          CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
          CoreRules.JOIN_SUB_QUERY_TO_CORRELATE);

  private static final HepProgram FILTERS =
      program(
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.JOIN_CONDITION_PUSH,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_AGGREGATE_TRANSPOSE,
          CoreRules.FILTER_SET_OP_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE,
          CoreRules.UNION_MERGE,
          CoreRules.SEMI_JOIN_PROJECT_TRANSPOSE,
          PruneEmptyRules.FILTER_INSTANCE,
          PruneEmptyRules.PROJECT_INSTANCE,
          PruneEmptyRules.SORT_INSTANCE,
          PruneEmptyRules.JOIN_LEFT_INSTANCE,
          PruneEmptyRules.JOIN_RIGHT_INSTANCE,
          PruneEmptyRules.UNION_INSTANCE);

  private static final HepProgram FINISH =
      program(
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE,
          CoreRules.SORT_PROJECT_TRANSPOSE,
          CoreRules.SORT_REMOVE);

  private Optimizer() {}

  private static HepProgram program(RelOptRule... rules) {
    return new HepProgramBuilder()
        .addMatchOrder(HepMatchOrder.TOP_DOWN)
        .addMatchLimit(4000)
        .addRuleCollection(List.of(rules))
        .build();
  }

  public static RelNode optimize(RelNode tree, Estimates estimates) {
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(tree.getCluster(), null);
    RelNode plan = tree.accept(new SemiJoins());
    plan = run(SUBQUERIES, plan);
    plan = RelDecorrelator.decorrelateQuery(plan, builder);
    plan = plan.accept(new CommonFactors());
    plan = run(FILTERS, plan);
    plan = plan.accept(new JoinOrder(estimates));
    plan = run(FILTERS, plan);
    plan = new RelFieldTrimmer(null, builder).trim(plan);
    return run(FINISH, plan);
  }

  private static RelNode run(HepProgram program, RelNode tree) {
    HepPlanner planner =
        new HepPlanner(program, null, true, null, RelOptCostImpl.FACTORY);
    planner.setRoot(tree);
    return planner.findBestExp();
  }
}
