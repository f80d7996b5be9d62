// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.function.conversion.Conversion;
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
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Arrays made of a value, shifted, turned, and scores measured against labels.
final class ArrayMoves {
  private static final int MOST = 1 << 24;

  private ArrayMoves() {}

  static List<ScalarFunction> functions(Function<List<DataType>, DataType> commonType) {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(
        Declared.bound(
                "arrayWithConstant(size Int, x Any)",
                "An array of x so many times.",
                args ->
                    RowBinding.ofAll(
                        DataTypes.array(args.get(1).type()),
                        (v, row, to) -> times(v.get(0).getLong(row), v.get(1), row, to)))
            .handlingNulls());
    all.add(
        Declared.bound(
                "replicate(x Any, array Array, …)",
                "An array of x as long as the array.",
                args ->
                    RowBinding.ofAll(
                        DataTypes.array(args.get(0).type()),
                        (v, row, to) ->
                            times(
                                (long) v.get(1).listTo(row) - v.get(1).listFrom(row),
                                v.get(0),
                                row,
                                to)))
            .handlingNulls());
    all.add(shift("arrayShiftLeft", 1, commonType));
    all.add(shift("arrayShiftRight", -1, commonType));
    all.add(sortedPart("arrayPartialSort", 1));
    all.add(sortedPart("arrayPartialReverseSort", -1));
    all.add(
        Declared.bound(
            "arrayElementOrNull(array Array, n Int)",
            "An element, 1 is the first and -1 the last; NULL where there is none.",
            ArrayMoves::elementOrNull));
    all.add(
        Declared.bound(
            "arrayZipUnaligned(array Array, …)",
            "Tuples of elements; NULL where an array is shorter.",
            ArrayMoves::zip));
    all.add(
        Declared.bound(
            "arrayShingles(array Array, length Int)",
            "All stretches of so many elements.",
            ArrayMoves::shingles));
    all.add(
        Declared.bound(
            "arrayTranspose(arrays Array)",
            "Columns of an array of arrays as arrays.",
            ArrayMoves::transpose));
    for (String name :
        List.of(
            "Int8",
            "Int16",
            "Int32",
            "Int64",
            "UInt8",
            "UInt16",
            "UInt32",
            "UInt64",
            "Float32",
            "Float64",
            "Date",
            "DateTime",
            "String")) {
      DataType type = DataTypes.array(DataTypes.parse(name));
      all.add(
          Declared.bound(
              "emptyArray" + name + "()",
              "An empty array.",
              _ -> RowBinding.ofAll(type, (_, _, to) -> to.endList())));
    }
    all.add(
        Declared.bound(
            "emptyArrayToSingle(array Array)",
            "The array, or one default value for an empty one.",
            args ->
                RowBinding.of(
                    args.getFirst().plain(),
                    (v, row, to) -> {
                      if (v.getFirst().listFrom(row) == v.getFirst().listTo(row)) {
                        to.child(0).appendDefault();
                        to.endList();
                      } else {
                        to.append(v.getFirst(), row);
                      }
                    })));
    all.add(
        Declared.rows(
                "arrayROCAUC(scores Array, labels Array)",
                "Area under the curve of a classifier's true and false positives.",
                DataTypes.FLOAT64,
                (v, row, to) ->
                    to.appendDouble(Ranking.roc(reals(v.get(0), row), reals(v.get(1), row))))
            .alias("arrayAUC"));
    all.add(
        Declared.rows(
                "arrayAUCPR(scores Array, labels Array)",
                "Area under the curve of a classifier's precision and recall.",
                DataTypes.FLOAT64,
                (v, row, to) ->
                    to.appendDouble(
                        Ranking.precisionRecall(reals(v.get(0), row), reals(v.get(1), row))))
            .alias("arrayPRAUC"));
    return all;
  }

  static double[] reals(Vector list, int row) {
    int from = list.listFrom(row);
    double[] reals = new double[list.listTo(row) - from];
    if (reals.length > 0 && !Arguments.isNumber(list.elements().type())) {
      throw new VarveException(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          "an array of numbers is wanted, found " + list.type().name());
    }
    for (int e = 0; e < reals.length; e++) {
      reals[e] = Numeric.doubleOf(list.elements(), from + e);
    }
    return reals;
  }

