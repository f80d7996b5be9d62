// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.plan.validate.ScanTable;
import java.math.BigDecimal;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// How many rows an operator of the tree gives, and how many distinct values a column has. Good
/// enough to tell small from large; nothing but speed depends on it.
public final class Estimates {
  private final Statistics statistics;
  private final Map<RelNode, Double> known = new IdentityHashMap<>();

  public Estimates(Views views) {
    this.statistics = new Statistics(views);
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
          rows(filter.getInput())
              * new Selectivity(this, filter.getInput()).of(filter.getCondition());
      case Aggregate aggregate -> groups(aggregate);
      case Sort sort -> sort(sort);
      case Join join -> join(join);
      case Union union -> union.getInputs().stream().mapToDouble(this::rows).sum();
      case Values values -> values.getTuples().size();
      default -> node.getInputs().isEmpty() ? 1 : rows(node.getInput(0));
    };
  }

  private double table(TableScan scan) {
    ScanTable table = scan.getTable().unwrap(ScanTable.class);
    return table.stored().map(statistics::rows).orElse(table.getRowCount());
  }

  private double groups(Aggregate aggregate) {
    double rows = rows(aggregate.getInput());
    double groups = 1;
    for (int key : aggregate.getGroupSet()) {
      groups *= distinct(aggregate.getInput(), key);
    }
    return Math.min(groups, rows);
  }

  private double sort(Sort sort) {
    double rows = rows(sort.getInput());
    return sort.fetch instanceof RexLiteral limit
        ? Math.min(rows, limit.getValueAs(BigDecimal.class).doubleValue())
        : rows;
  }

  private double join(Join join) {
    double left = rows(join.getLeft());
    double right = rows(join.getRight());
    double both = left * right;
    for (RexNode condition : RelOptUtil.conjunctions(join.getCondition())) {
      both *= selectivity(condition, join);
    }
    return switch (join.getJoinType()) {
      case SEMI, ANTI -> left * 0.5;
      case LEFT -> Math.max(left, both);
      case RIGHT -> Math.max(right, both);
      case FULL -> Math.max(left + right, both);
      default -> both;
    };
  }

  private double selectivity(RexNode condition, Join join) {
    if (condition.getKind() == SqlKind.EQUALS) {
      double distinct = 1;
      for (RexNode side : ((RexCall) condition).getOperands()) {
        distinct =
            Math.max(
                distinct,
                side instanceof RexInputRef reference ? ofSide(join, reference.getIndex()) : 1);
      }
      return 1 / distinct;
    }
    return selectivity(condition);
  }

  /// The part of rows for which a condition is true, by its looks alone.
  static double selectivity(RexNode condition) {
    return new Selectivity(null, null).of(condition);
  }

  /// Distinct values of a field, at most the rows there are.
  double distinct(RelNode node, int field) {
    double rows = rows(node);
    return switch (node) {
      case TableScan scan -> bounds(scan, field).map(b -> Math.min(b.values(), rows)).orElse(rows);
      case Project project ->
          project.getProjects().get(field) instanceof RexInputRef reference
              ? Math.min(rows, distinct(project.getInput(), reference.getIndex()))
              : Math.sqrt(rows);
      case Aggregate aggregate ->
          field < aggregate.getGroupCount()
              ? Math.min(rows, distinct(aggregate.getInput(), aggregate.getGroupSet().nth(field)))
              : rows;
      case Join join -> Math.min(rows, ofSide(join, field));
      default ->
          node.getInputs().size() == 1 ? Math.min(rows, distinct(node.getInput(0), field)) : rows;
    };
  }

  private double ofSide(Join join, int field) {
    int width = join.getLeft().getRowType().getFieldCount();
    return field < width
        ? distinct(join.getLeft(), field)
        : distinct(join.getRight(), field - width);
  }

  /// Bounds of a field of a leaf.
  Optional<Statistics.Bounds> bounds(RelNode node, int field) {
    if (!(node instanceof TableScan scan)) {
      return Optional.empty();
    }
    ScanTable table = scan.getTable().unwrap(ScanTable.class);
    Optional<MergeTable> stored = table.stored();
    return stored.flatMap(t -> statistics.bounds(t, table.columns().get(field)));
  }
}
