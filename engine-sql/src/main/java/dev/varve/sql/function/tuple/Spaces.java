// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.tuple;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// Tuples and arrays of numbers as vectors: norms, distances, the scalar product.
public final class Spaces {
  private Spaces() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    for (String space : List.of("L1", "L2", "L2Squared", "Linf", "Lp")) {
      all.add(norm(space).alias("norm" + space));
      all.add(distance(space).alias("distance" + space));
      if (!space.equals("L2Squared")) {
        all.add(normalize(space).alias("normalize" + space));
      }
    }
    all.add(
        Declared.bound(
                "cosineDistance(a Any, b Any)",
                "1 less the cosine of the angle between two vectors.",
                args ->
                    pairs(
                        "cosineDistance",
                        args,
                        (x, y, _) -> 1 - dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))))
            .alias("distanceCosine"));
    all.add(dotProduct().alias("scalarProduct", "arrayDotProduct"));
    return all;
  }

  static ScalarFunction dotProduct() {
    return Declared.bound(
        "dotProduct(a Any, b Any)",
        "The sum of products of the places of two vectors.",
        Spaces::dotProduct);
  }

  private static Binding dotProduct(List<Argument> args) {
    List<DataType> types = new ArrayList<>();
    types.addAll(numbers("dotProduct", args, 0));
    types.addAll(numbers("dotProduct", args, 1));
    boolean whole = types.stream().allMatch(Arguments::isInteger);
    if (!whole) {
      return pairs("dotProduct", args, (x, y, _) -> dot(x, y));
    }
    boolean signed =
        types.stream().anyMatch(t -> t.unwrapped() instanceof DataType.Int i && i.signed());
    return RowBinding.of(
        new DataType.Int(64, signed),
        (v, row, to) -> {
          Places a = Places.of(v.get(0), row);
          Places b = Places.of(v.get(1), row);
          requireSame("dotProduct", a.size(), b.size());
          java.math.BigInteger sum = java.math.BigInteger.ZERO;
          for (int i = 0; i < a.size(); i++) {
            sum =
                sum.add(
                    a.vector(i).getInteger(a.row(i)).multiply(b.vector(i).getInteger(b.row(i))));
          }
          to.appendLong(sum.longValue());
        });
  }

  /// Where the numbers of a tuple or array lie.
  private record Places(Vector list, int from, int size, int row0) {
    static Places of(Vector vector, int row) {
      return vector.type().unwrapped() instanceof DataType.Tuple
          ? new Places(vector, -1, vector.children().size(), row)
          : new Places(
              vector, vector.listFrom(row), vector.listTo(row) - vector.listFrom(row), row);
    }

    Vector vector(int index) {
      return from < 0 ? list.children().get(index) : list.elements();
    }

    int row(int index) {
      return from < 0 ? row0 : from + index;
    }

    double[] reals() {
      double[] reals = new double[size];
      for (int i = 0; i < size; i++) {
        reals[i] = Numeric.doubleOf(vector(i), row(i));
      }
      return reals;
    }
  }

  private static List<DataType> numbers(String name, List<Argument> args, int index) {
    List<DataType> types =
        switch (args.get(index).plain()) {
          case DataType.Tuple tuple -> tuple.fields();
          case DataType.Array(DataType element) -> List.of(element);
          default -> List.of(DataTypes.STRING);
        };
    if (!types.stream().allMatch(Arguments::isNumber)) {
      throw Arguments.illegal(
          name, index, args.get(index).type(), "a tuple or an array of numbers");
    }
    return types;
  }

  private static void requireSame(String name, int a, int b) {
    if (a != b) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          name + " takes vectors of one size, found " + a + " and " + b + " places");
    }
  }

  private interface Measure {
    double of(double[] x, double[] y, double p);
  }

  private static Binding pairs(String name, List<Argument> args, Measure measure) {
    numbers(name, args, 0);
    numbers(name, args, 1);
    return RowBinding.of(
        DataTypes.FLOAT64,
        (v, row, to) -> {
          double[] x = Places.of(v.get(0), row).reals();
          double[] y = Places.of(v.get(1), row).reals();
          requireSame(name, x.length, y.length);
          to.appendDouble(measure.of(x, y, v.size() > 2 ? Numeric.doubleOf(v.get(2), row) : 0));
        });
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static double length(String space, double[] x, double p) {
    double sum = 0;
    for (double value : x) {
      double size = Math.abs(value);
      switch (space) {
        case "L1" -> sum += size;
        case "Linf" -> sum = Math.max(sum, size);
        case "Lp" -> sum += Math.pow(size, p);
        default -> sum += size * size;
      }
    }
    return switch (space) {
      case "L2" -> Math.sqrt(sum);
      case "Lp" -> Math.pow(sum, 1 / p);
      default -> sum;
    };
  }

  private static String power(String space) {
    return space.equals("Lp") ? ", p Number" : "";
  }

  private static ScalarFunction norm(String space) {
    String name = space + "Norm";
    return Declared.bound(
        name + "(vector Any" + power(space) + ")",
        "The length of a vector by the measure " + space + ".",
        args -> {
          numbers(name, args, 0);
          return RowBinding.of(
              DataTypes.FLOAT64,
              (v, row, to) ->
                  to.appendDouble(
                      length(
                          space,
                          Places.of(v.getFirst(), row).reals(),
                          v.size() > 1 ? Numeric.doubleOf(v.get(1), row) : 0)));
        });
  }

  private static ScalarFunction distance(String space) {
    String name = space + "Distance";
    return Declared.bound(
        name + "(a Any, b Any" + power(space) + ")",
        "How far two vectors are apart by the measure " + space + ".",
        args ->
            pairs(
                name,
                args,
                (x, y, p) -> {
                  double[] between = new double[x.length];
                  for (int i = 0; i < x.length; i++) {
                    between[i] = x[i] - y[i];
                  }
                  return length(space, between, p);
                }));
  }

  private static ScalarFunction normalize(String space) {
    String name = space + "Normalize";
    return Declared.bound(
        name + "(vector Any" + power(space) + ")",
        "The vector of length 1 in the same direction, by the measure " + space + ".",
        args -> {
          List<DataType> fields = numbers(name, args, 0);
          boolean isTuple = args.getFirst().plain() instanceof DataType.Tuple;
          DataType type =
              isTuple
                  ? new DataType.Tuple(
                      List.of(), java.util.Collections.nCopies(fields.size(), DataTypes.FLOAT64))
                  : DataTypes.array(DataTypes.FLOAT64);
          return RowBinding.of(
              type,
              (v, row, to) -> {
                double[] x = Places.of(v.getFirst(), row).reals();
                double length =
                    length(space, x, v.size() > 1 ? Numeric.doubleOf(v.get(1), row) : 0);
                for (int i = 0; i < x.length; i++) {
                  to.child(isTuple ? i : 0).appendDouble(x[i] / length);
                }
                if (isTuple) {
                  to.endStruct();
                } else {
                  to.endList();
                }
              });
        });
  }
}
