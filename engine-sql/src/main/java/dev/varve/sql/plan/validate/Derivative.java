// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.StarMarks;
import dev.varve.storage.error.ErrorCode;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `nonNegativeDerivative(metric, time[, interval]) OVER w`: by how much the metric has grown since
/// the row before, in an interval (a second), and 0 for the first row and where it fell or time
/// stood still. Written out over `lagInFrame`.
final class Derivative {
  private static final int NANOSECONDS = 9;
  private static final String SECOND = "1000000000";

  private Derivative() {}

  static boolean is(SqlNode function) {
    return function instanceof SqlCall call
        && call.getOperator().getName().equalsIgnoreCase("nonNegativeDerivative");
  }

  static SqlNode of(SqlCall over) {
    SqlCall call = over.operand(0);
    SqlParserPos position = call.getParserPosition();
    if (call.operandCount() < 2 || call.operandCount() > 3) {
      throw Place.error(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          position,
          "nonNegativeDerivative takes 2 to 3 arguments, found " + call.operandCount());
    }
    SqlNode metric = call("toFloat64", call.operand(0));
    SqlNode time =
        call(
            "toUnixTimestamp64Nano",
            call("toDateTime64", call.operand(1), number("" + NANOSECONDS, position)));
    SqlNode window = over.operand(1);
    SqlNode grown = call("minus", metric, before(metric, window, position));
    SqlNode passed = call("minus", time, before(time, window, position));
    SqlNode units =
        call.operandCount() == 2 ? number(SECOND, position) : nanoseconds(call.operand(2));
    SqlNode rate = call("multiply", call("divide", grown, passed), units);
    SqlNode none =
        SqlStdOperatorTable.OR.createCall(
            position,
            SqlStdOperatorTable.LESS_THAN_OR_EQUAL.createCall(
                position, passed, number("0", position)),
            SqlStdOperatorTable.LESS_THAN.createCall(position, grown, number("0", position)));
    return call("if", none, call("toFloat64", number("0", position)), rate);
  }

  private static SqlNode nanoseconds(SqlNode interval) {
    SqlParserPos position = interval.getParserPosition();
    SqlNode epoch = call("toDateTime64", number("0", position), number("" + NANOSECONDS, position));
    return call(
        "toUnixTimestamp64Nano", SqlStdOperatorTable.PLUS.createCall(position, epoch, interval));
  }

  private static SqlNode before(SqlNode value, SqlNode window, SqlParserPos position) {
    return SqlStdOperatorTable.OVER.createCall(
        position, call("lagInFrame", value, number("1", position), value), window);
  }

  private static SqlNode number(String digits, SqlParserPos position) {
    return SqlLiteral.createExactNumeric(new BigDecimal(digits).toPlainString(), position);
  }

  private static SqlNode call(String name, SqlNode... operands) {
    return StarMarks.call(name, List.of(operands));
  }
}
