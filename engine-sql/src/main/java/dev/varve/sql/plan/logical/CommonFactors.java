// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Pulls out of every OR what all of its branches demand: `(k = j and x) or (k = j and y)` becomes
/// `k = j and (x or y)`, by which a cross join finds its key.
final class CommonFactors extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(RelNode other) {
    RelNode node = super.visit(other);
    if (!(node instanceof LogicalFilter filter)) {
      return node;
    }
    RexBuilder builder = filter.getCluster().getRexBuilder();
    RexNode condition = RexUtil.pullFactors(builder, filter.getCondition());
    return RelOptUtil.conjunctions(condition).equals(RelOptUtil.conjunctions(filter.getCondition()))
        ? filter
        : filter.copy(filter.getTraitSet(), filter.getInput(), condition);
  }
}
