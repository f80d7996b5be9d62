// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import java.util.StringJoiner;
import java.util.function.IntFunction;

/// Expressions as texts that are equal where the expressions are, whatever the batch they read.
public final class ExpressionText {
  private ExpressionText() {}

  /// @param columns names of the columns of the batch
  public static String of(Expression expression, IntFunction<String> columns) {
    return switch (expression) {
      case Expression.InputColumn(int index, var _) -> "`" + columns.apply(index) + "`";
      case Expression.Literal(Object value, var type) ->
          value instanceof String
              ? "'" + value + "':" + type.unwrapped().name()
              : value + ":" + type.unwrapped().name();
      case Expression.Call call ->
          call.function().name() + ":" + call.type().unwrapped().name() + list(call, columns);
      case Expression.Case _ -> "case" + list(expression, columns);
      case Expression.And _ -> "and" + list(expression, columns);
      case Expression.Or _ -> "or" + list(expression, columns);
      case Expression.Not _ -> "not" + list(expression, columns);
      case Expression.IsNull _ -> "isNull" + list(expression, columns);
      case Expression.InList in -> "in" + list(expression, columns) + in.set().values();
      case Expression.Lambda lambda ->
          "lambda(" + of(lambda.body(), i -> lambdaColumn(lambda, i, columns)) + ")";
    };
  }

  /// As a user would write it, for EXPLAIN.
  public static String readable(Expression expression, IntFunction<String> columns) {
    return switch (expression) {
      case Expression.InputColumn(int index, var _) -> columns.apply(index);
      case Expression.Literal(Object value, var _) ->
          value instanceof String || value instanceof java.time.temporal.Temporal
              ? "'" + value + "'"
              : String.valueOf(value);
      case Expression.Call call when call.arguments().size() == 2 && sign(call) != null ->
          readable(call.arguments().getFirst(), columns)
              + " "
              + sign(call)
              + " "
              + readable(call.arguments().get(1), columns);
      case Expression.And _ -> joined(" and ", expression, columns);
      case Expression.Or _ -> joined(" or ", expression, columns);
      case Expression.Not(Expression operand) -> "not (" + readable(operand, columns) + ")";
      case Expression.IsNull(Expression operand) -> readable(operand, columns) + " is null";
      case Expression.InList in ->
          readable(in.operand(), columns) + " in " + in.set().size() + "-element set";
      case Expression.Call call -> call.function().name() + joined(", ", expression, columns);
      case Expression.Case _, Expression.Lambda _ -> of(expression, columns);
    };
  }

  private static String joined(
      String separator, Expression expression, IntFunction<String> columns) {
    StringJoiner text = new StringJoiner(separator, "(", ")");
    expression.children().forEach(child -> text.add(readable(child, columns)));
    return text.toString();
  }

  private static String sign(Expression.Call call) {
    return switch (call.function().name()) {
      case "equals" -> "=";
      case "notEquals" -> "!=";
      case "less" -> "<";
      case "lessOrEquals" -> "<=";
      case "greater" -> ">";
      case "greaterOrEquals" -> ">=";
      default -> null;
    };
  }

  private static String lambdaColumn(
      Expression.Lambda lambda, int index, IntFunction<String> columns) {
    return index < lambda.outerColumns()
        ? columns.apply(index)
        : "lambda " + (index - lambda.outerColumns());
  }

  private static String list(Expression expression, IntFunction<String> columns) {
    StringJoiner text = new StringJoiner(", ", "(", ")");
    expression.children().forEach(child -> text.add(of(child, columns)));
    return text.toString();
  }
}
