// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// LIMIT, OFFSET, FETCH and LIMIT BY of one query, while it is read.
final class Limits {
  SqlNode offset;
  SqlNode fetch;
  boolean ties;
  SqlNode byFetch;
  SqlNode byOffset;
  SqlNodeList by;

  /// A number that counts from the last row.
  static SqlNode negative(SqlNode number) {
    if (number instanceof SqlNumericLiteral literal) {
      return SqlLiteral.createExactNumeric(
          literal.bigDecimalValue().negate().toPlainString(), number.getParserPosition());
    }
    throw new VarveException(
        ErrorCode.SYNTAX_ERROR,
        Trees.place(number.getParserPosition())
            + "a limit that counts from the last row is a literal, as in LIMIT -3");
  }

  private static boolean isNegative(SqlNode number) {
    return number instanceof SqlNumericLiteral literal && literal.bigDecimalValue().signum() < 0;
  }

  /// Whether LIMIT or OFFSET count from the last row.
  boolean fromTheEnd() {
    return isNegative(fetch) || isNegative(offset);
  }

  /// What holds of the rows that stay.
  ///
  /// @param number of a row, from 1 on
  /// @param reversed number of the row from the last on; asked for only where it is needed
  static SqlNode condition(
      SqlNode count, SqlNode skip, SqlNode number, Supplier<SqlNode> reversed, SqlParserPos pos) {
    SqlNode condition = null;
    if (skip != null) {
      SqlNode from = isNegative(skip) ? reversed.get() : number;
      condition = SqlStdOperatorTable.GREATER_THAN.createCall(pos, from, amount(skip));
    }
    if (count == null) {
      return condition;
    }
    boolean backwards = isNegative(count);
    boolean sameEnd = skip != null && backwards == isNegative(skip);
    SqlNode last =
        sameEnd
            ? SqlStdOperatorTable.PLUS.createCall(pos, amount(skip), amount(count))
            : amount(count);
    SqlNode upTo =
        SqlStdOperatorTable.LESS_THAN_OR_EQUAL.createCall(
            pos, backwards ? reversed.get() : number, last);
    return Selects.and(condition, upTo);
  }

  private static SqlNode amount(SqlNode number) {
    return isNegative(number) ? negative(number) : number;
  }

  void fetch(SqlNode count, SqlNode skip) {
    fetch = count;
    offset = skip == null ? offset : skip;
  }

  void offset(SqlNode skip) {
    offset = skip;
  }

  void withTies() {
    ties = true;
  }

  void by(SqlNode count, SqlNode skip, SqlNodeList columns) {
    byFetch = count;
    byOffset = skip;
    by = columns;
  }
}
