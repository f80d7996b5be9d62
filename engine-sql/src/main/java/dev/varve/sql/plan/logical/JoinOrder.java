// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/// Puts chains of inner joins in the order that makes the fewest rows on the way, by dynamic
/// programming over all trees without cross products where there is one.
final class JoinOrder extends RelHomogeneousShuttle {
  // The inputs of a chain are bits of an int.
  private static final int MOST_INPUTS = 30;

  private final Estimates estimates;

  JoinOrder(Estimates estimates) {
    this.estimates = estimates;
  }

  @Override
  public RelNode visit(RelNode other) {
    if (other instanceof LogicalJoin semi
        && semi.getJoinType() == JoinRelType.SEMI
        && isInner(semi.getLeft())) {
      RelNode pushed = pushed(semi);
      if (pushed != null) {
        return pushed.accept(this);
      }
    }
    if (!isInner(other)) {
      return super.visit(other);
    }
    List<RelNode> leaves = new ArrayList<>();
    List<RexNode> conditions = new ArrayList<>();
    flatten(other, 0, leaves, conditions);
    if (leaves.size() > MOST_INPUTS) {
      return super.visit(other);
    }
    List<RelNode> visited = new ArrayList<>();
    leaves.forEach(leaf -> visited.add(leaf.accept(this)));
    return reorder(other, visited, conditions);
  }

