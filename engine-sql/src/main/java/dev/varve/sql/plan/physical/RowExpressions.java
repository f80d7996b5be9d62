// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.expression.ValueSet;
import dev.varve.sql.plan.type.RelTypeFactory;
import dev.varve.sql.plan.validate.Captures;
import dev.varve.sql.plan.validate.CastOperator;
import dev.varve.sql.plan.validate.InListOperator;
import dev.varve.sql.plan.validate.OpenValueOperator;
import dev.varve.sql.plan.validate.ScalarOperator;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLambda;
import org.apache.calcite.rex.RexLambdaRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;

/// Turns the plan's expressions over one operator's rows into ours.
///
/// The types of the rows are the truth: every call is bound anew to the types its arguments really
/// have, so nothing depends on what planner rules thought of them.
final class RowExpressions {
  private final Calls calls;
  private final RexBuilder rexBuilder;
  private final List<DataType> inputs;
  private final IntUnaryOperator position;
  private List<Expression> parameters = List.of();
  private int width;

  /// @param inputs types of the columns of a row
  /// @param position the column for a field of the plan
  RowExpressions(
      Calls calls, RexBuilder rexBuilder, List<DataType> inputs, IntUnaryOperator position) {
    this.calls = calls;
    this.rexBuilder = rexBuilder;
    this.inputs = inputs;
    this.position = position;
    this.width = inputs.size();
  }

  List<Expression> ofAll(List<? extends RexNode> nodes) {
    List<Expression> expressions = new ArrayList<>();
    for (RexNode node : nodes) {
      expressions.add(of(node));
    }
    return expressions;
  }

  Expression of(RexNode node) {
    return switch (node) {
      case RexInputRef reference -> {
        int column = position.applyAsInt(reference.getIndex());
        yield new Expression.InputColumn(column, inputs.get(column));
      }
      case RexLambdaRef reference -> parameters.get(reference.getIndex());
      case RexLiteral literal -> Literals.of(literal, dataType(literal));
      case RexCall call -> call(call);
      default ->
          throw new IllegalStateException(
              "an expression " + node.getKind() + " in a plan: " + node);
    };
  }

  private DataType dataType(RexNode node) {
    return ((RelTypeFactory) rexBuilder.getTypeFactory()).dataType(node.getType());
  }

  private Expression call(RexCall call) {
    SqlOperator operator = call.getOperator();
    return switch (operator) {
      case CastOperator cast -> calls.cast(of(call.getOperands().getFirst()), cast.target());
      case OpenValueOperator open -> {
        RexLiteral literal = (RexLiteral) call.getOperands().getFirst();
        yield calls.open(open.index(), Literals.of(literal, dataType(literal)));
      }
      case InListOperator _ -> inList(call);
      case ScalarOperator _ -> scalar(call);
      default -> standard(call);
    };
  }

  private Expression scalar(RexCall call) {
    String name = call.getOperator().getName();
    List<RexNode> operands = call.getOperands();
    if (operands.isEmpty() || !(operands.getFirst() instanceof RexLambda lambda)) {
      return calls.call(name, ofAll(operands));
    }
    List<Expression> arguments = new ArrayList<>();
    List<Expression> captured = new ArrayList<>();
    for (RexNode operand : operands.subList(1, operands.size())) {
      if (Captures.isCaptured(operand)) {
        captured.add(of(((RexCall) operand).getOperands().getFirst()));
      } else {
        arguments.add(of(operand));
      }
    }
    List<DataType> types =
        calls
            .functions()
            .lambdaParameters(name, arguments.stream().map(Expression::type).toList())
            .orElseThrow();
    arguments.addFirst(lambda(lambda, types, captured));
    return calls.call(name, arguments);
  }

  /// @param captured what the parameters behind the lambda's own stand for
  private Expression lambda(RexLambda lambda, List<DataType> types, List<Expression> captured) {
    List<Expression> outer = parameters;
    int around = width;
    List<DataType> own = types.subList(0, lambda.getParameters().size() - captured.size());
    parameters = new ArrayList<>();
    for (DataType type : own) {
      parameters.add(new Expression.InputColumn(width++, type));
    }
    parameters.addAll(captured);
    Expression body = of(lambda.getExpression());
    parameters = outer;
    width = around;
    return new Expression.Lambda(around, own, body);
  }

