// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.relation;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// A join in which a left row meets at most one of the right rows that match.
public final class PickJoin extends BiRel {
  /// Which right row, and which left rows stay.
  ///
  /// @param nearest whether one condition is an inequality, and the nearest row by it is taken;
  ///   else any
  /// @param keepsUnmatched whether left rows without a partner are given, with NULLs
  /// @param keepsMatched whether left rows with a partner are given
  /// @param oncePerKey whether of left rows with the same key only one is given
  public record Pick(
      boolean nearest, boolean keepsUnmatched, boolean keepsMatched, boolean oncePerKey) {}

  private final RexNode condition;
  private final Pick pick;

  public PickJoin(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      RexNode condition,
      Pick pick,
      RelDataType rowType) {
    super(cluster, traits, left, right);
    this.condition = condition;
    this.pick = pick;
    this.rowType = rowType;
  }

  public RexNode condition() {
    return condition;
  }

  public Pick pick() {
    return pick;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new PickJoin(
        getCluster(), traits, inputs.get(0), inputs.get(1), condition, pick, rowType);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("condition", condition).item("pick", pick);
  }
}
