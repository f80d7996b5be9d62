// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.type.DataType;
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

/// `CAST(x AS T)` with T in the operator, so that no planner rule has to understand our types. A
/// NULL stays NULL: the result is nullable where `x` is.
public final class CastOperator extends SqlFunction {
  private final DataType target;
  private final Typing typing;

  CastOperator(Typing typing, DataType target) {
    super(
        "CAST:" + target.name(),
        SqlKind.OTHER_FUNCTION,
        null,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.target = target;
    this.typing = typing;
  }

  public DataType target() {
    return target;
  }

  private RelDataType resultType(DataType operand) {
    return typing.types().of(operand.isNullable() ? DataTypes.nullable(target) : target);
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    RelDataType operand = validator.deriveType(scope.getOperandScope(call), call.operand(0));
    return resultType(typing.types().dataType(operand));
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return resultType(typing.types().dataType(binding.getOperandType(0)));
  }
}
