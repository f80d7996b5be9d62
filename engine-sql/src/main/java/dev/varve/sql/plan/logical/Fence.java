// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalCorrelate;

/// Hides aggregates on the left side of a correlated join while correlation is taken out.
///
/// Calcite's decorrelator asks whether a column of that side can be NULL by walking down to where
/// it comes from. At the result of an aggregate (not a key) it reads past the end of the list of
/// keys (`ImmutableBitSet.size()` counts bits, not members) and fails. Behind a fence it does not
/// look: it takes the column as one that may be NULL, as its type says. It keeps the columns of a
/// fence in their places, so nothing behind one may hold a correlated join itself.
final class Fence extends SingleRel {
  private Fence(RelNode input) {
    super(input.getCluster(), input.getTraitSet(), input);
  }

  static RelNode raise(RelNode tree) {
    return tree.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            RelNode node = super.visit(other);
            return node instanceof LogicalCorrelate join
                ? join.copy(join.getTraitSet(), List.of(fenced(join.getLeft()), join.getRight()))
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

  // The walk goes down through these three.
  private static RelNode fenced(RelNode node) {
    return switch (node) {
      case Aggregate aggregate -> isApart(aggregate) ? new Fence(aggregate) : aggregate;
      case Project project -> over(project);
      case Filter filter -> over(filter);
      case Join join -> over(join);
      default -> node;
    };
  }

  private static RelNode over(RelNode node) {
    return node.copy(node.getTraitSet(), node.getInputs().stream().map(Fence::fenced).toList());
  }

  private static boolean isApart(RelNode node) {
    return RelOptUtil.getVariablesUsed(node).isEmpty() && !correlates(node);
  }

  private static boolean correlates(RelNode node) {
    return node instanceof Correlate || node.getInputs().stream().anyMatch(Fence::correlates);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new Fence(inputs.getFirst());
  }
}
