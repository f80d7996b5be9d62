// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// Hides constants among the keys of GROUP BY in a query with subqueries. The decorrelator leaves
/// such keys out, so that a query without rows would give one.
final class ConstantKeys {
  private final Typing typing;
  private boolean subqueries;

  private ConstantKeys(Typing typing) {
    this.typing = typing;
  }

  static RelNode hidden(RelNode tree, Typing typing) {
    ConstantKeys keys = new ConstantKeys(typing);
    tree.accept(keys.new Search());
    return keys.subqueries ? tree.accept(keys.new Hide()) : tree;
  }

  private final class Search extends RelHomogeneousShuttle {
    @Override
    public RelNode visit(RelNode node) {
      subqueries |=
          switch (node) {
            case Filter filter -> RexUtil.SubQueryFinder.containsSubQuery(filter);
            case Project project -> RexUtil.SubQueryFinder.containsSubQuery(project);
            case Join join -> RexUtil.SubQueryFinder.containsSubQuery(join);
            default -> node instanceof org.apache.calcite.rel.core.Correlate;
          };
      return super.visit(node);
    }
  }

  private final class Hide extends RelHomogeneousShuttle {
    @Override
    public RelNode visit(RelNode node) {
      RelNode visited = super.visit(node);
      return visited instanceof LogicalAggregate aggregate
              && aggregate.getInput() instanceof LogicalProject project
          ? withoutConstants(aggregate, project)
          : visited;
    }
  }

  private RelNode withoutConstants(LogicalAggregate aggregate, LogicalProject project) {
    RexBuilder builder = aggregate.getCluster().getRexBuilder();
    List<RexNode> columns = new ArrayList<>(project.getProjects());
    for (int key : aggregate.getGroupSet()) {
      RexNode value = columns.get(key);
      if (value instanceof RexLiteral) {
        columns.set(
            key,
            builder.makeCall(
                value.getType(), new ScalarOperator(typing, "materialize"), List.of(value)));
      }
    }
    if (columns.equals(project.getProjects())) {
      return aggregate;
    }
    RelNode input =
        LogicalProject.create(
            project.getInput(), List.of(), columns, project.getRowType().getFieldNames(), Set.of());
    return aggregate.copy(aggregate.getTraitSet(), List.of(input));
  }
}
