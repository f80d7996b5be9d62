// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Rewrites calls over a window, and the windows: those of the WINDOW clause by name, with what a
/// window takes over from the one it builds on.
final class WindowClauses {
  private final Expressions expressions;
  private final FunctionCalls functions;
  private final Operators operators;

  WindowClauses(Expressions expressions, FunctionCalls functions, Operators operators) {
    this.expressions = expressions;
    this.functions = functions;
    this.operators = operators;
  }

  SqlNode over(SqlCall call, Names names) {
    if (Derivative.is(call.operand(0))) {
      return expressions.rewrite(Derivative.of(call), names);
    }
    SqlNode function = functions.windowFunction(filterAsIf(call.operand(0)), names);
    return SqlStdOperatorTable.OVER.createCall(
        call.getParserPosition(), function, rewriteWindow(call.operand(1), names));
  }

  // Over a window, `f(x) FILTER (WHERE c)` is `fIf(x, c)`.
  private static SqlNode filterAsIf(SqlNode function) {
    if (function.getKind() != SqlKind.FILTER) {
      return function;
    }
    SqlCall filter = (SqlCall) function;
    SqlCall aggregate = filter.operand(0);
    List<SqlNode> operands = new ArrayList<>(aggregate.getOperandList());
    operands.removeIf(operand -> operand instanceof SqlIdentifier star && star.isStar());
    operands.add(filter.operand(1));
    return new SqlUnresolvedFunction(
            new SqlIdentifier(
                aggregate.getOperator().getName() + "If", aggregate.getParserPosition()),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION)
        .createCall(
            aggregate.getFunctionQuantifier(),
            filter.getParserPosition(),
            operands.toArray(new SqlNode[0]));
  }

  private SqlNode rewriteWindow(SqlNode window, Names names) {
    return window(
        window instanceof SqlIdentifier name ? named(name, names) : (SqlWindow) window, names);
  }

  SqlWindow window(SqlWindow given, Names names) {
    SqlWindow copy = resolved(given, names);
    copy.setOperand(0, null);
    copy.setOperand(2, expressions.rewriteList(copy.getPartitionList(), names));
    copy.setOperand(3, expressions.rewriteList(copy.getOrderList(), names));
    copy.setLowerBound(bound(copy.getLowerBound()));
    copy.setUpperBound(bound(copy.getUpperBound()));
    return copy;
  }

  // The window that it builds on gives what it does not say itself.
  private static SqlWindow resolved(SqlWindow window, Names names) {
    SqlWindow copy = (SqlWindow) window.clone(window.getParserPosition());
    if (window.getRefName() == null) {
      return copy;
    }
    SqlWindow base = resolved(named(window.getRefName(), names), names);
    copy.setOperand(1, null);
    if (window.getPartitionList().isEmpty()) {
      copy.setOperand(2, base.getPartitionList());
    }
    if (window.getOrderList().isEmpty()) {
      copy.setOperand(3, base.getOrderList());
    }
    if (window.getLowerBound() == null) {
      copy.setRows(SqlLiteral.createBoolean(base.isRows(), window.getParserPosition()));
      copy.setLowerBound(base.getLowerBound());
      copy.setUpperBound(base.getUpperBound());
    }
    return copy;
  }

  private static SqlWindow named(SqlIdentifier name, Names names) {
    return names
        .window(name.getSimple())
        .orElseThrow(() ->
            Place.error(
                ErrorCode.BAD_ARGUMENTS,
                name.getParserPosition(),
                "no window \""
                    + name.getSimple()
                    + "\" in the WINDOW clause"
                    + NearNames.suggest(name.getSimple(), names.windows())));
  }

  // `INTERVAL 2 DAY PRECEDING`: the distance of a frame is a constant, which the planner keeps.
  private SqlNode bound(SqlNode bound) {
    if (!(bound instanceof SqlCall call) || !Intervals.isInterval(call.operand(0))) {
      return bound;
    }
    SqlNode interval = call.operand(0);
    SqlParserPos position = interval.getParserPosition();
    if (!(expressions.rewrite(Intervals.amount(interval, operators), null)
        instanceof SqlNumericLiteral amount)) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS, position, "the distance of a window's frame is a constant");
    }
    return call.getOperator()
        .createCall(
            bound.getParserPosition(),
            SqlLiteral.createInterval(
                1, amount.toValue(), Intervals.qualifier(interval), position));
  }
}
