// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.type.DataTypes;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// `=`, `<` and their kin over any two types; whether the types mix is seen when the call becomes
/// part of the plan, where it turns into the standard operator that planner rules know.
public final class ComparisonOperator extends SqlBinaryOperator {
  private final Typing typing;

  ComparisonOperator(Typing typing, SqlOperator standard) {
    super(
        standard.getName(),
        standard.getKind(),
        standard.getLeftPrec(),
        true,
        null,
        null,
        OperandTypes.VARIADIC);
    this.typing = typing;
  }

  private RelDataType type(RelDataType left, RelDataType right) {
    boolean nullable =
        kind != SqlKind.IS_DISTINCT_FROM
            && kind != SqlKind.IS_NOT_DISTINCT_FROM
            && (left.isNullable() || right.isNullable());
    return typing.types().of(nullable ? DataTypes.nullable(DataTypes.BOOL) : DataTypes.BOOL);
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    SqlValidatorScope operandScope = scope.getOperandScope(call);
    return type(
        validator.deriveType(operandScope, call.operand(0)),
        validator.deriveType(operandScope, call.operand(1)));
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return type(binding.getOperandType(0), binding.getOperandType(1));
  }
}