  // A semi join that leaves few rows of one input comes before the joins with the others; null
  // where
  // it is better off behind them.
  private RelNode pushed(LogicalJoin semi) {
    LogicalJoin chain = (LogicalJoin) semi.getLeft();
    int width = chain.getRowType().getFieldCount();
    int leftWidth = chain.getLeft().getRowType().getFieldCount();
    ImmutableBitSet used =
        RelOptUtil.InputFinder.bits(semi.getCondition()).intersect(ImmutableBitSet.range(width));
    boolean onLeft = ImmutableBitSet.range(leftWidth).contains(used);
    boolean onRight = !used.intersects(ImmutableBitSet.range(leftWidth));
    if (!onLeft && !onRight) {
      return null;
    }
    RelNode side = onLeft ? chain.getLeft() : chain.getRight();
    if (!isInner(side) && estimates.rows(semi.getRight()) >= estimates.rows(side)) {
      return null;
    }
    int start = onLeft ? 0 : leftWidth;
    int dropped = width - side.getRowType().getFieldCount();
    RexNode condition =
        semi.getCondition()
            .accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitInputRef(RexInputRef reference) {
                    int field = reference.getIndex();
                    return new RexInputRef(
                        field < width ? field - start : field - dropped, reference.getType());
                  }
                });
    LogicalJoin below =
        LogicalJoin.create(
            side, semi.getRight(), List.of(), condition, java.util.Set.of(), JoinRelType.SEMI);
    RelNode settled = isInner(side) ? pushed(below) : below;
    if (settled == null) {
      return null;
    }
    return chain.copy(
        chain.getTraitSet(),
        onLeft ? List.of(settled, chain.getRight()) : List.of(chain.getLeft(), settled));
  }

  private static boolean isInner(RelNode node) {
    return node instanceof LogicalJoin join
        && join.getJoinType() == JoinRelType.INNER
        && join.getVariablesSet().isEmpty();
  }

  private static void flatten(
      RelNode node, int offset, List<RelNode> leaves, List<RexNode> conditions) {
    if (!isInner(node)) {
      leaves.add(node);
      return;
    }
    LogicalJoin join = (LogicalJoin) node;
    flatten(join.getLeft(), offset, leaves, conditions);
    flatten(
        join.getRight(), offset + join.getLeft().getRowType().getFieldCount(), leaves, conditions);
    for (RexNode condition : RelOptUtil.conjunctions(join.getCondition())) {
      conditions.add(RexUtil.shift(condition, offset));
    }
  }

  private RelNode reorder(RelNode old, List<RelNode> leaves, List<RexNode> conditions) {
    RexBuilder builder = old.getCluster().getRexBuilder();
    int[] starts = new int[leaves.size() + 1];
    for (int i = 0; i < leaves.size(); i++) {
      starts[i + 1] = starts[i] + leaves.get(i).getRowType().getFieldCount();
    }
    List<RelNode> filtered = withFactors(leaves, conditions, starts, builder);
    JoinGraph graph = new JoinGraph(filtered, conditions, starts, estimates);
    JoinGraph.Tree best = graph.best();
    Built built = build(best, graph, builder);
    List<RexNode> order = new ArrayList<>();
    for (int field = 0; field < starts[leaves.size()]; field++) {
      order.add(RexInputRef.of(built.fields().indexOf(field), built.node().getRowType()));
    }
    return LogicalProject.create(
        built.node(), List.of(), order, old.getRowType().getFieldNames(), java.util.Set.of());
  }

  // What an OR over several inputs says of one of them: (a1 and b1) or (a2 and b2) makes a1 or a2.
  private static List<RelNode> withFactors(
      List<RelNode> leaves, List<RexNode> conditions, int[] starts, RexBuilder builder) {
    List<RelNode> filtered = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      ImmutableBitSet own = ImmutableBitSet.range(starts[i], starts[i + 1]);
      List<RexNode> factors = new ArrayList<>();
      for (RexNode condition : conditions) {
        if (condition.getKind() == SqlKind.OR) {
          RexNode factor = factor(condition, own, builder);
          if (factor != null) {
            factors.add(RexUtil.shift(factor, -starts[i]));
          }
        }
      }
      RelNode leaf = leaves.get(i);
      filtered.add(
          factors.isEmpty()
              ? leaf
              : LogicalFilter.create(leaf, RexUtil.composeConjunction(builder, factors)));
    }
    return filtered;
  }

  private static RexNode factor(RexNode or, ImmutableBitSet own, RexBuilder builder) {
    List<RexNode> parts = new ArrayList<>();
    for (RexNode disjunct : RelOptUtil.disjunctions(or)) {
      List<RexNode> of = new ArrayList<>();
      for (RexNode conjunct : RelOptUtil.conjunctions(disjunct)) {
        ImmutableBitSet fields = RelOptUtil.InputFinder.bits(conjunct);
        if (!fields.isEmpty() && own.contains(fields)) {
          of.add(conjunct);
        }
      }
      if (of.isEmpty()) {
        return null;
      }
      parts.add(RexUtil.composeConjunction(builder, of));
    }
    return RexUtil.composeDisjunction(builder, parts);
  }

  /// A tree of joins and the original number of each of its fields.
  private record Built(RelNode node, List<Integer> fields) {}

  private static Built build(JoinGraph.Tree tree, JoinGraph graph, RexBuilder builder) {
    return switch (tree) {
      case JoinGraph.Leaf leaf -> new Built(graph.leaf(leaf.index()), graph.fields(leaf.index()));
      case JoinGraph.Pair pair -> {
        Built left = build(pair.left(), graph, builder);
        Built right = build(pair.right(), graph, builder);
        List<Integer> fields = new ArrayList<>(left.fields());
        fields.addAll(right.fields());
        List<RexNode> conditions = new ArrayList<>();
        for (RexNode condition : graph.between(pair.left().leaves(), pair.right().leaves())) {
          conditions.add(renumbered(condition, fields));
        }
        RelNode join =
            LogicalJoin.create(
                left.node(),
                right.node(),
                List.of(),
                RexUtil.composeConjunction(builder, conditions),
                java.util.Set.of(),
                JoinRelType.INNER);
        yield new Built(join, fields);
      }
    };
  }

  private static RexNode renumbered(RexNode condition, List<Integer> fields) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return new RexInputRef(fields.indexOf(reference.getIndex()), reference.getType());
          }
        });
  }
}