  private static void times(long size, Vector value, int row, VectorBuilder to) {
    if (size < 0 || size > MOST) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "an array of " + size + " elements is asked for");
    }
    for (long i = 0; i < size; i++) {
      to.child(0).append(value, row);
    }
    to.endList();
  }

  private static ScalarFunction shift(
      String name, int sign, Function<List<DataType>, DataType> commonType) {
    return Declared.bound(
            name + "(array Array, n Int[, filler Any])",
            "The elements moved by n places, with the filler where they were.",
            args -> {
              DataType element = ((DataType.Array) args.getFirst().plain()).element();
              DataType wide =
                  args.size() < 3
                      ? element
                      : commonType.apply(List.of(element, args.get(2).type()));
              DataType type = DataTypes.array(wide);
              return new Binding(
                  type,
                  (v, rows, scratch) -> {
                    Vector lists =
                        dev.varve.storage.vector.VectorOps.flatten(
                            converted(v.getFirst(), type, rows, scratch), scratch);
                    Vector filler = v.size() < 3 ? null : converted(v.get(2), wide, rows, scratch);
                    VectorBuilder builder = new VectorBuilder(type, scratch);
                    for (int i = 0; i < rows; i++) {
                      int from = lists.listFrom(i);
                      // By NULL places there is nothing to move.
                      int size = v.get(1).isNull(i) ? 0 : lists.listTo(i) - from;
                      for (int e = 0; e < size; e++) {
                        long at = e + sign * v.get(1).getLong(i);
                        if (at >= 0 && at < size) {
                          builder.child(0).append(lists.elements(), from + (int) at);
                        } else if (filler != null) {
                          builder.child(0).append(filler, i);
                        } else {
                          builder.child(0).appendDefault();
                        }
                      }
                      builder.endList();
                    }
                    return builder.build();
                  });
            })
        .handlingNulls();
  }

  static Vector converted(
      Vector vector, DataType to, int rows, dev.varve.storage.vector.Scratch scratch) {
    return vector.type().equals(to)
        ? vector
        : Conversion.cast(vector.type(), to).evaluate(List.of(vector), rows, scratch);
  }

  private static ScalarFunction sortedPart(String name, int sign) {
    return Declared.bound(
        name + "(most Int, array Array)",
        "The array with its first elements in order.",
        args ->
            RowBinding.of(
                args.get(1).plain(),
                (v, row, to) -> {
                  Vector list = v.get(1);
                  List<Integer> order = new ArrayList<>();
                  for (int e = list.listFrom(row); e < list.listTo(row); e++) {
                    order.add(e);
                  }
                  Vector elements = list.elements();
                  order.sort((p, q) -> sign * ValueOrder.compare(elements, p, elements, q));
                  order.forEach(e -> to.child(0).append(elements, e));
                  to.endList();
                }));
  }

  private static Binding elementOrNull(List<Argument> args) {
    DataType element = ((DataType.Array) args.getFirst().plain()).element();
    return RowBinding.of(
        DataTypes.nullable(element),
        (v, row, to) -> {
          Vector list = v.getFirst();
          long n = v.get(1).getLong(row);
          int size = list.listTo(row) - list.listFrom(row);
          long at = n > 0 ? n - 1 : size + n;
          if (n != 0 && at >= 0 && at < size) {
            to.append(list.elements(), list.listFrom(row) + (int) at);
          } else {
            to.appendNull();
          }
        });
  }

  private static Binding zip(List<Argument> args) {
    List<DataType> fields = new ArrayList<>();
    for (Argument argument : args) {
      fields.add(DataTypes.nullable(((DataType.Array) argument.plain()).element()));
    }
    return RowBinding.of(
        DataTypes.array(new DataType.Tuple(List.of(), fields)),
        (v, row, to) -> {
          int longest = 0;
          for (Vector list : v) {
            longest = Math.max(longest, list.listTo(row) - list.listFrom(row));
          }
          for (int e = 0; e < longest; e++) {
            for (int f = 0; f < v.size(); f++) {
              Vector list = v.get(f);
              if (list.listFrom(row) + e < list.listTo(row)) {
                to.child(0).child(f).append(list.elements(), list.listFrom(row) + e);
              } else {
                to.child(0).child(f).appendNull();
              }
            }
            to.child(0).endStruct();
          }
          to.endList();
        });
  }

  private static Binding shingles(List<Argument> args) {
    return RowBinding.of(
        DataTypes.array(args.getFirst().plain()),
        (v, row, to) -> {
          Vector list = v.getFirst();
          long length = v.get(1).getLong(row);
          int from = list.listFrom(row);
          int to1 = list.listTo(row);
          if (length < 1 || length > to1 - from) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "arrayShingles wants a length from 1 to that of the array, found " + length);
          }
          for (int start = from; start + length <= to1; start++) {
            for (int e = start; e < start + length; e++) {
              to.child(0).child(0).append(list.elements(), e);
            }
            to.child(0).endList();
          }
          to.endList();
        });
  }

  private static Binding transpose(List<Argument> args) {
    if (!(Arrays.element("arrayTranspose", args, 0) instanceof DataType.Array)) {
      throw Arguments.illegal("arrayTranspose", 0, args.getFirst().type(), "an array of arrays");
    }
    return RowBinding.of(
        args.getFirst().plain(),
        (v, row, to) -> {
          Vector outer = v.getFirst();
          Vector inner = outer.elements();
          int from = outer.listFrom(row);
          int to1 = outer.listTo(row);
          int width = from == to1 ? 0 : inner.listTo(from) - inner.listFrom(from);
          for (int c = 0; c < width; c++) {
            for (int r = from; r < to1; r++) {
              if (inner.listTo(r) - inner.listFrom(r) != width) {
                throw new VarveException(
                    ErrorCode.BAD_ARGUMENTS, "arrayTranspose wants arrays of one length");
              }
              to.child(0).child(0).append(inner.elements(), inner.listFrom(r) + c);
            }
            to.child(0).endList();
          }
          to.endList();
        });
  }
}
