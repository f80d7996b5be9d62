// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.function.definition.Argument;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Makes calls with exact types: finds the function, inserts casts, folds constants.
public final class Calls {
  private static final int MOST_ELEMENTS = 10_000;
  private static final Object TOO_LONG = new Object();

  private final FunctionRegistry functions;
  private final BufferAllocator allocator;
  private final List<Object> openValues;

  public Calls(FunctionRegistry functions, BufferAllocator allocator) {
    this(functions, allocator, List.of());
  }

  /// @param openValues for the open literals of the plan; empty for those it was planned with
  public Calls(FunctionRegistry functions, BufferAllocator allocator, List<Object> openValues) {
    this.functions = functions;
    this.allocator = allocator;
    this.openValues = openValues;
  }

  /// The literal that another may stand for in this run.
  Expression.Literal open(int index, Expression.Literal planned) {
    return openValues.isEmpty()
        ? planned
        : new Expression.Literal(
            openValues.get(index) instanceof BigDecimal number
                ? Literals.number(number, planned.type())
                : openValues.get(index),
            planned.type());
  }

  public FunctionRegistry functions() {
    return functions;
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  /// A call of a scalar function, folded where all is constant.
  public Expression call(String name, List<Expression> arguments) {
    List<Argument> known = new ArrayList<>();
    for (Expression argument : arguments) {
      known.add(
          argument instanceof Expression.Literal(Object value, DataType type)
              ? Argument.constant(value, type)
              : Argument.of(argument.type()));
    }
    return fold(new Expression.Call(functions.scalarOf(name, known), arguments));
  }

  public Expression call(String name, Expression... arguments) {
    return call(name, List.of(arguments));
  }

  /// The value in another type; itself where only Nullable or LowCardinality would change.
  public Expression cast(Expression value, DataType target) {
    DataType from = value.type();
    if (from.unwrapped().equals(target.unwrapped())) {
      return value;
    }
    if (value instanceof Expression.Literal(Object constant, DataType _) && constant == null) {
      return new Expression.Literal(null, DataTypes.nullable(target));
    }
    DataType to = from.isNullable() ? DataTypes.nullable(target) : target;
    BoundFunction cast = functions.cast(from, to);
    return fold(new Expression.Call(cast, List.of(value)));
  }

  /// The type that values of all of these share.
  public DataType commonType(List<Expression> values) {
    return functions.commonType(values.stream().map(Expression::type).toList());
  }

  /// `left ? right` for a comparison function, both sides in their common type.
  public Expression compare(String function, Expression left, Expression right) {
    if (left.type().unwrapped().equals(right.type().unwrapped())) {
      return call(function, left, right);
    }
    DataType common = commonType(List.of(left, right));
    return call(function, cast(left, common), cast(right, common));
  }

  /// True or false, never NULL: whether the condition is true.
  public static Expression isTrue(Expression condition) {
    return condition.type().isNullable()
        ? new Expression.And(
            List.of(new Expression.Not(new Expression.IsNull(condition)), condition))
        : condition;
  }

  /// The constant that an expression is, or the expression.
  public Expression fold(Expression expression) {
    if (expression instanceof Expression.Literal
        || !expression.isConstant()
        || expression.children().stream().anyMatch(Calls::isLongList)) {
      return expression;
    }
    // Addresses read as text and are written as bytes, so they stay the call that makes them.
    if (holdsAddress(expression.type())) {
      return expression;
    }
    try {
      Object value = shortValue(expression);
      return value != TOO_LONG && isText(value)
          ? new Expression.Literal(value, expression.type())
          : expression;
    } catch (VarveException e) {
      // The row that would fail may never come, as in a branch of CASE; if it comes, it fails then.
      return expression;
    }
  }

  // What was too long to be a constant of the plan is computed when the query runs, where it can be
  // cancelled, and so is what is made of it.
  private static boolean isLongList(Expression child) {
    return child instanceof Expression.Call && child.type().physical() == Physical.LIST;
  }

  private Object shortValue(Expression constant) {
    try (Scratch scratch = new Scratch(allocator)) {
      Vector value = constant.evaluate(new Batch(1, List.of()), scratch);
      return value.physical() == Physical.LIST
              && VectorOps.flatten(value, scratch).elements().rows() > MOST_ELEMENTS
          ? TOO_LONG
          : VectorValues.get(value, 0);
    }
  }

  // Texts of bytes that are no UTF-8 would come back from a Java string as other bytes.
  private static boolean isText(Object value) {
    return switch (value) {
      case String text -> text.indexOf('\uFFFD') < 0;
      case List<?> list -> list.stream().allMatch(Calls::isText);
      case java.util.Map<?, ?> map ->
          map.keySet().stream().allMatch(Calls::isText)
              && map.values().stream().allMatch(Calls::isText);
      case null, default -> true;
    };
  }

  private static boolean holdsAddress(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Ipv4 _, DataType.Ipv6 _ -> true;
      case DataType.Array(DataType element) -> holdsAddress(element);
      case DataType.Tuple tuple -> tuple.fields().stream().anyMatch(Calls::holdsAddress);
      case DataType.MapOf map -> holdsAddress(map.key()) || holdsAddress(map.value());
      default -> false;
    };
  }

  /// The value of a constant IPv4 or IPv6, as a vector takes it: a number, or bytes.
  public Object address(Expression constant) {
    try (Scratch scratch = new Scratch(allocator)) {
      Vector value =
          VectorOps.flatten(constant.evaluate(new Batch(1, List.of()), scratch), scratch);
      return constant.type().unwrapped() instanceof DataType.Ipv4
          ? (Object) value.getLong(0)
          : value.getBytes(0);
    }
  }

  /// The value of a constant expression, as `VectorValues` names it.
  public Object value(Expression constant) {
    if (constant instanceof Expression.Literal(Object value, DataType _)) {
      return value;
    }
    try (Scratch scratch = new Scratch(allocator)) {
      return VectorValues.get(constant.evaluate(new Batch(1, List.of()), scratch), 0);
    }
  }
}
