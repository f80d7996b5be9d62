// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Rewrites comparisons: of values, of rows, with the values of a list or of a query, BETWEEN.
final class Comparisons {
  private final Expressions expressions;
  private final Operators operators;
  private final PlanContext context;
  private final BiFunction<SqlNode, Names, SqlNode> queries;

  Comparisons(
      Expressions expressions,
      Operators operators,
      PlanContext context,
      BiFunction<SqlNode, Names, SqlNode> queries) {
    this.expressions = expressions;
    this.operators = operators;
    this.context = context;
    this.queries = queries;
  }

  SqlNode comparison(SqlKind kind, SqlCall call, Names names) {
    SqlNode left = call.operand(0);
    SqlNode right = call.operand(1);
    SqlParserPos position = call.getParserPosition();
    if (left.getKind() == SqlKind.ROW
        && right.getKind() == SqlKind.ROW
        && (kind == SqlKind.EQUALS || kind == SqlKind.NOT_EQUALS)) {
      SqlNode equal =
          rowsEqual(((SqlCall) left).getOperandList(), ((SqlCall) right).getOperandList(), names);
      return kind == SqlKind.EQUALS ? equal : SqlStdOperatorTable.NOT.createCall(position, equal);
    }
    return operators.compare(
        kind, position, expressions.rewrite(left, names), expressions.rewrite(right, names));
  }

  private SqlNode rowsEqual(List<SqlNode> left, List<SqlNode> right, Names names) {
    SqlParserPos position = left.getFirst().getParserPosition();
    if (left.size() != right.size()) {
      throw Place.error(
          ErrorCode.TYPE_MISMATCH,
          position,
          "a row of " + left.size() + " values cannot equal one of " + right.size());
    }
    List<SqlNode> equal = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      equal.add(
          operators.compare(
              SqlKind.EQUALS,
              position,
              expressions.rewrite(left.get(i), names),
              expressions.rewrite(right.get(i), names)));
    }
    return equal.size() == 1
        ? equal.getFirst()
        : SqlStdOperatorTable.AND.createCall(position, equal);
  }

  SqlNode in(SqlCall call, Names names) {
    SqlParserPos position = call.getParserPosition();
    SqlNode left = call.operand(0);
    if (!(call.operand(1) instanceof SqlNodeList list)) {
      SqlNode query = queries.apply(call.operand(1), names);
      return call.getOperator().createCall(position, keys(left, names), query);
    }
    SqlNode matches = inList(left, list, position, names);
    return call.getKind() == SqlKind.IN
        ? matches
        : SqlStdOperatorTable.NOT.createCall(position, matches);
  }

  // The left side of IN (query) stays a row, which the validator splits into columns.
  private SqlNode keys(SqlNode left, Names names) {
    if (left.getKind() != SqlKind.ROW) {
      return expressions.rewrite(left, names);
    }
    return SqlStdOperatorTable.ROW.createCall(
        left.getParserPosition(), expressions.rewriteAll(((SqlCall) left).getOperandList(), names));
  }

  private SqlNode inList(SqlNode left, SqlNodeList list, SqlParserPos position, Names names) {
    if (left.getKind() == SqlKind.ROW) {
      List<SqlNode> matches = new ArrayList<>();
      for (SqlNode row : list) {
        List<SqlNode> values =
            row.getKind() == SqlKind.ROW ? ((SqlCall) row).getOperandList() : List.of(row);
        matches.add(rowsEqual(((SqlCall) left).getOperandList(), values, names));
      }
      return any(matches, position);
    }
    List<SqlNode> values = expressions.rewriteAll(list.getList(), names);
    if (context.dialect().nullsInSets() && values.stream().anyMatch(SqlUtil::isNull)) {
      return inListWithNull(left, values, position, names);
    }
    if (values.stream().allMatch(Comparisons::isConstant)) {
      values.addFirst(expressions.rewrite(left, names));
      return operators.inList.createCall(position, values);
    }
    List<SqlNode> matches = new ArrayList<>();
    for (SqlNode value : values) {
      matches.add(
          operators.compare(SqlKind.EQUALS, position, expressions.rewrite(left, names), value));
    }
    return any(matches, position);
  }

  private SqlNode inListWithNull(
      SqlNode left, List<SqlNode> values, SqlParserPos position, Names names) {
    List<SqlNode> matches = new ArrayList<>();
    for (SqlNode value : values) {
      matches.add(
          operators.compare(
              SqlKind.IS_NOT_DISTINCT_FROM, position, expressions.rewrite(left, names), value));
    }
    return any(matches, position);
  }

  private static SqlNode any(List<SqlNode> conditions, SqlParserPos position) {
    SqlNode result = conditions.getFirst();
    for (SqlNode condition : conditions.subList(1, conditions.size())) {
      result = SqlStdOperatorTable.OR.createCall(position, result, condition);
    }
    return result;
  }

  private static boolean isConstant(SqlNode node) {
    return node instanceof SqlLiteral
        || (node instanceof SqlCall call
            && (call.getOperator() instanceof ScalarOperator
                || call.getOperator() instanceof CastOperator)
            && call.getOperandList().stream().allMatch(Comparisons::isConstant));
  }

  SqlNode between(SqlCall call, Names names) {
    SqlParserPos position = call.getParserPosition();
    SqlNode low =
        operators.compare(
            SqlKind.GREATER_THAN_OR_EQUAL,
            position,
            expressions.rewrite(call.operand(0), names),
            expressions.rewrite(call.operand(1), names));
    SqlNode high =
        operators.compare(
            SqlKind.LESS_THAN_OR_EQUAL,
            position,
            expressions.rewrite(call.operand(0), names),
            expressions.rewrite(call.operand(2), names));
    SqlNode both = SqlStdOperatorTable.AND.createCall(position, low, high);
    return call.getOperator().getName().startsWith("NOT")
        ? SqlStdOperatorTable.NOT.createCall(position, both)
        : both;
  }
}
