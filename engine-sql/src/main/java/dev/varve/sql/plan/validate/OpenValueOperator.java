// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;

/// Stands around a literal for which another run of the plan may have another value, so that no
/// planner rule draws conclusions from it.
public final class OpenValueOperator extends SqlFunction {
  private final int index;

  OpenValueOperator(int index) {
    super(
        "OPEN:" + index,
        SqlKind.OTHER_FUNCTION,
        null,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.index = index;
  }

  /// The number of the literal among those that may change.
  public int index() {
    return index;
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return binding.getOperandType(0);
  }

  /// The literal that was planned with; the node itself where it is none of these.
  public static RexNode planned(RexNode node) {
    return node instanceof RexCall call && call.getOperator() instanceof OpenValueOperator
        ? call.getOperands().getFirst()
        : node;
  }
}
