// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.logical.LogicalCorrelate;

/// Hides the left side of a correlated join while correlation is taken out.
///
/// Calcite's decorrelator asks whether a column of that side can be NULL by walking down to where
/// it comes from. At the result of an aggregate (not a key) it reads past the end of the list of
/// keys (`ImmutableBitSet.size()` counts bits, not members) and fails. Behind a fence it does not
/// look: it takes the column as one that may be NULL, as its type says.
final class Fence extends SingleRel {
  private Fence(RelNode input) {
    super(input.getCluster(), input.getTraitSet(), input);
  }

  /// The tree with a fence over each left side that has an aggregate in it.
  static RelNode raise(RelNode tree) {
    return tree.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            RelNode node = super.visit(other);
            return node instanceof LogicalCorrelate join && isInNeed(join.getLeft())
                ? join.copy(join.getTraitSet(), List.of(new Fence(join.getLeft()), join.getRight()))
                : node;
          }
        });
  }

  static RelNode remove(RelNode tree) {
    return tree.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            RelNode node = super.visit(other);
            return node instanceof Fence fence ? fence.getInput() : node;
          }
        });
  }

  /// A side that is itself linked to an outer query must stay open: the decorrelator works in it.
  private static boolean isInNeed(RelNode left) {
    return aggregates(left) && RelOptUtil.getVariablesUsed(left).isEmpty();
  }

  private static boolean aggregates(RelNode node) {
    return node instanceof Aggregate || node.getInputs().stream().anyMatch(Fence::aggregates);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new Fence(inputs.getFirst());
  }
}
