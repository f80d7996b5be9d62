// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.merge.aggregate.HeapValue;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Sums, differences and series of maps, which may also be written as a tuple of two arrays: the
/// keys and their values.
public final class MapArithmetic {
  private static final int MOST_KEYS = 1 << 24;

  private MapArithmetic() {}

  /// The sum for a key, as an integer or a float.
  private record Total(BigInteger whole, double real) {
    static final Total NONE = new Total(BigInteger.ZERO, 0);

    Total with(Total other, boolean subtracted) {
      return subtracted
          ? new Total(whole.subtract(other.whole), real - other.real)
          : new Total(whole.add(other.whole), real + other.real);
    }
  }

  /// @param commonType the registry's rule for the type that holds several
  public static List<ScalarFunction> functions(Function<List<DataType>, DataType> commonType) {
    return List.of(
        ScalarFunction.of(
            "mapAdd",
            "mapAdd(a, b[, …])",
            "The sums of the values of each key; of maps, or of tuples of keys and values.",
            args -> combined("mapAdd", args, commonType, false)),
        ScalarFunction.of(
            "mapSubtract",
            "mapSubtract(a, b[, …])",
            "The values of each key less those of the others; of maps, or of tuples of keys and"
                + " values.",
            args -> combined("mapSubtract", args, commonType, true)),
        ScalarFunction.of(
            "mapPopulateSeries",
            "mapPopulateSeries(map[, last]) or (keys, values[, last])",
            "The map with every whole key from the least to the greatest or to the last.",
            MapArithmetic::series));
  }

  /// Keys and values of a map or of a tuple of two arrays.
  private record Sides(DataType key, DataType value) {
    static Sides of(String name, List<Argument> args, int index) {
      DataType type = args.get(index).plain();
      return switch (type) {
        case DataType.MapOf(DataType key, DataType value) -> new Sides(key, value);
        case DataType.Tuple tuple
            when tuple.fields().size() == 2
                && tuple.fields().get(0) instanceof DataType.Array(DataType key)
                && tuple.fields().get(1) instanceof DataType.Array(DataType value) ->
            new Sides(key, value);
        default ->
            throw Arguments.illegal(
                name, index, args.get(index).type(), "a map or a tuple of two arrays");
      };
    }
  }

  private static Binding combined(
      String name,
      List<Argument> args,
      Function<List<DataType>, DataType> commonType,
      boolean subtracted) {
    Arguments.count(name, args, 1, Integer.MAX_VALUE);
    DataType common = commonType.apply(args.stream().map(Argument::plain).toList());
    Sides sides = Sides.of(name, List.of(Argument.of(common)), 0);
    if (!Arguments.isNumber(sides.value())) {
      throw Arguments.illegal(name, 0, common, "numbers as values");
    }
    DataType type = AggregateStates.of("sumMap", List.of(), List.of(common)).resultType();
    boolean map = common instanceof DataType.MapOf;
    boolean real = sides.value().unwrapped() instanceof DataType.Float;
    return new Binding(
        type,
        (v, rows, scratch) -> {
          List<Vector> maps = new ArrayList<>();
          for (Vector argument : v) {
            Vector typed = ArrayMoves.converted(argument, common, rows, scratch);
            maps.add(VectorOps.flatten(typed, scratch));
          }
          VectorBuilder to = new VectorBuilder(type, scratch);
          for (int row = 0; row < rows; row++) {
            Map<HeapValue, Total> totals = new TreeMap<>();
            for (int m = 0; m < maps.size(); m++) {
              add(maps.get(m), row, sides, subtracted && m > 0, totals);
            }
            append(totals, map, real, to);
          }
          return to.build();
        });
  }

  private static void add(
      Vector map, int row, Sides sides, boolean subtracted, Map<HeapValue, Total> totals) {
    boolean entries = map.type().unwrapped() instanceof DataType.MapOf;
    Vector keyList = entries ? map : map.children().get(0);
    Vector valueList = entries ? map : map.children().get(1);
    Vector keys = entries ? map.elements().children().get(0) : keyList.elements();
    Vector values = entries ? map.elements().children().get(1) : valueList.elements();
    int count = keyList.listTo(row) - keyList.listFrom(row);
    requireSame(count, valueList.listTo(row) - valueList.listFrom(row));
    for (int e = 0; e < count; e++) {
      HeapValue key = HeapValue.of(keys, keyList.listFrom(row) + e, sides.key());
      Total total = total(values, valueList.listFrom(row) + e);
      totals.put(key, totals.getOrDefault(key, Total.NONE).with(total, subtracted));
    }
  }

