// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// The inputs of a chain of inner joins, the conditions between them, and the cheapest tree.
///
/// The cost of a tree is the rows that its joins give and keep in memory. Up to ten inputs every
/// tree is looked at; with more, the cheapest pair is joined first, again and again.
final class JoinGraph {
  private static final int EXHAUSTIVE = 10;

  /// A tree over the inputs, whose numbers are bits of `leaves`.
  sealed interface Tree {
    int leaves();

    double rows();

    double cost();
  }

  record Leaf(int index, double rows) implements Tree {
    @Override
    public int leaves() {
      return 1 << index;
    }

    @Override
    public double cost() {
      return 0;
    }
  }

  record Pair(Tree left, Tree right, int leaves, double rows, double cost) implements Tree {}

  private record Condition(RexNode node, int leaves, double selectivity, boolean isKey) {}

  private final List<RelNode> inputs;
  private final int[] starts;
  private final List<Condition> conditions = new ArrayList<>();

  JoinGraph(List<RelNode> inputs, List<RexNode> conditions, int[] starts, Estimates estimates) {
    this.inputs = inputs;
    this.starts = starts;
    this.rows = inputs.stream().mapToDouble(estimates::rows).toArray();
    for (RexNode condition : conditions) {
      int leaves = 0;
      for (int field : RelOptUtil.InputFinder.bits(condition)) {
        leaves |= 1 << leafOf(field);
      }
      this.conditions.add(
          new Condition(condition, leaves, selectivity(condition, estimates), isKey(condition)));
    }
  }

  private final double[] rows;

  private int leafOf(int field) {
    int leaf = 0;
    while (field >= starts[leaf + 1]) {
      leaf++;
    }
    return leaf;
  }

  RelNode leaf(int index) {
    return inputs.get(index);
  }

  List<Integer> fields(int index) {
    List<Integer> fields = new ArrayList<>();
    for (int field = starts[index]; field < starts[index + 1]; field++) {
      fields.add(field);
    }
    return fields;
  }

  private static boolean isKey(RexNode condition) {
    return condition.getKind() == SqlKind.EQUALS;
  }

  private double selectivity(RexNode condition, Estimates estimates) {
    if (isKey(condition)
        && ((RexCall) condition).getOperands().get(0) instanceof RexInputRef left
        && ((RexCall) condition).getOperands().get(1) instanceof RexInputRef right) {
      double distinct = Math.max(distinct(left, estimates), distinct(right, estimates));
      return 1 / Math.max(1, distinct);
    }
    return Estimates.selectivity(condition);
  }

  private double distinct(RexInputRef reference, Estimates estimates) {
    int leaf = leafOf(reference.getIndex());
    return estimates.distinct(inputs.get(leaf), reference.getIndex() - starts[leaf]);
  }

  /// Conditions that can be checked once these two are joined, and not before.
  List<RexNode> between(int left, int right) {
    List<RexNode> between = new ArrayList<>();
    for (Condition condition : conditions) {
      if (meets(condition, left, right)) {
        between.add(condition.node());
      }
    }
    return between;
  }

  // A condition without inputs is checked with the first pair that holds input 0.
  private static boolean meets(Condition condition, int left, int right) {
    int wanted = condition.leaves() == 0 ? 1 : condition.leaves();
    int both = left | right;
    boolean whole = (wanted & ~both) == 0;
    boolean before = (wanted & ~left) == 0 || (wanted & ~right) == 0;
    boolean single = Integer.bitCount(wanted) == 1;
    return whole
        && (single
            ? Integer.bitCount(left) == 1 && wanted == left
                || Integer.bitCount(right) == 1 && wanted == right
            : !before);
  }

  Tree best() {
    return inputs.size() <= EXHAUSTIVE ? exhaustive() : greedy();
  }

  private Pair pair(Tree left, Tree right) {
    double product = left.rows() * right.rows();
    List<Double> selectivities = new ArrayList<>();
    boolean keyed = false;
    for (Condition condition : conditions) {
      if (meets(condition, left.leaves(), right.leaves())) {
        selectivities.add(condition.selectivity());
        keyed |= condition.isKey();
      }
    }
    selectivities.sort(null);
    double power = 1;
    for (double selectivity : selectivities) {
      // Conditions between the same inputs are seldom independent.
      product *= Math.pow(selectivity, power);
      power /= 2;
    }
    double result = Math.max(1, product);
    double small = Math.min(left.rows(), right.rows());
    double large = Math.max(left.rows(), right.rows());
    double work = keyed ? result + 3 * small + large : 2 * left.rows() * right.rows() + result;
    return new Pair(
        left, right, left.leaves() | right.leaves(), result, left.cost() + right.cost() + work);
  }

  private Tree exhaustive() {
    int all = (1 << inputs.size()) - 1;
    Map<Integer, Tree> best = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      best.put(1 << i, new Leaf(i, rows[i]));
    }
    for (int set = 1; set <= all; set++) {
      if (Integer.bitCount(set) < 2) {
        continue;
      }
      for (int left = (set - 1) & set; left > 0; left = (left - 1) & set) {
        int right = set & ~left;
        if (left < right) {
          continue;
        }
        Pair pair = pair(best.get(left), best.get(right));
        Tree known = best.get(set);
        if (known == null || pair.cost() < known.cost()) {
          best.put(set, pair);
        }
      }
    }
    return best.get(all);
  }

  private Tree greedy() {
    List<Tree> trees = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      trees.add(new Leaf(i, rows[i]));
    }
    while (trees.size() > 1) {
      Pair cheapest = null;
      for (Tree left : trees) {
        for (Tree right : trees) {
          if (left.leaves() < right.leaves()) {
            Pair pair = pair(left, right);
            if (cheapest == null || pair.cost() < cheapest.cost()) {
              cheapest = pair;
            }
          }
        }
      }
      trees.remove(cheapest.left());
      trees.remove(cheapest.right());
      trees.add(cheapest);
    }
    return trees.getFirst();
  }
}
