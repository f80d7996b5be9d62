// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import dev.varve.sql.plan.validate.ScanTable;
import java.math.BigDecimal;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
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

  public Estimates(Views views, PartStatistics parts) {
    this.statistics = new Statistics(views, parts);
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
    List<RexNode> conditions = RelOptUtil.conjunctions(join.getCondition());
    if (join.getJoinType() == JoinRelType.SEMI || join.getJoinType() == JoinRelType.ANTI) {
      double partnered = left * partnered(join, conditions);
      return join.getJoinType() == JoinRelType.SEMI
          ? partnered
          : Math.max(left - partnered, left * 0.05);
    }
    double both = left * right * selectivity(conditions, join);
    return switch (join.getJoinType()) {
      case LEFT -> Math.max(left, both);
      case RIGHT -> Math.max(right, both);
      case FULL -> Math.max(left + right, both);
      default -> both;
    };
  }

  /// The part of left rows that have a partner: as many of their keys as the right side has.
  private double partnered(Join join, List<RexNode> conditions) {
    double part = 1;
    int width = join.getLeft().getRowType().getFieldCount();
    for (RexNode condition : conditions) {
      if (condition.getKind() == SqlKind.EQUALS) {
        int one = reference(condition, 0);
        int other = reference(condition, 1);
        boolean joins = joins(one, other, width);
        double own = joins ? values(join.getLeft(), Math.min(one, other)) : 2;
        double found = joins ? distinct(join.getRight(), Math.max(one, other) - width) : 1;
        part = Math.min(part, found / Math.max(1, own));
      } else {
        part *= 0.7;
      }
    }
    return Math.clamp(part, 0.0, 1.0);
  }

  // Whether two fields, -1 for none, are of different sides, the left one of `width` fields.
  private static boolean joins(int one, int other, int width) {
    return Math.min(one, other) >= 0
        && Math.min(one, other) < width
        && Math.max(one, other) >= width;
  }

  private static int reference(RexNode condition, int operand) {
    return ((RexCall) condition).getOperands().get(operand) instanceof RexInputRef reference
        ? reference.getIndex()
        : -1;
  }

  private double selectivity(List<RexNode> conditions, Join join) {
    int width = join.getLeft().getRowType().getFieldCount();
    double others = 1;
    double left = 1;
    double right = 1;
    double widest = 1;
    int keys = 0;
    for (RexNode condition : conditions) {
      int one = condition.getKind() == SqlKind.EQUALS ? reference(condition, 0) : -1;
      int other = condition.getKind() == SqlKind.EQUALS ? reference(condition, 1) : -1;
      if (!joins(one, other, width)) {
        others *= condition.getKind() == SqlKind.EQUALS ? 0.02 : selectivity(condition);
        continue;
      }
      double ofLeft = values(join.getLeft(), Math.min(one, other));
      double ofRight = values(join.getRight(), Math.max(one, other) - width);
      left *= ofLeft;
      right *= ofRight;
      widest = Math.max(widest, Math.max(ofLeft, ofRight));
      keys++;
    }
    return others
        / keyed(keys, widest, left, unfiltered(join.getLeft()), right, unfiltered(join.getRight()));
  }

  /// Distinct keys that a join tells apart. Columns of a key of several are seldom independent, so
  /// that no side has more of them than it has rows.
  static double keyed(
      int keys, double widest, double left, double leftRows, double right, double rightRows) {
    return keys == 0
        ? 1
        : keys == 1
            ? widest
            : Math.max(widest, Math.min(Math.min(left, leftRows), Math.min(right, rightRows)));
  }

  /// The part of rows for which a condition is true, by its looks alone.
  static double selectivity(RexNode condition) {
    return new Selectivity(null, null).of(condition);
  }

  /// Rows of a leaf before it is filtered.
  double unfiltered(RelNode node) {
    return switch (node) {
      case Filter filter -> unfiltered(filter.getInput());
      case Project project -> unfiltered(project.getInput());
      case Join join when !join.getJoinType().projectsRight() -> unfiltered(join.getLeft());
      default -> rows(node);
    };
  }

  /// Distinct values of a field, at most the rows there are.
  double distinct(RelNode node, int field) {
    return Math.min(rows(node), values(node, field));
  }

  /// Distinct values of a field, were nothing filtered.
  double values(RelNode node, int field) {
    return switch (node) {
      case TableScan scan -> {
        ScanTable table = scan.getTable().unwrap(ScanTable.class);
        yield table
            .stored()
            .map(stored -> statistics.distinct(stored, table.columns().get(field)))
            .orElse(rows(node));
      }
      case Project project ->
          project.getProjects().get(field) instanceof RexInputRef reference
              ? values(project.getInput(), reference.getIndex())
              : Math.sqrt(rows(node));
      case Aggregate aggregate ->
          field < aggregate.getGroupCount()
              ? values(aggregate.getInput(), aggregate.getGroupSet().nth(field))
              : rows(node);
      case Join join -> ofSide(join, field);
      default -> node.getInputs().size() == 1 ? values(node.getInput(0), field) : rows(node);
    };
  }

  private double ofSide(Join join, int field) {
    int width = join.getLeft().getRowType().getFieldCount();
    return field < width ? values(join.getLeft(), field) : values(join.getRight(), field - width);
  }

  /// Bounds of a field of a leaf.
  Optional<PartStatistics.Bounds> bounds(RelNode node, int field) {
    if (!(node instanceof TableScan scan)) {
      return Optional.empty();
    }
    ScanTable table = scan.getTable().unwrap(ScanTable.class);
    Optional<MergeTable> stored = table.stored();
    return stored.flatMap(t -> statistics.bounds(t, table.columns().get(field)));
  }

  /// Whether it is certain that no two rows of a view have the same value in a column.
  public boolean isUnique(TableView view, String column) {
    return statistics.isUnique(view, column);
  }

  /// Whether it is certain that rows of a view that have the same value in a column follow each
  /// other.
  public boolean isSorted(TableView view, String column) {
    return statistics.isSorted(view, column);
  }
}