  private static void requireSame(int keys, int values) {
    if (keys != values) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "a map of two arrays wants as many values as keys, found " + values + " for " + keys);
    }
  }

  private static Total total(Vector values, int at) {
    if (values.isNull(at)) {
      return Total.NONE;
    }
    return values.physical().isFloat()
        ? new Total(BigInteger.ZERO, values.getDouble(at))
        : new Total(values.getInteger(at), 0);
  }

  private static void append(
      Map<HeapValue, Total> totals, boolean map, boolean real, VectorBuilder to) {
    VectorBuilder keys = to.child(0).child(0);
    VectorBuilder values = map ? to.child(0).child(1) : to.child(1).child(0);
    totals.forEach((key, total) -> {
      key.appendTo(keys);
      if (real) {
        values.appendDouble(total.real());
      } else {
        values.appendInteger(wrapped(total.whole(), values.type()));
      }
      if (map) {
        to.child(0).endStruct();
      }
    });
    if (map) {
      to.endList();
    } else {
      to.child(0).endList();
      to.child(1).endList();
      to.endStruct();
    }
  }

  // The low bits of the type's width.
  private static BigInteger wrapped(BigInteger value, DataType type) {
    int bits = 8 * type.width();
    BigInteger low = value.and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    return !type.isUnsigned() && low.testBit(bits - 1)
        ? low.subtract(BigInteger.ONE.shiftLeft(bits))
        : low;
  }

  private static Binding series(List<Argument> args) {
    String name = "mapPopulateSeries";
    Arguments.count(name, args, 1, 3);
    boolean map = args.getFirst().plain() instanceof DataType.MapOf;
    Arguments.count(name, args, map ? 1 : 2, map ? 2 : 3);
    int lastAt = map ? 1 : 2;
    if (args.size() > lastAt) {
      Arguments.requireInteger(name, args, lastAt);
    }
    DataType key = map ? Maps.map(name, args, 0).key() : Arrays.element(name, args, 0);
    DataType value = map ? Maps.map(name, args, 0).value() : Arrays.element(name, args, 1);
    if (!Arguments.isInteger(key) || !key.physical().isLong() || key.isNullable()) {
      throw Arguments.illegal(name, 0, args.getFirst().type(), "whole keys");
    }
    DataType type =
        map
            ? args.getFirst().plain()
            : new DataType.Tuple(List.of(), List.of(args.get(0).plain(), args.get(1).plain()));
    return new Binding(
        type,
        (v, rows, scratch) -> {
          List<Vector> flat = v.stream().map(a -> VectorOps.flatten(a, scratch)).toList();
          VectorBuilder to = new VectorBuilder(type, scratch);
          for (int row = 0; row < rows; row++) {
            Vector last = flat.size() > lastAt ? flat.get(lastAt) : null;
            boolean known = last == null || !last.isNull(row);
            if (known) {
              fill(flat, row, map, last == null ? null : last.getInteger(row).longValue(), to);
            } else {
              to.appendDefault();
            }
          }
          return to.build();
        });
  }

  private static void fill(List<Vector> v, int row, boolean map, Long given, VectorBuilder to) {
    Vector keyList = v.get(0);
    Vector valueList = map ? keyList : v.get(1);
    Vector keys = map ? keyList.elements().children().get(0) : keyList.elements();
    Vector values = map ? keyList.elements().children().get(1) : valueList.elements();
    int count = keyList.listTo(row) - keyList.listFrom(row);
    requireSame(count, valueList.listTo(row) - valueList.listFrom(row));
    TreeMap<Long, Integer> places = new TreeMap<>();
    for (int e = 0; e < count; e++) {
      places.putIfAbsent(keys.getLong(keyList.listFrom(row) + e), valueList.listFrom(row) + e);
    }
    VectorBuilder keysTo = to.child(0).child(0);
    VectorBuilder valuesTo = map ? to.child(0).child(1) : to.child(1).child(0);
    if (!places.isEmpty()) {
      long last = given == null ? places.lastKey() : given;
      if (last - places.firstKey() > MOST_KEYS) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "mapPopulateSeries gives up to " + MOST_KEYS + " keys");
      }
      for (long key = places.firstKey(); key <= last; key++) {
        keysTo.appendLong(key);
        Integer place = places.get(key);
        if (place == null) {
          valuesTo.appendDefault();
        } else {
          valuesTo.append(values, place);
        }
        if (map) {
          to.child(0).endStruct();
        }
      }
    }
    if (map) {
      to.endList();
    } else {
      to.child(0).endList();
      to.child(1).endList();
      to.endStruct();
    }
  }
}
