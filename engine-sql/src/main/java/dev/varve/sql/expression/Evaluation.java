// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.sql.expression.BoundFunction.Nulls;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;

/// Walks an expression once per batch; the work is in the kernels.
///
/// Constants stay constant and dictionaries stay dictionaries where the function allows: a function
/// of one dictionary column runs once per distinct value.
final class Evaluation {
  private Evaluation() {}

  static Vector evaluate(Expression expression, Batch batch, Scratch scratch) {
    int rows = batch.rows();
    return switch (expression) {
      case Expression.InputColumn(int index, DataType type) -> typed(batch.column(index), type);
      case Expression.Literal literal -> constant(literal, rows, scratch);
      case Expression.Call call -> call(call, batch, scratch);
      case Expression.Case cases -> CaseEvaluation.evaluate(cases, batch, scratch);
      case Expression.And _,
          Expression.Or _,
          Expression.Not _,
          Expression.IsNull _,
          Expression.InList _ -> {
        Truth truth = Truth.of(expression, batch, scratch);
        yield Masks.toVector(expression.type(), truth.yes(), truth.nulls(), rows, scratch);
      }
      case Expression.Lambda _ ->
          throw new IllegalStateException("a lambda has no value outside of a call");
    };
  }

  private static Vector typed(Vector vector, DataType type) {
    return vector.type().equals(type) ? vector : vector.as(type);
  }

  static Vector constant(Expression.Literal literal, int rows, Scratch scratch) {
    if (literal.value() == null && literal.type().physical() == Physical.LIST) {
      return VectorOps.nulls(literal.type(), rows, scratch);
    }
    Vector single = VectorValues.of(literal.type(), scratch, literal.value());
    return Vector.constant(literal.type(), rows, single);
  }

  private static Vector call(Expression.Call call, Batch batch, Scratch scratch) {
    BoundFunction function = call.function();
    List<Vector> arguments = new ArrayList<>(call.arguments().size());
    boolean isConstant = function.stability() != BoundFunction.Stability.VOLATILE;
    for (Expression argument : call.arguments()) {
      if (argument instanceof Expression.Lambda lambda) {
        return higherOrder(call, lambda, batch, scratch);
      }
      Vector vector = argument.evaluate(batch, scratch);
      arguments.add(vector);
      isConstant &= vector.isConstant();
    }
    return apply(function, arguments, batch.rows(), isConstant, scratch);
  }

  static Vector apply(
      BoundFunction function,
      List<Vector> arguments,
      int rows,
      boolean isConstant,
      Scratch scratch) {
    if (isConstant && !arguments.isEmpty() && rows > 0) {
      List<Vector> singles = arguments.stream().map(Vector::single).toList();
      Vector single = run(function, singles, 1, scratch);
      return Vector.constant(function.type(), rows, VectorOps.flatten(single, scratch));
    }
    if (function.nulls() == Nulls.PROPAGATE
        && function.stability() == BoundFunction.Stability.IMMUTABLE) {
      Vector mapped = overDictionary(function, arguments, rows, scratch);
      if (mapped != null) {
        return mapped;
      }
    }
    return run(function, arguments, rows, scratch);
  }

  /// The function of each distinct value, where exactly one argument is a dictionary smaller than
  /// the batch and the others are constant; else null.
  private static Vector overDictionary(
      BoundFunction function, List<Vector> arguments, int rows, Scratch scratch) {
    Vector coded = null;
    for (Vector argument : arguments) {
      if (argument.isDictionary()) {
        if (coded != null) {
          return null;
        }
        coded = argument;
      } else if (!argument.isConstant() || argument.mayHaveNulls()) {
        return null;
      }
    }
    if (coded == null || coded.dictionary().rows() >= rows || coded.dictionary().rows() == 0) {
      return null;
    }
    int distinct = coded.dictionary().rows();
    List<Vector> over = new ArrayList<>(arguments.size());
    for (Vector argument : arguments) {
      over.add(
          argument == coded
              ? coded.dictionary()
              : Vector.constant(argument.type(), distinct, argument.single()));
    }
    Vector values;
    try {
      values = VectorOps.flatten(run(function, over, distinct, scratch), scratch);
    } catch (VarveException e) {
      // The dictionary may hold values that no row has, and only those may be wrong: ask row by
      // row.
      return null;
    }
    if (values.validity() != null) {
      return null;
    }
    return Vector.dictionary(
        function.type(), rows, coded.values(), values.as(function.type()), coded.validity());
  }

  /// Numbers and moments beyond what Java's own classes hold are the user's.
  private static Vector computed(
      BoundFunction function, List<Vector> arguments, int rows, Scratch scratch) {
    try {
      return function.kernel().evaluate(arguments, rows, scratch);
    } catch (DateTimeException | ArithmeticException e) {
      throw new VarveException(
          ErrorCode.ARGUMENT_OUT_OF_BOUND,
          function.name() + ": a value is out of range (" + e.getMessage() + ")",
          e);
    }
  }

  private static Vector run(
      BoundFunction function, List<Vector> arguments, int rows, Scratch scratch) {
    Vector result = computed(function, arguments, rows, scratch);
    if (function.nulls() == Nulls.HANDLE) {
      return typed(result, function.type());
    }
    MemorySegment validity = null;
    for (Vector argument : arguments) {
      if (argument.isConstant()) {
        if (argument.isNull(0)) {
          return VectorOps.nulls(function.type(), rows, scratch);
        }
      } else {
        validity = Validity.and(validity, argument.validity(), rows, scratch);
      }
    }
    if (validity == null) {
      return typed(result, function.type());
    }
    Vector flat = result.isConstant() ? VectorOps.flatten(result, scratch) : result;
    MemorySegment both = Validity.and(validity, flat.validity(), rows, scratch);
    return flat.withValidity(both).as(function.type());
  }

  private static Vector higherOrder(
      Expression.Call call, Expression.Lambda lambda, Batch batch, Scratch scratch) {
    if (!(call.function().kernel() instanceof LambdaKernel kernel)) {
      throw new IllegalStateException(call.function().name() + " takes no lambda");
    }
    List<Vector> arguments = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      if (!(argument instanceof Expression.Lambda)) {
        arguments.add(argument.evaluate(batch, scratch));
      }
    }
    Vector result =
        kernel.evaluate(new LambdaCall(lambda, batch), arguments, batch.rows(), scratch);
    return typed(result, call.function().type());
  }
}
