// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A grouped expression in the row of totals: its type's default value. Which calls are aggregates
/// is not known while a text is parsed; inside one it is the expression itself.
public final class TotalsKey extends SqlBasicCall {
  private final SqlNode expression;

  TotalsKey(SqlNode expression) {
    this(
        Trees.call(
            "defaultValueOfArgumentType",
            expression.getParserPosition(),
            Trees.call("any", expression.getParserPosition(), expression)),
        expression);
  }

  private TotalsKey(SqlCall value, SqlNode expression) {
    super(value.getOperator(), value.getOperandList(), value.getParserPosition());
    this.expression = expression;
  }

  @Override
  public SqlNode clone(SqlParserPos pos) {
    return new TotalsKey(expression.clone(pos));
  }

  /// What was grouped by.
  public SqlNode expression() {
    return expression;
  }
}
