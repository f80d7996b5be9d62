// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Expressions over the same columns in other places.
final class Columns {
  private Columns() {}

  static Expression mapped(Expression expression, IntUnaryOperator position) {
    return switch (expression) {
      case Expression.InputColumn column ->
          new Expression.InputColumn(position.applyAsInt(column.index()), column.type());
      case Expression.Literal literal -> literal;
      case Expression.Call call ->
          new Expression.Call(call.function(), mapped(call.arguments(), position));
      case Expression.Case cases ->
          new Expression.Case(
              mapped(cases.conditions(), position),
              mapped(cases.values(), position),
              mapped(cases.otherwise(), position),
              cases.type());
      case Expression.And and -> new Expression.And(mapped(and.operands(), position));
      case Expression.Or or -> new Expression.Or(mapped(or.operands(), position));
      case Expression.Not not -> new Expression.Not(mapped(not.operand(), position));
      case Expression.IsNull isNull -> new Expression.IsNull(mapped(isNull.operand(), position));
      case Expression.InList in -> new Expression.InList(mapped(in.operand(), position), in.set());
      case Expression.Lambda lambda -> mapped(lambda, position);
    };
  }

  // The parameters stand behind the columns around them, so they move as well.
  private static Expression mapped(Expression.Lambda lambda, IntUnaryOperator position) {
    int before = lambda.outerColumns();
    BitSet outer = new BitSet();
    lambda.collectInputs(outer);
    int after = outer.stream().map(position).max().orElse(-1) + 1;
    Expression body =
        mapped(
            lambda.body(),
            column -> column < before ? position.applyAsInt(column) : column - before + after);
    return new Expression.Lambda(after, lambda.parameters(), body);
  }

  static List<Expression> mapped(List<Expression> expressions, IntUnaryOperator position) {
    return expressions.stream().map(expression -> mapped(expression, position)).toList();
  }
}
