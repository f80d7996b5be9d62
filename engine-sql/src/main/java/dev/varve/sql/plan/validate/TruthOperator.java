// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.type.DataTypes;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// Where SQL wants a condition and the text gives some value: a Bool is itself, a number is true
/// unless it is 0. Gone once the query is a plan.
final class TruthOperator extends SqlFunction {
  private final Typing typing;

  TruthOperator(Typing typing) {
    super(
        "TRUTH",
        SqlKind.OTHER_FUNCTION,
        null,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.typing = typing;
  }

  private RelDataType type(RelDataType operand) {
    return typing
        .types()
        .of(operand.isNullable() ? DataTypes.nullable(DataTypes.BOOL) : DataTypes.BOOL);
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    return type(validator.deriveType(scope.getOperandScope(call), call.operand(0)));
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return type(binding.getOperandType(0));
  }
}
