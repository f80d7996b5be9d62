// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.fun.SqlCountAggFunction;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// `count`, of the class by which planner rules know that it is 0 and not NULL over no rows.
public final class CountOperator extends SqlCountAggFunction {
  private final Typing typing;

  CountOperator(Typing typing) {
    // The validator knows `count(*)` by exactly this name.
    super("COUNT", OperandTypes.VARIADIC);
    this.typing = typing;
  }

  private RelDataType type() {
    return typing.aggregate("count", List.of(), List.of());
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    if (!call.isCountStar()) {
      SqlValidatorScope operandScope = scope.getOperandScope(call);
      call.getOperandList().forEach(operand -> validator.deriveType(operandScope, operand));
    }
    return type();
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return type();
  }
}
