// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Items of a select list that stand for several columns, and what is done to those columns.
public final class StarMarks {
  /// A star or a call of COLUMNS, and the list of its changes in the order they are made.
  public static final SqlOperator CHANGED = new SqlSpecialOperator("CHANGED STAR", SqlKind.OTHER);

  /// Columns by name, or one text: a pattern of names.
  public static final SqlOperator EXCEPT = new SqlSpecialOperator("EXCEPT", SqlKind.OTHER);

  /// `expression AS column`, several.
  public static final SqlOperator REPLACE = new SqlSpecialOperator("REPLACE", SqlKind.OTHER);

  /// A function's name, a call that only lacks the column, or a lambda.
  public static final SqlOperator APPLY = new SqlSpecialOperator("APPLY", SqlKind.OTHER);

  private StarMarks() {}

  static SqlNode changed(SqlNode star, List<SqlNode> changes) {
    if (changes.isEmpty()) {
      return star;
    }
    if (!(star instanceof SqlIdentifier id && id.isStar()) && !isColumns(star)) {
      throw new VarveException(
          ErrorCode.SYNTAX_ERROR,
          Trees.place(star.getParserPosition())
              + "EXCEPT, REPLACE and APPLY change the columns of * or COLUMNS(…)");
    }
    return CHANGED.createCall(
        star.getParserPosition(), star, new SqlNodeList(changes, star.getParserPosition()));
  }

  /// Whether an item is `COLUMNS('pattern')` or `COLUMNS(a, b)`.
  public static boolean isColumns(SqlNode node) {
    return node instanceof SqlCall call
        && call.getOperator() instanceof SqlFunction function
        && function.getName().equalsIgnoreCase("COLUMNS")
        && call.operandCount() > 0;
  }

  /// A call of one of our functions, which the validator looks up by name.
  public static SqlCall call(String function, List<SqlNode> arguments) {
    return Trees.call(
        function,
        arguments.isEmpty() ? SqlParserPos.ZERO : arguments.getFirst().getParserPosition(),
        arguments);
  }

  /// `quantile(0.9)` of an APPLY, over a column.
  public static SqlCall parametric(SqlCall given, SqlNode column) {
    SqlIdentifier name =
        Trees.parametric(
            new SqlIdentifier(given.getOperator().getName(), given.getParserPosition()),
            given.getOperandList());
    return Trees.call(name.getSimple(), given.getParserPosition(), column);
  }
}
