// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.function.definition.Arguments;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlTypeName;
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
    SqlNode operand = call.operand(0);
    RelDataType found = validator.deriveType(scope.getOperandScope(call), operand);
    DataType plain = typing.types().dataType(found);
    if (!Arguments.isNumber(plain) && found.getSqlTypeName() != SqlTypeName.NULL) {
      throw Place.error(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          operand.getParserPosition(),
          "a condition is true or false, or a number; here it is "
              + plain.name()
              + ", which has to be compared with something");
    }
    return type(found);
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return type(binding.getOperandType(0));
  }
}
