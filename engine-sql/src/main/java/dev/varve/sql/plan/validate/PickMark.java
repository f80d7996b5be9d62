// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.relation.PickJoin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// Stands in the condition of a join of which a row is to meet at most one partner, from the
/// rewritten query to the tree, where [#resolve] makes a [PickJoin] of the join.
final class PickMark extends SqlFunction {
  private final PickJoin.Pick pick;

  PickMark(PickJoin.Pick pick) {
    super(
        "PICK" + pick,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BOOLEAN_NOT_NULL,
        null,
        OperandTypes.NILADIC,
        SqlFunctionCategory.SYSTEM);
    this.pick = pick;
  }

  // No lookup: the operator is here already.
  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    return validator.getTypeFactory().createSqlType(SqlTypeName.BOOLEAN);
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }

  static RelNode resolve(RelNode tree) {
    return tree.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            RelNode node = super.visit(other);
            return node instanceof LogicalJoin join ? resolved(join) : node;
          }
        });
  }

  private static RelNode resolved(LogicalJoin join) {
    PickMark mark = null;
    List<RexNode> rest = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.getCondition())) {
      if (conjunct instanceof RexCall call && call.getOperator() instanceof PickMark found) {
        mark = found;
      } else {
        rest.add(conjunct);
      }
    }
    if (mark == null) {
      return join;
    }
    RexNode condition = RexUtil.composeConjunction(join.getCluster().getRexBuilder(), rest);
    return join.getJoinType() == JoinRelType.RIGHT
        ? turned(join, condition, mark.pick)
        : picked(join, join.getLeft(), join.getRight(), condition, mark.pick, join.getRowType());
  }

  /// The join, of which planner rules know that without a partner: its right columns are NULL.
  private static RelNode picked(
      LogicalJoin join,
      RelNode left,
      RelNode right,
      RexNode condition,
      PickJoin.Pick pick,
      RelDataType type) {
    if (pick.keepsMatched()) {
      return new PickJoin(
          join.getCluster(), join.getTraitSet(), left, right, condition, pick, type);
    }
    RelNode anti =
        LogicalJoin.create(left, right, List.of(), condition, Set.of(), JoinRelType.ANTI);
    int width = left.getRowType().getFieldCount();
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < type.getFieldCount(); i++) {
      columns.add(
          i < width
              ? RexInputRef.of(i, anti.getRowType())
              : join.getCluster()
                  .getRexBuilder()
                  .makeNullLiteral(type.getFieldList().get(i).getType()));
    }
    return LogicalProject.create(anti, List.of(), columns, type.getFieldNames(), Set.of());
  }

  // The sides change places, and their columns go back to where they were.
  private static RelNode turned(LogicalJoin join, RexNode condition, PickJoin.Pick pick) {
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    int rightWidth = join.getRight().getRowType().getFieldCount();
    List<RelDataTypeField> fields = join.getRowType().getFieldList();
    RelDataTypeFactory.Builder row =
        join.getCluster()
            .getTypeFactory()
            .builder()
            .addAll(fields.subList(leftWidth, leftWidth + rightWidth))
            .addAll(fields.subList(0, leftWidth));
    RelDataType type = row.build();
    RexNode moved =
        condition.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef reference) {
                int index = reference.getIndex();
                int place = index < leftWidth ? index + rightWidth : index - leftWidth;
                return new RexInputRef(place, reference.getType());
              }
            });
    RelNode picked = picked(join, join.getRight(), join.getLeft(), moved, pick, type);
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < leftWidth; i++) {
      columns.add(RexInputRef.of(rightWidth + i, type));
    }
    for (int i = 0; i < rightWidth; i++) {
      columns.add(RexInputRef.of(i, type));
    }
    return LogicalProject.create(
        picked, List.of(), columns, join.getRowType().getFieldNames(), Set.of());
  }
}
