// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.sql.expression.LambdaCall;
import dev.varve.sql.expression.LambdaKernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// Functions of arrays whose first argument may be a lambda. The lambda runs once over the elements
/// of all rows of a batch.
final class Elementwise {
  private Elementwise() {}

  interface Maker {
    Binding bind(String name, List<Argument> arguments);
  }

  static ScalarFunction lambda(String name, String doc, boolean required, Maker maker) {
    return ScalarFunction.of(
            name,
            name + (required ? "(x -> …, array, …)" : "([x -> …,] array, …)"),
            doc,
            args -> {
              Arguments.count(name, args, required ? 2 : 1, Integer.MAX_VALUE);
              return maker.bind(name, args);
            })
        .handlingNulls()
        .withLambda(others ->
            others.stream()
                .map(t -> t.unwrapped() instanceof DataType.Array(DataType e) ? e : t)
                .toList());
  }

  /// Arrays of a call, flat and of equal lengths row by row, and what the lambda says of their
  /// elements (the elements themselves where there is no lambda).
  record Run(Vector array, Vector value) {
    Vector elements() {
      return array.elements();
    }
  }

  interface Body {
    Vector apply(Run run, int rows, Scratch scratch);
  }

  /// @param hasLambda whether the first argument is one
  static LambdaKernel kernel(String name, boolean hasLambda, Body body) {
    return new LambdaKernel() {
      @Override
      public Vector evaluate(LambdaCall lambda, List<Vector> arguments, int rows, Scratch scratch) {
        return body.apply(run(name, lambda, arguments, rows, scratch), rows, scratch);
      }

      @Override
      public Vector evaluate(List<Vector> arguments, int rows, Scratch scratch) {
        if (hasLambda) {
          throw new VarveException(
              ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
              name + " wants a lambda first, as in " + name + "(x -> x + 1, array)");
        }
        Vector array = compact(VectorOps.flatten(arguments.getFirst(), scratch), rows, scratch);
        return body.apply(new Run(array, array.elements()), rows, scratch);
      }
    };
  }

  private static Run run(
      String name, LambdaCall lambda, List<Vector> arguments, int rows, Scratch scratch) {
    List<Vector> arrays = new ArrayList<>();
    List<Vector> elements = new ArrayList<>();
    for (Vector argument : arguments) {
      Vector array = compact(VectorOps.flatten(argument, scratch), rows, scratch);
      arrays.add(array);
      elements.add(array.elements());
    }
    Vector first = arrays.getFirst();
    for (Vector other : arrays) {
      for (int i = 0; i < rows; i++) {
        if (other.listTo(i) - other.listFrom(i) != first.listTo(i) - first.listFrom(i)) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS, "the arrays of " + name + " must have the same length");
        }
      }
    }
    int total = first.elements().rows();
    int[] rowOf = new int[total];
    for (int i = 0; i < rows; i++) {
      java.util.Arrays.fill(rowOf, first.listFrom(i), first.listTo(i), i);
    }
    Vector value = VectorOps.flatten(lambda.evaluate(rowOf, elements, total, scratch), scratch);
    return new Run(first, value);
  }

  /// The same lists with a child that holds their elements and nothing else, in order.
  static Vector compact(Vector list, int rows, Scratch scratch) {
    int from = rows == 0 ? 0 : list.listFrom(0);
    int to = rows == 0 ? 0 : list.listTo(rows - 1);
    if (from == 0 && to == list.elements().rows()) {
      return list;
    }
    int[] index = new int[rows];
    for (int i = 0; i < rows; i++) {
      index[i] = i;
    }
    return VectorOps.gather(list, index, rows, scratch);
  }

  static boolean hasLambda(List<Argument> args) {
    return !(args.getFirst().plain() instanceof DataType.Array) && args.size() > 1;
  }

  static DataType element(String name, List<Argument> args) {
    return Arrays.element(name, args, hasLambda(args) ? 1 : 0);
  }

  static boolean isTrue(Vector value, int e) {
    return !value.isNull(e)
        && (value.physical().isFloat() ? value.getDouble(e) != 0 : value.getLong(e) != 0);
  }
}
