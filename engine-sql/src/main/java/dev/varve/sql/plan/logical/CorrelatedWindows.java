// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;

/// Lets window functions on the right side of a correlated join see the rows of one left row at a
/// time: the linked columns of the left side become keys of their partitions. Taking the
/// correlation out would else have them see the rows of all.
final class CorrelatedWindows extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(RelNode other) {
    RelNode node = super.visit(other);
    return node instanceof LogicalCorrelate join
        ? join.copy(
            join.getTraitSet(), List.of(join.getLeft(), join.getRight().accept(new Parted(join))))
        : node;
  }

  /// The right side of a correlated join, with such keys.
  private static final class Parted extends RelHomogeneousShuttle {
    private final LogicalCorrelate join;

    Parted(LogicalCorrelate join) {
      this.join = join;
    }

    @Override
    public RelNode visit(RelNode other) {
      RelNode node = super.visit(other);
      return node instanceof LogicalProject project
              && project.containsOver()
              && RelOptUtil.getVariablesUsed(project.getInput()).contains(join.getCorrelationId())
          ? project.accept(new Keys(project.getCluster().getRexBuilder()))
          : node;
    }

    private final class Keys extends RexShuttle {
      private final RexBuilder builder;

      Keys(RexBuilder builder) {
        this.builder = builder;
      }

      @Override
      public RexNode visitOver(RexOver over) {
        RexWindow window = over.getWindow();
        List<RexNode> partition = new ArrayList<>(window.partitionKeys);
        RexNode row = builder.makeCorrel(join.getLeft().getRowType(), join.getCorrelationId());
        for (int field : join.getRequiredColumns()) {
          partition.add(builder.makeFieldAccess(row, field));
        }
        return builder.makeOver(
            over.getType(),
            over.getAggOperator(),
            over.getOperands(),
            partition,
            window.orderKeys,
            window.getLowerBound(),
            window.getUpperBound(),
            window.getExclude(),
            window.isRows(),
            true,
            false,
            over.isDistinct(),
            over.ignoreNulls());
      }
    }
  }
}
