// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import com.google.common.collect.ImmutableSet;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
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
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;

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
          return OneGroup.counting(inside).orElse(inside);
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
    return flat(lateral.getLeft(), lateral.getRight(), lateral.getCorrelationId(), keepsLeft)
        .map(rows -> typed(rows, lateral.getRowType()))
        .orElse(node);
  }

  /// Each row of the left side with the one row of the right, if there is always one.
  private static Optional<RelNode> flat(
      RelNode left, RelNode right, CorrelationId id, boolean keepsLeft) {
    return switch (right) {
      case LogicalProject project
          when project.getProjects().stream().noneMatch(LateralAggregates::isNested) ->
          flat(left, project.getInput(), id, keepsLeft)
              .map(input -> projected(left, project, input, id));
      case LogicalFilter filter when !keepsLeft && !isNested(filter.getCondition()) ->
          flat(left, filter.getInput(), id, false)
              .map(input -> LogicalFilter.create(input, moved(filter.getCondition(), left, id)));
      case LogicalAggregate aggregate when OneGroup.isOneGroup(aggregate) ->
          Optional.of(values(left, keepsLeft ? nullable(aggregate) : aggregate, id));
      default -> Optional.empty();
    };
  }

  private static LogicalAggregate nullable(LogicalAggregate aggregate) {
    for (RelDataTypeField field : aggregate.getRowType().getFieldList()) {
      if (!field.getType().isNullable()) {
        throw new VarveException(
            ErrorCode.NOT_IMPLEMENTED,
            "an aggregate that is never NULL, such as count, does not work in LEFT JOIN LATERAL"
                + " yet; write CROSS JOIN LATERAL, as an aggregation without keys always gives a"
                + " row");
      }
    }
    return aggregate;
  }

  private static boolean isNested(RexNode node) {
    return RexUtil.SubQueryFinder.find(node) != null;
  }

  private static RelNode projected(
      RelNode left, LogicalProject project, RelNode input, CorrelationId id) {
    List<RexNode> columns = leftColumns(left);
    project.getProjects().forEach(expression -> columns.add(moved(expression, left, id)));
    return LogicalProject.create(input, List.of(), columns, (List<String>) null, Set.of());
  }

  private static RelNode values(RelNode left, LogicalAggregate aggregate, CorrelationId id) {
    List<RexNode> columns = leftColumns(left);
    for (int i = 0; i < aggregate.getAggCallList().size(); i++) {
      columns.add(OneGroup.value(aggregate, i));
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

  private static RelNode typed(RelNode rows, RelDataType wanted) {
    RexBuilder builder = rows.getCluster().getRexBuilder();
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < wanted.getFieldCount(); i++) {
      RelDataType type = wanted.getFieldList().get(i).getType();
      columns.add(builder.ensureType(type, RexInputRef.of(i, rows.getRowType()), true));
    }
    return LogicalProject.create(rows, List.of(), columns, wanted.getFieldNames(), Set.of());
  }
}
