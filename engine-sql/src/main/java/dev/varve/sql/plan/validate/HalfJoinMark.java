// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

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
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
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

/// Stands in the condition of an inner join that is to be a semi or an anti join, from the
/// rewritten query to the tree, where [#resolve] takes it out.
final class HalfJoinMark extends SqlFunction {
  static final HalfJoinMark SEMI = new HalfJoinMark("SEMI_JOIN", JoinRelType.SEMI);
  static final HalfJoinMark ANTI = new HalfJoinMark("ANTI_JOIN", JoinRelType.ANTI);

  private final JoinRelType type;

  private HalfJoinMark(String name, JoinRelType type) {
    super(
        name,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BOOLEAN_NOT_NULL,
        null,
        OperandTypes.NILADIC,
        SqlFunctionCategory.SYSTEM);
    this.type = type;
  }

  // No lookup: the operator is here already.
  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    return validator.getTypeFactory().createSqlType(SqlTypeName.BOOLEAN);
  }

  static RelNode resolve(RelNode tree) {
    return tree.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            RelNode node = super.visit(other);
            return node instanceof LogicalJoin join ? unmarked(join) : node;
          }
        });
  }

  private static RelNode unmarked(LogicalJoin join) {
    HalfJoinMark mark = null;
    List<RexNode> rest = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.getCondition())) {
      if (conjunct instanceof RexCall call && call.getOperator() instanceof HalfJoinMark found) {
        mark = found;
      } else {
        rest.add(conjunct);
      }
    }
    if (mark == null) {
      return join;
    }
    RexBuilder builder = join.getCluster().getRexBuilder();
    RelNode half =
        LogicalJoin.create(
            join.getLeft(),
            join.getRight(),
            join.getHints(),
            RexUtil.composeConjunction(builder, rest),
            join.getVariablesSet(),
            mark.type);
    // Nothing names the right side's columns; they keep their places until they are trimmed.
    List<RexNode> columns = new ArrayList<>();
    for (RelDataTypeField field : join.getRowType().getFieldList()) {
      columns.add(
          field.getIndex() < half.getRowType().getFieldCount()
              ? RexInputRef.of(field.getIndex(), half.getRowType())
              : builder.makeAbstractCast(
                  field.getType(), builder.makeNullLiteral(field.getType()), false));
    }
    return LogicalProject.create(
        half, List.of(), columns, join.getRowType().getFieldNames(), Set.of());
  }
}
