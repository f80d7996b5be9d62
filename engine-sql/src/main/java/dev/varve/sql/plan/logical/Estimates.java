// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.VisiblePart;
import dev.varve.sql.plan.validate.ScanTable;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/// How many rows an operator of the tree gives, roughly. Good enough to tell the small side of a
/// join from the large one.
public final class Estimates {
  private final Views views;
  private final Map<RelNode, Double> known = new IdentityHashMap<>();

  public Estimates(Views views) {
    this.views = views;
  }

  public double rows(RelNode node) {
    Double rows = known.get(node);
    if (rows == null) {
      rows = Math.max(1, compute(node));
      known.put(node, rows);
    }
    return rows;
  }

  private double compute(RelNode node) {
    return switch (node) {
      case TableScan scan -> table(scan);
      case Filter filter ->
          rows(filter.getInput()) * selectivity(filter.getCondition());
      case Aggregate aggregate ->
          aggregate.getGroupCount() == 0 ? 1 : rows(aggregate.getInput()) * 0.2;
      case Sort sort -> sort(sort);
      case Join join -> join(join);
      case Union union -> union.getInputs().stream().mapToDouble(this::rows).sum();
      case Values values -> values.getTuples().size();
      default -> node.getInputs().isEmpty() ? 1 : rows(node.getInput(0));
    };
  }

  private double table(TableScan scan) {
    ScanTable table = scan.getTable().unwrap(ScanTable.class);
    Optional<MergeTable> stored = table.stored();
    if (stored.isEmpty()) {
      return table.getRowCount();
    }
    double rows = 0;
    for (VisiblePart part : views.of(stored.get()).parts()) {
      rows += part.part().info().rows() - part.dead().total();
    }
    return rows;
  }

  private double sort(Sort sort) {
    double rows = rows(sort.getInput());
    return sort.fetch instanceof RexLiteral limit
        ? Math.min(rows, limit.getValueAs(java.math.BigDecimal.class).doubleValue())
        : rows;
  }

  private double join(Join join) {
    double left = rows(join.getLeft());
    double right = rows(join.getRight());
    boolean keyed =
        RelOptUtil.conjunctions(join.getCondition()).stream()
            .anyMatch(c -> c.getKind() == org.apache.calcite.sql.SqlKind.EQUALS);
    return switch (join.getJoinType()) {
      case SEMI -> left * 0.5;
      case ANTI -> left * 0.5;
      default ->
          keyed
              ? Math.max(left, right) * Math.min(1, Math.min(left, right) / 1000 + 0.5)
              : left * right * selectivity(join.getCondition());
    };
  }

  /// The part of rows for which a condition is true, by its looks.
  static double selectivity(RexNode condition) {
    double selectivity = 1;
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      selectivity *=
          switch (conjunct.getKind()) {
            case EQUALS -> 0.02;
            case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> 0.4;
            case SEARCH -> 0.2;
            case NOT_EQUALS, IS_NOT_NULL -> 0.9;
            case OR -> Math.min(1, disjuncts(conjunct));
            case NOT -> 1 - 0.9 * selectivity(((RexCall) conjunct).getOperands().getFirst());
            case LITERAL -> conjunct.isAlwaysTrue() ? 1 : 0;
            default -> 0.1;
          };
    }
    return selectivity;
  }

  private static double disjuncts(RexNode condition) {
    double sum = 0;
    for (RexNode disjunct : RelOptUtil.disjunctions(condition)) {
      sum += selectivity(disjunct);
    }
    return sum;
  }
}
