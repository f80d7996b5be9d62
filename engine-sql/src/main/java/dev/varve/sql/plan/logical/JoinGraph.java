// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

  /// @param left distinct values on the side of the lower leaf, where it is an equality of columns
  private record Condition(
      RexNode node, int leaves, double selectivity, boolean isKey, double left, double right) {}

  private final List<RelNode> inputs;
  private final int[] starts;
  private final double[] rows;
  private final double[] unfiltered;
  private final List<Condition> conditions = new ArrayList<>();

  JoinGraph(List<RelNode> inputs, List<RexNode> conditions, int[] starts, Estimates estimates) {
    this.inputs = inputs;
    this.starts = starts;
    this.rows = inputs.stream().mapToDouble(estimates::rows).toArray();
    this.unfiltered = inputs.stream().mapToDouble(estimates::unfiltered).toArray();
    for (RexNode condition : conditions) {
      int leaves = 0;
      for (int field : RelOptUtil.InputFinder.bits(condition)) {
        leaves |= 1 << leafOf(field);
      }
      this.conditions.add(condition(condition, leaves, estimates));
    }
  }

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

  private Condition condition(RexNode node, int leaves, Estimates estimates) {
    if (isKey(node)
        && ((RexCall) node).getOperands().get(0) instanceof RexInputRef one
        && ((RexCall) node).getOperands().get(1) instanceof RexInputRef other
        && leafOf(one.getIndex()) != leafOf(other.getIndex())) {
      boolean straight = one.getIndex() < other.getIndex();
      double left = values(straight ? one : other, estimates);
      double right = values(straight ? other : one, estimates);
      return new Condition(node, leaves, 1 / Math.max(1, Math.max(left, right)), true, left, right);
    }
    double selectivity = isKey(node) ? 0.02 : Estimates.selectivity(node);
    return new Condition(node, leaves, selectivity, isKey(node), 0, 0);
  }

  private double values(RexInputRef reference, Estimates estimates) {
    int leaf = leafOf(reference.getIndex());
    return estimates.values(inputs.get(leaf), reference.getIndex() - starts[leaf]);
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
    List<Condition> met = new ArrayList<>();
    boolean keyed = false;
    for (Condition condition : conditions) {
      if (meets(condition, left.leaves(), right.leaves())) {
        met.add(condition);
        keyed |= condition.isKey();
      }
    }
    double result = Math.max(1, left.rows() * right.rows() * selectivity(met));
    double small = Math.min(left.rows(), right.rows());
    double large = Math.max(left.rows(), right.rows());
    double work = keyed ? result + 3 * small + large : 2 * left.rows() * right.rows() + result;
    return new Pair(
        left, right, left.leaves() | right.leaves(), result, left.cost() + right.cost() + work);
  }

  /// Equalities of the same two inputs are one key. Others are seldom independent either.
  private double selectivity(List<Condition> met) {
    Map<Integer, List<Condition>> keys = new LinkedHashMap<>();
    List<Double> selectivities = new ArrayList<>();
    for (Condition condition : met) {
      if (condition.left() > 0) {
        keys.computeIfAbsent(condition.leaves(), _ -> new ArrayList<>()).add(condition);
      } else {
        selectivities.add(condition.selectivity());
      }
    }
    keys.forEach((leaves, key) -> selectivities.add(ofKey(leaves, key)));
    selectivities.sort(null);
    double product = 1;
    double power = 1;
    for (double selectivity : selectivities) {
      product *= Math.pow(selectivity, power);
      power /= 2;
    }
    return product;
  }

  private double ofKey(int leaves, List<Condition> key) {
    double left = 1;
    double right = 1;
    double widest = 1;
    for (Condition condition : key) {
      left *= condition.left();
      right *= condition.right();
      widest = Math.max(widest, 1 / condition.selectivity());
    }
    int lower = Integer.numberOfTrailingZeros(leaves);
    int upper = 31 - Integer.numberOfLeadingZeros(leaves);
    return 1
        / Estimates.keyed(key.size(), widest, left, unfiltered[lower], right, unfiltered[upper]);
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
