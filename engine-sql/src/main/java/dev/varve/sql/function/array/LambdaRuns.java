// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;
import java.util.List;

/// Functions that walk along an array: running sums and differences, products, gaps filled, arrays
/// cut where the lambda is true, the last element it is true for.
final class LambdaRuns {
  private LambdaRuns() {}

  static List<ScalarFunction> functions() {
    return List.of(
        Elementwise.lambda("arrayCumSum", "Sums up to each number.", false, LambdaRuns::running),
        Elementwise.lambda(
            "arrayCumSumNonNegative",
            "Sums that never fall below zero.",
            false,
            LambdaRuns::running),
        Elementwise.lambda(
            "arrayDifference", "Each number less the one before it.", false, LambdaRuns::running),
        Elementwise.lambda("arrayProduct", "Product of the numbers.", false, LambdaRuns::product),
        Elementwise.lambda(
            "arrayFill",
            "Elements for which the lambda is false become the one before them.",
            true,
            (n, a) -> fill(n, a, false)),
        Elementwise.lambda(
            "arrayReverseFill",
            "Elements for which the lambda is false become the one behind them.",
            true,
            (n, a) -> fill(n, a, true)),
        Elementwise.lambda(
            "arraySplit",
            "Arrays that begin where the lambda is true.",
            true,
            (n, a) -> split(n, a, false)),
        Elementwise.lambda(
            "arrayReverseSplit",
            "Arrays that end where the lambda is true.",
            true,
            (n, a) -> split(n, a, true)),
        Elementwise.lambda(
            "arrayLast",
            "The last element for which the lambda is true.",
            true,
            (n, a) -> pick(n, a, true, false)),
        Elementwise.lambda(
            "arrayFirstOrNull",
            "The first element for which the lambda is true, or NULL.",
            true,
            (n, a) -> pick(n, a, false, true)),
        Elementwise.lambda(
            "arrayLastOrNull",
            "The last element for which the lambda is true, or NULL.",
            true,
            (n, a) -> pick(n, a, true, true)),
        Elementwise.lambda(
            "arrayLastIndex",
            "Where the lambda is last true, from 1; 0 for nowhere.",
            true,
            LambdaRuns::lastIndex));
  }

  private static DataType value(String name, List<Argument> args) {
    DataType value =
        Elementwise.hasLambda(args) ? args.getFirst().type() : Elementwise.element(name, args);
    if (!Arguments.isNumber(value)) {
      throw Arguments.illegal(name, 0, value, "numbers");
    }
    return value.unwrapped();
  }

