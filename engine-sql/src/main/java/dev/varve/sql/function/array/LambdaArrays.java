// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Functions of arrays that may take a lambda first: `arrayMap`, `arrayFilter`, `arraySum`, … The
/// lambda runs once over the elements of all rows of a batch.
public final class LambdaArrays {
  /// A sort looks after so many comparisons, a power of two less one, whether it is to end.
  private static final int COMPARISONS = (1 << 16) - 1;

  private LambdaArrays() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Elementwise.lambda("arrayMap", "Each element through the lambda.", true, LambdaArrays::map),
        Elementwise.lambda(
            "arrayFilter",
            "The elements for which the lambda is true.",
            true,
            LambdaArrays::filter),
        Elementwise.lambda(
            "arrayExists",
            "Whether the lambda is true for an element.",
            false,
            (n, a) -> count(n, a, Tally.ANY)),
        Elementwise.lambda(
            "arrayAll",
            "Whether the lambda is true for all elements.",
            false,
            (n, a) -> count(n, a, Tally.ALL)),
        Elementwise.lambda(
            "arrayCount",
            "How many elements the lambda is true for.",
            false,
            (n, a) -> count(n, a, Tally.COUNT)),
        Elementwise.lambda(
            "arrayFirst",
            "The first element for which the lambda is true.",
            true,
            LambdaArrays::first),
        Elementwise.lambda(
            "arrayFirstIndex",
            "Where the lambda is first true, from 1; 0 for nowhere.",
            true,
            (n, a) -> count(n, a, Tally.INDEX)),
        Elementwise.lambda(
            "arraySum", "Sum of the elements.", false, (n, a) -> fold(n, a, Fold.SUM)),
        Elementwise.lambda("arrayMin", "Least element.", false, (n, a) -> fold(n, a, Fold.MIN)),
        Elementwise.lambda("arrayMax", "Greatest element.", false, (n, a) -> fold(n, a, Fold.MAX)),
        Elementwise.lambda(
            "arrayAvg", "Mean of the elements.", false, (n, a) -> fold(n, a, Fold.AVG)),
        Elementwise.lambda(
            "arraySort",
            "The elements in rising order of the lambda's value.",
            false,
            (n, a) -> sort(n, a, 1)),
        Elementwise.lambda(
            "arrayReverseSort",
            "The elements in falling order of the lambda's value.",
            false,
            (n, a) -> sort(n, a, -1)));
  }

  private static Binding map(String name, List<Argument> args) {
    Elementwise.element(name, args);
    DataType type = DataTypes.array(args.getFirst().type());
    return new Binding(
        type,
        Elementwise.kernel(
            name,
            true,
            (run, rows, _) -> Vector.list(type, rows, run.array().offsets(), run.value(), null)));
  }

  private static Binding filter(String name, List<Argument> args) {
    DataType type = DataTypes.array(Elementwise.element(name, args));
    return new Binding(
        type,
        Elementwise.kernel(
            name,
            true,
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                for (int e = run.array().listFrom(i); e < run.array().listTo(i); e++) {
                  if (Elementwise.isTrue(run.value(), e)) {
                    builder.child(0).append(run.elements(), e);
                  }
                }
                builder.endList();
              }
              return builder.build();
            }));
  }

  private static Binding first(String name, List<Argument> args) {
    DataType type = Elementwise.element(name, args);
    return new Binding(
        type,
        Elementwise.kernel(
            name,
            true,
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                int e = run.array().listFrom(i);
                while (e < run.array().listTo(i) && !Elementwise.isTrue(run.value(), e)) {
                  e++;
                }
                if (e < run.array().listTo(i)) {
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
    Elementwise.element(name, args);
    DataType type = tally == Tally.ANY || tally == Tally.ALL ? DataTypes.BOOL : DataTypes.UINT32;
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
                int holds = 0;
                int index = 0;
                for (int e = from; e < to; e++) {
                  if (Elementwise.isTrue(run.value(), e)) {
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
    DataType value =
        Elementwise.hasLambda(args) ? args.getFirst().type() : Elementwise.element(name, args);
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
        Elementwise.kernel(
            name,
            Elementwise.hasLambda(args),
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                int from = run.array().listFrom(i);
                int to = run.array().listTo(i);
                if (fold == Fold.MIN || fold == Fold.MAX) {
                  extreme(builder, run.value(), from, to, fold == Fold.MAX);
                } else {
                  sum(builder, run.value(), from, to, type, fold == Fold.AVG);
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
    DataType type = DataTypes.array(Elementwise.element(name, args));
    return new Binding(
        type,
        Elementwise.kernel(
            name,
            Elementwise.hasLambda(args),
            (run, rows, scratch) -> {
              VectorBuilder builder = new VectorBuilder(type, scratch);
              for (int i = 0; i < rows; i++) {
                List<Integer> order = new ArrayList<>();
                for (int e = run.array().listFrom(i); e < run.array().listTo(i); e++) {
                  order.add(e);
                }
                int[] compared = {0};
                order.sort((p, q) -> {
                  if ((++compared[0] & COMPARISONS) == 0) {
                    scratch.check();
                  }
                  return compare(run.value(), p, q, sign);
                });
                for (int e : order) {
                  builder.child(0).append(run.elements(), e);
                }
                builder.endList();
              }
              return builder.build();
            }));
  }

  // NaN and NULL come last in either direction.
  private static int compare(Vector values, int p, int q, int sign) {
    boolean pLast = values.isNull(p) || isNan(values, p);
    boolean qLast = values.isNull(q) || isNan(values, q);
    int order = ValueOrder.compare(values, p, values, q);
    return pLast || qLast ? order : sign * order;
  }

  private static boolean isNan(Vector values, int row) {
    return values.physical().isFloat() && Double.isNaN(values.getDouble(row));
  }
}
