// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.logic;

import dev.varve.merge.aggregate.HeapValue;
import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Values chosen by others: `transform` by a table, `neighbor` and `runningDifference` by the row
/// before in the batch at hand, `clamp` by bounds.
public final class Choices {
  private Choices() {}

  /// @param commonType the registry's rule for the type that holds several
  public static List<ScalarFunction> functions(Function<List<DataType>, DataType> commonType) {
    return List.of(
        Declared.bound(
                "transform(x Any, from Array, to Array[, otherwise Any])",
                "The value of `to` in the place that x has in `from`; x itself, or the other value,"
                    + " where it has none.",
                args -> transform(args, commonType))
            .handlingNulls(),
        Declared.bound(
                "neighbor(x Any, offset Int[, otherwise Any])",
                "x of the row so many rows on in the batch at hand.",
                args -> neighbor(args, commonType))
            .handlingNulls()
            .that(Stability.VOLATILE),
        difference("runningDifference", false),
        difference("runningDifferenceStartingWithFirstValue", true),
        Declared.bound(
            "clamp(x Any, low Any, high Any)",
            "x, or the bound that it is beyond.",
            args -> clamp(args, commonType)),
        distinct(
            "isDistinctFrom", "Whether a and b differ, where NULL equals NULL.", true, commonType),
        distinct(
            "isNotDistinctFrom", "Whether a equals b, where NULL equals NULL.", false, commonType),
        Declared.bound(
                "isZeroOrNull(x Number)",
                "Whether x is 0 or NULL.",
                _ ->
                    RowBinding.ofAll(
                        DataTypes.UINT8,
                        (v, row, to) ->
                            to.appendLong(
                                v.getFirst().isNull(row)
                                        || dev.varve.merge.aggregate.Numeric.doubleOf(
                                                v.getFirst(), row)
                                            == 0
                                    ? 1
                                    : 0)))
            .handlingNulls(),
        Declared.bound(
                "isNullable(x Any)",
                "Whether x's type holds NULL.",
                args ->
                    RowBinding.ofAll(
                        DataTypes.UINT8,
                        (_, _, to) -> to.appendLong(args.getFirst().type().isNullable() ? 1 : 0)))
            .handlingNulls());
  }

  private static ScalarFunction distinct(
      String name, String doc, boolean differ, Function<List<DataType>, DataType> commonType) {
    return Declared.bound(
            name + "(a Any, b Any)",
            doc,
            args -> {
              DataType common =
                  DataTypes.nullable(
                      commonType.apply(List.of(args.get(0).type(), args.get(1).type())));
              return new Binding(
                  DataTypes.BOOL,
                  (v, rows, scratch) -> {
                    Vector a = cast(v.get(0), common, rows, scratch);
                    Vector b = cast(v.get(1), common, rows, scratch);
                    VectorBuilder builder = new VectorBuilder(DataTypes.BOOL, scratch);
                    for (int i = 0; i < rows; i++) {
                      boolean equal =
                          a.isNull(i) || b.isNull(i)
                              ? a.isNull(i) && b.isNull(i)
                              : ValueOrder.compare(a, i, b, i) == 0;
                      builder.appendLong(equal != differ ? 1 : 0);
                    }
                    return builder.build();
                  });
            })
        .handlingNulls();
  }

  private static Vector cast(Vector vector, DataType to, int rows, Scratch scratch) {
    return vector.type().equals(to)
        ? vector
        : (to.isNullable()
                ? Conversion.cast(vector.type(), to)
                : Conversion.plain(vector.type(), to))
            .evaluate(List.of(vector), rows, scratch);
  }

  private static DataType element(List<Argument> args, int index) {
    return ((DataType.Array) args.get(index).plain()).element();
  }

