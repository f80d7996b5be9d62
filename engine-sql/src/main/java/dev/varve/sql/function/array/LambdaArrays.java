// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.sql.expression.LambdaCall;
import dev.varve.sql.expression.LambdaKernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.sql.function.number.ValueOrder;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Functions of arrays that may take a lambda first: `arrayMap`, `arrayFilter`, `arraySum`, … The
/// lambda runs once over the elements of all rows of a batch.
public final class LambdaArrays {
  private LambdaArrays() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        lambda("arrayMap", "Each element through the lambda.", true, LambdaArrays::map),
        lambda(
            "arrayFilter",
            "The elements for which the lambda is true.",
            true,
            LambdaArrays::filter),
        lambda(
            "arrayExists",
            "Whether the lambda is true for an element.",
            false,
            (n, a) -> count(n, a, Tally.ANY)),
        lambda(
            "arrayAll",
            "Whether the lambda is true for all elements.",
            false,
            (n, a) -> count(n, a, Tally.ALL)),
        lambda(
            "arrayCount",
            "How many elements the lambda is true for.",
            false,
            (n, a) -> count(n, a, Tally.COUNT)),
        lambda(
            "arrayFirst",
            "The first element for which the lambda is true.",
            true,
            LambdaArrays::first),
        lambda(
            "arrayFirstIndex",
            "Where the lambda is first true, from 1; 0 for nowhere.",
            true,
            (n, a) -> count(n, a, Tally.INDEX)),
        lambda("arraySum", "Sum of the elements.", false, (n, a) -> fold(n, a, Fold.SUM)),
        lambda("arrayMin", "Least element.", false, (n, a) -> fold(n, a, Fold.MIN)),
        lambda("arrayMax", "Greatest element.", false, (n, a) -> fold(n, a, Fold.MAX)),
        lambda("arrayAvg", "Mean of the elements.", false, (n, a) -> fold(n, a, Fold.AVG)),
        lambda(
            "arraySort",
            "The elements in rising order of the lambda's value.",
            false,
            (n, a) -> sort(n, a, 1)),
        lambda(
            "arrayReverseSort",
            "The elements in falling order of the lambda's value.",
            false,
            (n, a) -> sort(n, a, -1)));
  }

  private interface Maker {
    Binding bind(String name, List<Argument> arguments);
  }

  private static ScalarFunction lambda(String name, String doc, boolean required, Maker maker) {
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
  private record Run(Vector array, Vector value) {
    Vector elements() {
      return array.elements();
    }
  }

  private interface Body {
    Vector apply(Run run, int rows, Scratch scratch);
  }

  /// @param hasLambda whether the first argument is one
  private static LambdaKernel kernel(String name, boolean hasLambda, Body body) {
    return new LambdaKernel() {
      @Override
      public Vector evaluate(LambdaCall lambda, List<Vector> arguments, int rows, Scratch scratch) {
        return body.apply(LambdaArrays.run(name, lambda, arguments, rows, scratch), rows, scratch);
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
  private static Vector compact(Vector list, int rows, Scratch scratch) {
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

  private static boolean hasLambda(List<Argument> args) {
    return !(args.getFirst().plain() instanceof DataType.Array) && args.size() > 1;
  }

  private static DataType element(String name, List<Argument> args) {
    return Arrays.element(name, args, hasLambda(args) ? 1 : 0);
  }

  private static Binding map(String name, List<Argument> args) {
    element(name, args);
    DataType type = DataTypes.array(args.getFirst().type());
    return new Binding(
        type,
        kernel(
            name,
            true,
            (run, rows, _) -> Vector.list(type, rows, run.array.offsets(), run.value, null)));
  }

  private static boolean isTrue(Vector value, int e) {
    return !value.isNull(e)
        && (value.physical().isFloat() ? value.getDouble(e) != 0 : value.getLong(e) != 0);
  }

  private static Binding filter(String name, List<Argument> args) {
    DataType type = DataTypes.array(element(name, args));
    return new Binding(
        type,
        kernel(
            name,
            true,
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                for (int e = run.array.listFrom(i); e < run.array.listTo(i); e++) {
                  if (isTrue(run.value, e)) {
                    builder.child(0).append(run.elements(), e);
                  }
                }
                builder.endList();
              }
              return builder.build();
            }));
  }

  private static Binding first(String name, List<Argument> args) {
    DataType type = element(name, args);
    return new Binding(
        type,
        kernel(
            name,
            true,
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                int e = run.array.listFrom(i);
                while (e < run.array.listTo(i) && !isTrue(run.value, e)) {
                  e++;
                }
                if (e < run.array.listTo(i)) {
                  builder.append(run.elements(), e);
                } else {
                  builder.appendDefault();
                }
              }
              return builder.build();
            }));
  }

  private enum Tally {
    ANY,
    ALL,
    COUNT,
    INDEX
  }

  private static Binding count(String name, List<Argument> args, Tally tally) {
    element(name, args);
    DataType type = tally == Tally.ANY || tally == Tally.ALL ? DataTypes.BOOL : DataTypes.UINT32;
    return new Binding(
        type,
        kernel(
            name,
            hasLambda(args),
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                int from = run.array.listFrom(i);
                int to = run.array.listTo(i);
                int holds = 0;
                int index = 0;
                for (int e = from; e < to; e++) {
                  if (isTrue(run.value, e)) {
                    index = index == 0 ? e - from + 1 : index;
                    holds++;
                  }
                }
                builder.appendLong(
                    switch (tally) {
                      case ANY -> holds > 0 ? 1 : 0;
                      case ALL -> holds == to - from ? 1 : 0;
                      case COUNT -> holds;
                      case INDEX -> index;
                    });
              }
              return builder.build();
            }));
  }

  private enum Fold {
    SUM,
    MIN,
    MAX,
    AVG
  }

  private static Binding fold(String name, List<Argument> args, Fold fold) {
    DataType value = hasLambda(args) ? args.getFirst().type() : element(name, args);
    DataType plain = value.unwrapped();
    DataType type =
        switch (fold) {
          case MIN, MAX -> plain;
          case AVG -> DataTypes.FLOAT64;
          case SUM ->
              switch (plain) {
                case DataType.Int(int bits, boolean signed) ->
                    new DataType.Int(Math.max(64, bits), signed);
                case DataType.Bool _ -> DataTypes.UINT64;
                case DataType.Decimal(int precision, int scale) ->
                    new DataType.Decimal(precision <= 38 ? 38 : 76, scale);
                default -> DataTypes.FLOAT64;
              };
        };
    if ((fold == Fold.SUM || fold == Fold.AVG) && !Arguments.isNumber(plain)) {
      throw Arguments.illegal(name, 0, value, "numbers");
    }
    return new Binding(
        type,
        kernel(
            name,
            hasLambda(args),
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                int from = run.array.listFrom(i);
                int to = run.array.listTo(i);
                if (fold == Fold.MIN || fold == Fold.MAX) {
                  extreme(builder, run.value, from, to, fold == Fold.MAX);
                } else {
                  sum(builder, run.value, from, to, type, fold == Fold.AVG);
                }
              }
              return builder.build();
            }));
  }

  private static void extreme(
      VectorBuilder builder, Vector value, int from, int to, boolean greatest) {
    int best = -1;
    for (int e = from; e < to; e++) {
      if (value.isNull(e)) {
        continue;
      }
      int order = best < 0 ? 0 : ValueOrder.compare(value, e, value, best);
      best = best < 0 || (greatest ? order > 0 : order < 0) ? e : best;
    }
    if (best < 0) {
      builder.appendDefault();
    } else {
      builder.append(value, best);
    }
  }

  private static void sum(
      VectorBuilder builder, Vector value, int from, int to, DataType type, boolean mean) {
    BigInteger exact = BigInteger.ZERO;
    double inexact = 0;
    int count = 0;
    for (int e = from; e < to; e++) {
      if (value.isNull(e)) {
        continue;
      }
      count++;
      if (value.physical().isFloat()) {
        inexact += value.getDouble(e);
      } else {
        exact = exact.add(value.getInteger(e));
      }
    }
    if (mean) {
      int scale = value.type().unwrapped() instanceof DataType.Decimal d ? d.scale() : 0;
      double total = inexact + exact.doubleValue() / Math.pow(10, scale);
      builder.appendDouble(total / count);
    } else if (type instanceof DataType.Float) {
      builder.appendDouble(inexact);
    } else {
      builder.appendInteger(exact);
    }
  }

  private static Binding sort(String name, List<Argument> args, int sign) {
    DataType type = DataTypes.array(element(name, args));
    return new Binding(
        type,
        kernel(
            name,
            hasLambda(args),
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                List<Integer> order = new ArrayList<>();
                for (int e = run.array.listFrom(i); e < run.array.listTo(i); e++) {
                  order.add(e);
                }
                order.sort((p, q) -> sign * ValueOrder.compare(run.value, p, run.value, q));
                for (int e : order) {
                  builder.child(0).append(run.elements(), e);
                }
                builder.endList();
              }
              return builder.build();
            }));
  }
}