  private static Binding running(String name, List<Argument> args) {
    DataType value = value(name, args);
    DataType sum = AggregateStates.of("sum", List.of(), List.of(value)).resultType();
    boolean isFloat = sum instanceof DataType.Float;
    boolean difference = name.equals("arrayDifference");
    DataType result = difference && sum instanceof DataType.Int ? signed(value) : sum;
    DataType type = DataTypes.array(result);
    return new Binding(
        type,
        Elementwise.kernel(
            name,
            Elementwise.hasLambda(args),
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                int from = run.array().listFrom(i);
                int to = run.array().listTo(i);
                if (isFloat) {
                  reals(run.value(), from, to, name, builder.child(0));
                } else {
                  wholes(run.value(), from, to, name, builder.child(0));
                }
                builder.endList();
              }
              return builder.build();
            }));
  }

  private static DataType signed(DataType value) {
    return value instanceof DataType.Int(int bits, boolean _)
        ? new DataType.Int(Math.max(Math.min(64, bits * 2), bits), true)
        : DataTypes.INT16;
  }

  private static void reals(Vector values, int from, int to, String name, VectorBuilder out) {
    double last = 0;
    for (int e = from; e < to; e++) {
      double value = Numeric.doubleOf(values, e);
      if (name.equals("arrayDifference")) {
        out.appendDouble(e == from ? 0 : value - last);
        last = value;
      } else {
        last = name.endsWith("NonNegative") ? Math.max(0, last + value) : last + value;
        out.appendDouble(last);
      }
    }
  }

  private static void wholes(Vector values, int from, int to, String name, VectorBuilder out) {
    BigInteger last = BigInteger.ZERO;
    for (int e = from; e < to; e++) {
      BigInteger value = values.getInteger(e);
      if (name.equals("arrayDifference")) {
        out.appendInteger(e == from ? BigInteger.ZERO : value.subtract(last));
        last = value;
      } else {
        last = last.add(value);
        last = name.endsWith("NonNegative") ? last.max(BigInteger.ZERO) : last;
        out.appendInteger(last);
      }
    }
  }

  private static Binding product(String name, List<Argument> args) {
    value(name, args);
    return new Binding(
        DataTypes.FLOAT64,
        Elementwise.kernel(
            name,
            Elementwise.hasLambda(args),
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(DataTypes.FLOAT64, scratch);
              for (int i = 0; i < rows; i++) {
                double product = 1;
                for (int e = run.array().listFrom(i); e < run.array().listTo(i); e++) {
                  product *= run.value().isNull(e) ? 1 : Numeric.doubleOf(run.value(), e);
                }
                builder.appendDouble(product);
              }
              return builder.build();
            }));
  }

  private static Binding fill(String name, List<Argument> args, boolean backwards) {
    DataType type = DataTypes.array(Elementwise.element(name, args));
    return new Binding(
        type,
        Elementwise.kernel(
            name,
            true,
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                int from = run.array().listFrom(i);
                int size = run.array().listTo(i) - from;
                int[] source = new int[size];
                for (int k = 0; k < size; k++) {
                  int at = backwards ? size - 1 - k : k;
                  int neighbour = backwards ? at + 1 : at - 1;
                  boolean keeps = k == 0 || Elementwise.isTrue(run.value(), from + at);
                  source[at] = keeps ? at : source[neighbour];
                }
                for (int at : source) {
                  builder.child(0).append(run.elements(), from + at);
                }
                builder.endList();
              }
              return builder.build();
            }));
  }

  private static Binding split(String name, List<Argument> args, boolean backwards) {
    DataType type = DataTypes.array(DataTypes.array(Elementwise.element(name, args)));
    return new Binding(
        type,
        Elementwise.kernel(
            name,
            true,
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              VectorBuilder parts = builder.child(0);
              for (int i = 0; i < rows; i++) {
                int from = run.array().listFrom(i);
                int to = run.array().listTo(i);
                for (int e = from; e < to; e++) {
                  if (e > from && Elementwise.isTrue(run.value(), backwards ? e - 1 : e)) {
                    parts.endList();
                  }
                  parts.child(0).append(run.elements(), e);
                }
                if (to > from) {
                  parts.endList();
                }
                builder.endList();
              }
              return builder.build();
            }));
  }

  private static int find(Elementwise.Run run, int row, boolean last) {
    int from = run.array().listFrom(row);
    int to = run.array().listTo(row);
    int e = last ? to - 1 : from;
    while (e >= from && e < to && !Elementwise.isTrue(run.value(), e)) {
      e += last ? -1 : 1;
    }
    return e >= from && e < to ? e : -1;
  }

  private static Binding pick(String name, List<Argument> args, boolean last, boolean orNull) {
    DataType element = Elementwise.element(name, args);
    DataType type = orNull ? DataTypes.nullable(element) : element;
    return new Binding(
        type,
        Elementwise.kernel(
            name,
            true,
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                int found = find(run, i, last);
                if (found >= 0) {
                  builder.append(run.elements(), found);
                } else {
                  builder.appendDefault();
                }
              }
              return builder.build();
            }));
  }

  private static Binding lastIndex(String name, List<Argument> args) {
    Elementwise.element(name, args);
    return new Binding(
        DataTypes.UINT32,
        Elementwise.kernel(
            name,
            true,
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(DataTypes.UINT32, scratch);
              for (int i = 0; i < rows; i++) {
                int found = find(run, i, true);
                builder.appendLong(found < 0 ? 0 : found - run.array().listFrom(i) + 1);
              }
              return builder.build();
            }));
  }
}
