// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.NumberTypes;
import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Makes calls of our operators. One for each [Typing].
final class Operators {
  private final Typing typing;
  final TruthOperator truth;
  final InListOperator inList;
  final CountOperator count;
  private final Map<SqlKind, ComparisonOperator> comparisons = new EnumMap<>(SqlKind.class);

  Operators(Typing typing) {
    this.typing = typing;
    truth = new TruthOperator(typing);
    inList = new InListOperator(typing);
    count = new CountOperator(typing);
    for (SqlOperator standard :
        List.of(
            SqlStdOperatorTable.EQUALS,
            SqlStdOperatorTable.NOT_EQUALS,
            SqlStdOperatorTable.LESS_THAN,
            SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
            SqlStdOperatorTable.GREATER_THAN,
            SqlStdOperatorTable.GREATER_THAN_OR_EQUAL,
            SqlStdOperatorTable.IS_DISTINCT_FROM,
            SqlStdOperatorTable.IS_NOT_DISTINCT_FROM)) {
      comparisons.put(standard.getKind(), new ComparisonOperator(typing, standard));
    }
  }

  SqlNode scalar(String name, SqlParserPos position, SqlNode... operands) {
    return new ScalarOperator(typing, name).createCall(position, operands);
  }

  SqlNode scalar(String name, SqlParserPos position, List<SqlNode> operands) {
    boolean hasLambda = !operands.isEmpty() && operands.getFirst() instanceof SqlLambda;
    return new ScalarOperator(typing, name)
        .createCall(position, hasLambda ? Captures.closed(operands) : operands);
  }

  SqlNode unnest(SqlParserPos position, SqlNode array) {
    return ArrayJoinMark.function(typing).createCall(position, array);
  }

  /// One of the arrays of an ARRAY JOIN clause.
  SqlNode unnest(SqlParserPos position, SqlNode array, int clause, boolean outer) {
    return ArrayJoinMark.clause(typing, clause, outer).createCall(position, array);
  }

  SqlNode cast(DataType target, SqlParserPos position, SqlNode operand) {
    return new CastOperator(typing, target).createCall(position, operand);
  }

  SqlNode compare(SqlKind kind, SqlParserPos position, SqlNode left, SqlNode right) {
    return comparisons.get(kind).createCall(position, left, right);
  }

  boolean isComparison(SqlKind kind) {
    return comparisons.containsKey(kind);
  }

  AggregateOperator aggregate(String name, List<Object> parameters) {
    return new AggregateOperator(typing, name, parameters);
  }

  InFrameOperator inFrame(boolean lag) {
    return new InFrameOperator(typing, lag);
  }

  SqlNode number(BigDecimal value, SqlParserPos position) {
    return new NumberLiteral(value, NumberTypes.of(value), position);
  }

  SqlNode number(long value, SqlParserPos position) {
    return number(BigDecimal.valueOf(value), position);
  }

  static SqlNode text(String value, SqlParserPos position) {
    return SqlLiteral.createCharString(value, position);
  }
}
