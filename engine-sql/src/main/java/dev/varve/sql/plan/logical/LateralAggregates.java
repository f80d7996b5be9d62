// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Turns `t, LATERAL (SELECT max(x) FROM u WHERE u.k = t.k)` into subqueries that give one value.
///
/// An aggregation without keys gives a row even of no rows, so no row of the left side may go. The
/// stock way joins with an aggregation by the linked columns, which has no row where nothing
/// matches; for subqueries of one value it knows better.
final class LateralAggregates extends RelHomogeneousShuttle {
  private static final RexShuttle SUBQUERIES =
      new RexShuttle() {
        @Override
        public RexNode visitSubQuery(RexSubQuery query) {
          RexSubQuery inside = query.clone(query.rel.accept(new LateralAggregates()));
          return OneGroup.asked(inside).or(() -> OneGroup.counting(inside)).orElse(inside);
        }
      };

  @Override
  public RelNode visit(RelNode other) {
    RelNode node = super.visit(other).accept(SUBQUERIES);
    if (!(node instanceof LogicalCorrelate lateral)) {
      return node;
    }
    boolean keepsLeft = lateral.getJoinType() == JoinRelType.LEFT;
    if (lateral.getJoinType() != JoinRelType.INNER && !keepsLeft) {
      return node;
    }
    RelNode left = lateral.getLeft();
    return flat(left, lateral.getRight(), lateral.getCorrelationId(), keepsLeft)
        .map(rows -> typed(rows, lateral.getRowType(), left.getRowType().getFieldCount()))
        .orElse(node);
  }

  /// Each row of the left side with the one row of the right, if there is always one. Where the
  /// left row stays without it, one column more says whether it counts.
  private static Optional<RelNode> flat(
      RelNode left, RelNode right, CorrelationId id, boolean keepsLeft) {
    return switch (right) {
      case LogicalProject project
          when project.getProjects().stream().noneMatch(LateralAggregates::isNested) ->
          flat(left, project.getInput(), id, keepsLeft)
              .map(input -> projected(left, project, input, id, keepsLeft));
      case LogicalFilter filter when !isNested(filter.getCondition()) ->
          flat(left, filter.getInput(), id, keepsLeft)
              .map(input -> filtered(input, moved(filter.getCondition(), left, id), keepsLeft));
      case LogicalAggregate aggregate when OneGroup.isOneGroup(aggregate) ->
          Optional.of(values(left, aggregate, id, keepsLeft));
      default -> Optional.empty();
    };
  }

  private static RelNode filtered(RelNode input, RexNode condition, boolean keepsLeft) {
    if (!keepsLeft) {
      return LogicalFilter.create(input, condition);
    }
    RexBuilder builder = input.getCluster().getRexBuilder();
    List<RexNode> columns = leftColumns(input);
    RexNode counts = columns.removeLast();
    columns.add(
        builder.makeCall(
            SqlStdOperatorTable.AND,
            counts,
            builder.makeCall(SqlStdOperatorTable.IS_TRUE, condition)));
    return LogicalProject.create(input, List.of(), columns, (List<String>) null, Set.of());
  }

  private static boolean isNested(RexNode node) {
    return RexUtil.SubQueryFinder.find(node) != null;
  }

  private static RelNode projected(
      RelNode left, LogicalProject project, RelNode input, CorrelationId id, boolean keepsLeft) {
    List<RexNode> columns = leftColumns(left);
    project.getProjects().forEach(expression -> columns.add(moved(expression, left, id)));
    if (keepsLeft) {
      columns.add(RexInputRef.of(input.getRowType().getFieldCount() - 1, input.getRowType()));
    }
    return LogicalProject.create(input, List.of(), columns, (List<String>) null, Set.of());
  }

  private static RelNode values(
      RelNode left, LogicalAggregate aggregate, CorrelationId id, boolean keepsLeft) {
    List<RexNode> columns = leftColumns(left);
    for (int i = 0; i < aggregate.getAggCallList().size(); i++) {
      columns.add(OneGroup.value(aggregate, i));
    }
    if (keepsLeft) {
      columns.add(left.getCluster().getRexBuilder().makeLiteral(true));
    }
    return LogicalProject.create(
        left, List.of(), columns, (List<String>) null, ImmutableSet.of(id));
  }

  private static List<RexNode> leftColumns(RelNode left) {
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < left.getRowType().getFieldCount(); i++) {
      columns.add(RexInputRef.of(i, left.getRowType()));
    }
    return columns;
  }

  // Columns of the right side come behind those of the left, whose own are no longer outside.
  private static RexNode moved(RexNode node, RelNode left, CorrelationId id) {
    int width = left.getRowType().getFieldCount();
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return new RexInputRef(reference.getIndex() + width, reference.getType());
          }

          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            return access.getReferenceExpr() instanceof RexCorrelVariable variable
                    && variable.id.equals(id)
                ? RexInputRef.of(access.getField().getIndex(), left.getRowType())
                : super.visitFieldAccess(access);
          }
        });
  }

  private static RelNode typed(RelNode rows, RelDataType wanted, int leftWidth) {
    RexBuilder builder = rows.getCluster().getRexBuilder();
    int width = wanted.getFieldCount();
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      RelDataType type = wanted.getFieldList().get(i).getType();
      RexNode value = RexInputRef.of(i, rows.getRowType());
      if (i >= leftWidth && rows.getRowType().getFieldCount() > width) {
        value =
            builder.makeCall(
                type,
                SqlStdOperatorTable.CASE,
                List.of(
                    RexInputRef.of(width, rows.getRowType()),
                    builder.ensureType(type, value, true),
                    builder.makeNullLiteral(type)));
      }
      columns.add(builder.ensureType(type, value, true));
    }
    return LogicalProject.create(rows, List.of(), columns, wanted.getFieldNames(), Set.of());
  }
}
