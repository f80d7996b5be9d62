// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
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
      case Expression.Lambda _ ->
          throw new IllegalStateException("a lambda's outer columns cannot be moved");
    };
  }

  static List<Expression> mapped(List<Expression> expressions, IntUnaryOperator position) {
    return expressions.stream().map(expression -> mapped(expression, position)).toList();
  }
}
