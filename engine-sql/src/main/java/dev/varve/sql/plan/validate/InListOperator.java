// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.type.DataTypes;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// `x IN (constants)` as one call: the first operand is `x`, the others are the constants. Lists of
/// thousands of values stay one call and never become a tree of ORs.
public final class InListOperator extends SqlFunction {
  private final Typing typing;

  InListOperator(Typing typing) {
    super(
        "IN_LIST",
        SqlKind.OTHER_FUNCTION,
        null,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.typing = typing;
  }

  private RelDataType type(List<RelDataType> operands) {
    boolean nullable = operands.stream().anyMatch(RelDataType::isNullable);
    return typing.types().of(nullable ? DataTypes.nullable(DataTypes.BOOL) : DataTypes.BOOL);
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    SqlValidatorScope operandScope = scope.getOperandScope(call);
    List<RelDataType> operands =
        call.getOperandList().stream()
            .map((SqlNode operand) -> validator.deriveType(operandScope, operand))
            .toList();
    return type(operands);
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return type(binding.collectOperandTypes());
  }
}