  private Expression standard(RexCall call) {
    List<RexNode> operands = call.getOperands();
    return switch (call.getKind()) {
      case AND -> new Expression.And(ofAll(operands));
      case OR -> new Expression.Or(ofAll(operands));
      case NOT -> new Expression.Not(of(operands.getFirst()));
      case IS_NULL -> new Expression.IsNull(of(operands.getFirst()));
      case IS_NOT_NULL -> new Expression.Not(new Expression.IsNull(of(operands.getFirst())));
      case IS_TRUE -> Calls.isTrue(of(operands.getFirst()));
      case IS_NOT_TRUE -> new Expression.Not(Calls.isTrue(of(operands.getFirst())));
      case IS_FALSE -> Calls.isTrue(new Expression.Not(of(operands.getFirst())));
      case IS_NOT_FALSE ->
          new Expression.Not(Calls.isTrue(new Expression.Not(of(operands.getFirst()))));
      case EQUALS -> compare("equals", operands);
      case NOT_EQUALS -> compare("notEquals", operands);
      case LESS_THAN -> compare("less", operands);
      case LESS_THAN_OR_EQUAL -> compare("lessOrEquals", operands);
      case GREATER_THAN -> compare("greater", operands);
      case GREATER_THAN_OR_EQUAL -> compare("greaterOrEquals", operands);
      case IS_NOT_DISTINCT_FROM -> same(operands);
      case IS_DISTINCT_FROM -> new Expression.Not(same(operands));
      case CASE -> cases(operands);
      case CAST, REINTERPRET -> calls.cast(of(operands.getFirst()), dataType(call));
      case SEARCH -> of(RexUtil.expandSearch(rexBuilder, null, call));
      case PLUS -> calls.call("plus", ofAll(operands));
      case MINUS -> calls.call("minus", ofAll(operands));
      case TIMES -> calls.call("multiply", ofAll(operands));
      case DIVIDE -> calls.call("divide", ofAll(operands));
      case MINUS_PREFIX -> calls.call("negate", ofAll(operands));
      case COALESCE -> calls.call("coalesce", ofAll(operands));
      default ->
          throw new VarveException(
              ErrorCode.NOT_IMPLEMENTED,
              "the expression " + call.getOperator().getName() + " is not supported");
    };
  }

  private Expression compare(String function, List<RexNode> operands) {
    return calls.compare(function, of(operands.get(0)), of(operands.get(1)));
  }

  private Expression same(List<RexNode> operands) {
    Expression left = of(operands.get(0));
    Expression right = of(operands.get(1));
    Expression equal = calls.compare("equals", left, right);
    if (!left.type().isNullable() && !right.type().isNullable()) {
      return equal;
    }
    Expression bothNull =
        new Expression.And(List.of(new Expression.IsNull(left), new Expression.IsNull(right)));
    return new Expression.Or(List.of(bothNull, Calls.isTrue(equal)));
  }

  private Expression cases(List<RexNode> operands) {
    List<Expression> conditions = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      conditions.add(of(operands.get(i)));
      values.add(of(operands.get(i + 1)));
    }
    values.add(of(operands.getLast()));
    DataType common = calls.commonType(values).unwrapped();
    boolean nullable = values.stream().anyMatch(value -> value.type().isNullable());
    DataType type = nullable ? DataTypes.nullable(common) : common;
    List<Expression> cast = new ArrayList<>();
    values.forEach(value -> cast.add(calls.cast(value, type)));
    Expression otherwise = cast.removeLast();
    return new Expression.Case(conditions, cast, otherwise, type);
  }

  private Expression inList(RexCall call) {
    Expression operand = of(call.getOperands().getFirst());
    List<Expression> constants = ofAll(call.getOperands().subList(1, call.getOperands().size()));
    DataType type = operand.type().unwrapped();
    if (type instanceof DataType.Nothing) {
      return new Expression.Literal(null, DataTypes.nullable(DataTypes.BOOL));
    }
    List<Object> values = new ArrayList<>();
    for (Expression constant : constants) {
      InValues.add(calls, constant, type, values);
    }
    // A NULL in the list equals nothing, and leaves what is not found not found.
    values.removeIf(java.util.Objects::isNull);
    try (Scratch scratch = new Scratch(calls.allocator())) {
      return calls.fold(new Expression.InList(operand, new ValueSet(type, values, scratch)));
    }
  }

  static boolean isComparison(SqlKind kind) {
    return SqlKind.COMPARISON.contains(kind);
  }
}
