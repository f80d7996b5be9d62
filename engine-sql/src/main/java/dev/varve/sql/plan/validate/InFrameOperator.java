// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.type.RelTypeFactory;
import dev.varve.storage.type.DataType;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Optionality;

/// `lagInFrame` and `leadInFrame`: as `lag` and `lead`, but they see no further than the frame, and
/// beyond it give the default of the value's type where none is given.
public final class InFrameOperator extends SqlAggFunction {
  private final boolean lag;
  private final RelTypeFactory types;

  InFrameOperator(Typing typing, boolean lag) {
    super(
        lag ? "lagInFrame" : "leadInFrame",
        null,
        SqlKind.OTHER_FUNCTION,
        null,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        true,
        Optionality.FORBIDDEN);
    this.lag = lag;
    this.types = typing.types();
  }

  public boolean isLag() {
    return lag;
  }

  private RelDataType type(List<DataType> arguments) {
    return types.of(arguments.getFirst());
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    SqlValidatorScope operands = scope.getOperandScope(call);
    call.getOperandList().forEach(operand -> validator.deriveType(operands, operand));
    return type(List.of(types.dataType(validator.deriveType(operands, call.operand(0)))));
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return type(List.of(types.dataType(binding.getOperandType(0))));
  }
}