  private static Binding transform(
      List<Argument> args, Function<List<DataType>, DataType> commonType) {
    DataType key =
        DataTypes.nullable(commonType.apply(List.of(args.getFirst().type(), element(args, 1))));
    DataType otherwise = args.get(args.size() > 3 ? 3 : 0).type();
    DataType type = commonType.apply(List.of(element(args, 2), otherwise));
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector x = cast(v.getFirst(), key, rows, scratch);
          Vector rest = cast(v.get(v.size() > 3 ? 3 : 0), type, rows, scratch);
          Vector from = VectorOps.flatten(v.get(1), scratch);
          Vector to = VectorOps.flatten(v.get(2), scratch);
          Vector keys = cast(from.elements(), key, from.elements().rows(), scratch);
          Vector values = cast(to.elements(), type, to.elements().rows(), scratch);
          boolean constant = v.get(1).isConstant();
          Map<HeapValue, Integer> places = new HashMap<>();
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            if (i == 0 || !constant) {
              places.clear();
              for (int e = from.listFrom(i); e < from.listTo(i); e++) {
                places.putIfAbsent(HeapValue.of(keys, e, key), e - from.listFrom(i));
              }
            }
            Integer place = places.get(HeapValue.of(x, i, key));
            if (place != null && to.listFrom(i) + place < to.listTo(i)) {
              builder.append(values, to.listFrom(i) + place);
            } else {
              builder.append(rest, i);
            }
          }
          return builder.build();
        });
  }

  private static Binding neighbor(
      List<Argument> args, Function<List<DataType>, DataType> commonType) {
    DataType type =
        args.size() < 3
            ? args.getFirst().type()
            : commonType.apply(List.of(args.get(0).type(), args.get(2).type()));
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector x = cast(v.getFirst(), type, rows, scratch);
          Vector otherwise = v.size() < 3 ? null : cast(v.get(2), type, rows, scratch);
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            long at = i + v.get(1).getLong(i);
            if (at >= 0 && at < rows) {
              builder.append(x, (int) at);
            } else if (otherwise != null) {
              builder.append(otherwise, i);
            } else {
              builder.appendDefault();
            }
          }
          return builder.build();
        });
  }

  private static ScalarFunction difference(String name, boolean first) {
    return Declared.bound(
            name + "(x Any)",
            "x less that of the row before in the batch at hand; the first is "
                + (first ? "x itself." : "0."),
            args -> {
              DataType of = args.getFirst().plain();
              DataType plain =
                  switch (of) {
                    case DataType.Float _ -> DataTypes.FLOAT64;
                    case DataType.Int(int bits, boolean _) ->
                        new DataType.Int(Math.min(Math.max(64, bits), 2 * bits), true);
                    case DataType.Date _ -> DataTypes.INT32;
                    case DataType.DateTime _ -> DataTypes.INT64;
                    default -> throw Arguments.illegal(name, 0, of, "a number or time");
                  };
              boolean nullable = args.getFirst().type().isNullable();
              DataType type = nullable ? DataTypes.nullable(plain) : plain;
              return new Binding(
                  type,
                  (v, rows, scratch) -> differences(v.getFirst(), type, first, rows, scratch));
            })
        .handlingNulls()
        .that(Stability.VOLATILE);
  }

  private static Vector differences(
      Vector x, DataType type, boolean first, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      boolean unknown = x.isNull(i) || i > 0 && x.isNull(i - 1);
      if (unknown) {
        builder.appendNull();
      } else if (x.physical().isFloat()) {
        double before = i == 0 ? first ? 0 : x.getDouble(i) : x.getDouble(i - 1);
        builder.appendDouble(x.getDouble(i) - before);
      } else {
        BigInteger before =
            i == 0 ? first ? BigInteger.ZERO : x.getInteger(i) : x.getInteger(i - 1);
        builder.appendInteger(x.getInteger(i).subtract(before));
      }
    }
    return builder.build();
  }

  private static Binding clamp(List<Argument> args, Function<List<DataType>, DataType> commonType) {
    DataType type = commonType.apply(args.stream().map(Argument::type).toList());
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector x = cast(v.get(0), type, rows, scratch);
          Vector low = cast(v.get(1), type, rows, scratch);
          Vector high = cast(v.get(2), type, rows, scratch);
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            boolean below = ValueOrder.compare(x, i, low, i) < 0;
            boolean above = ValueOrder.compare(x, i, high, i) > 0;
            builder.append(below ? low : above ? high : x, i);
          }
          return builder.build();
        });
  }
}
