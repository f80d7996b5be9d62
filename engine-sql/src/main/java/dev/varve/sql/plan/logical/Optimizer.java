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
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.rules.FilterAggregateTransposeRule;
import org.apache.calcite.rel.rules.FilterJoinRule;
import org.apache.calcite.rel.rules.FilterMergeRule;
import org.apache.calcite.rel.rules.FilterProjectTransposeRule;
import org.apache.calcite.rel.rules.FilterSetOpTransposeRule;
import org.apache.calcite.rel.rules.ProjectMergeRule;
import org.apache.calcite.rel.rules.ProjectRemoveRule;
import org.apache.calcite.rel.rules.PruneEmptyRules;
import org.apache.calcite.rel.rules.SemiJoinProjectTransposeRule;
import org.apache.calcite.rel.rules.SortProjectTransposeRule;
import org.apache.calcite.rel.rules.SortRemoveRule;
import org.apache.calcite.rel.rules.SubQueryRemoveRule;
import org.apache.calcite.rel.rules.UnionMergeRule;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/// The phases of rewriting, in order. Each is a fixed list of planner rules run to the end, so that
/// a plan does not depend on costs but for the order of joins.
public final class Optimizer {
  // Each rule from its own class: CoreRules would load and build every rule there is, a third of
  // the
  // time of the first plan.
  private static final HepProgram SUBQUERIES =
      program(
          SubQueryRemoveRule.Config.FILTER.toRule(),
          SubQueryRemoveRule.Config.PROJECT.toRule(),
          SubQueryRemoveRule.Config.JOIN.toRule());

  // A window function cannot stand in the condition of a join.
  private static final RelOptRule SEMI_JOIN_PROJECT =
      SemiJoinProjectTransposeRule.Config.DEFAULT
          .withOperandSupplier(join ->
              join.operand(LogicalJoin.class)
                  .predicate(Join::isSemiJoin)
                  .inputs(project ->
                      project
                          .operand(LogicalProject.class)
                          .predicate(p -> !p.containsOver())
                          .anyInputs()))
          .as(SemiJoinProjectTransposeRule.Config.class)
          .toRule();

  // The group over all rows is there when none of them is: a condition in front of it says nothing.
  private static final RelOptRule FILTER_AGGREGATE =
      FilterAggregateTransposeRule.Config.DEFAULT
          .withOperandSupplier(filter ->
              filter
                  .operand(LogicalFilter.class)
                  .oneInput(aggregate ->
                      aggregate
                          .operand(LogicalAggregate.class)
                          .predicate(
                              a -> a.getGroupSets().stream().noneMatch(ImmutableBitSet::isEmpty))
                          .anyInputs()))
          .as(FilterAggregateTransposeRule.Config.class)
          .toRule();

  private static final HepProgram FILTERS =
      program(
          FilterJoinRule.FilterIntoJoinRule.FilterIntoJoinRuleConfig.DEFAULT.toRule(),
          FilterJoinRule.JoinConditionPushRule.JoinConditionPushRuleConfig.DEFAULT.toRule(),
          FilterProjectTransposeRule.Config.DEFAULT.toRule(),
          FILTER_AGGREGATE,
          FilterSetOpTransposeRule.Config.DEFAULT.toRule(),
          FilterMergeRule.Config.DEFAULT.toRule(),
          ProjectMergeRule.Config.DEFAULT.toRule(),
          ProjectRemoveRule.Config.DEFAULT.toRule(),
          UnionMergeRule.Config.DEFAULT.toRule(),
          SEMI_JOIN_PROJECT,
          PruneEmptyRules.FILTER_INSTANCE,
          PruneEmptyRules.PROJECT_INSTANCE,
          PruneEmptyRules.SORT_INSTANCE,
          PruneEmptyRules.JOIN_LEFT_INSTANCE,
          PruneEmptyRules.JOIN_RIGHT_INSTANCE,
          PruneEmptyRules.UNION_INSTANCE);

  // Before columns are trimmed: behind it, the rule would lift the trimming projection over the
  // sort, and the sort would carry every column of the table.
  private static final HepProgram SORTS =
      program(
          ProjectMergeRule.Config.DEFAULT.toRule(),
          ProjectRemoveRule.Config.DEFAULT.toRule(),
          SortProjectTransposeRule.Config.DEFAULT.toRule());

  private static final HepProgram FINISH =
      program(
          FilterProjectTransposeRule.Config.DEFAULT.toRule(),
          FilterMergeRule.Config.DEFAULT.toRule(),
          ProjectMergeRule.Config.DEFAULT.toRule(),
          ProjectRemoveRule.Config.DEFAULT.toRule(),
          SortRemoveRule.Config.DEFAULT.toRule());

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
    RelNode plan = UnseenSorts.drop(tree).accept(new LateralAggregates()).accept(new SemiJoins());
    plan = run(SUBQUERIES, plan).accept(new CorrelatedWindows());
    plan = Fence.remove(RelDecorrelator.decorrelateQuery(Fence.raise(plan), builder));
    plan = plan.accept(new CommonFactors());
    plan = run(FILTERS, plan);
    plan = plan.accept(new JoinOrder(estimates));
    plan = run(FILTERS, plan);
    plan = run(SORTS, plan);
    plan = new FieldTrimmer(builder).trim(plan);
    return run(FINISH, plan);
  }

  private static RelNode run(HepProgram program, RelNode tree) {
    HepPlanner planner = new HepPlanner(program, null, true, null, RelOptCostImpl.FACTORY);
    planner.setRoot(tree);
    return planner.findBestExp();
  }
}
