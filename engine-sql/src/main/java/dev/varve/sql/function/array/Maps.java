// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.HeapValue;
import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.sql.function.text.Likeness;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Maps: made of arrays, updated by another, added, sorted.
public final class Maps {
  private Maps() {}

  /// @param commonType the registry's rule for the type that holds several
  public static List<ScalarFunction> functions(Function<List<DataType>, DataType> commonType) {
    return List.of(
        ScalarFunction.of(
                "mapFromArrays",
                "mapFromArrays(keys, values)",
                "A map of keys and their values.",
                Maps::fromArrays)
            .alias("MAP_FROM_ARRAYS"),
        ScalarFunction.of(
            "mapUpdate",
            "mapUpdate(a, b)",
            "The entries of a, and those of b in their place.",
            args -> merged("mapUpdate", args, commonType)),
        ScalarFunction.of(
            "mapConcat",
            "mapConcat(a, b)",
            "The entries of both.",
            args -> merged("mapConcat", args, commonType)),
        asked("mapContainsKey", "Whether the map has the key.", 0, false).alias("mapContains"),
        asked("mapContainsValue", "Whether the map has the value.", 1, false),
        asked("mapContainsKeyLike", "Whether a key is like the pattern.", 0, true),
        asked("mapContainsValueLike", "Whether a value is like the pattern.", 1, true),
        extracted("mapExtractKeyLike", "The entries whose key is like the pattern.", 0),
        extracted("mapExtractValueLike", "The entries whose value is like the pattern.", 1));
  }

  static Binding containsKey(List<Argument> args) {
    return asked("has", "", 0, false).binder().bind(args);
  }

  private static ScalarFunction asked(String name, String doc, int side, boolean like) {
    return Declared.bound(
        name + "(map Map, wanted Any)",
        doc,
        args -> {
          DataType.MapOf type = map(name, args, 0);
          DataType of = (side == 0 ? type.key() : type.value());
          if (like) {
            requireTexts(name, args, side);
          }
          if (like || Arguments.isText(of)) {
            Arguments.requireText(name, args, 1);
          }
          DataType comparable = DataTypes.nullable(of.unwrapped());
          Kernel cast = like ? null : Conversion.cast(args.get(1).type(), comparable);
          return new Binding(
              DataTypes.BOOL,
              (v, rows, scratch) -> {
                Vector maps = VectorOps.flatten(v.getFirst(), scratch);
                Vector wanted = like ? v.get(1) : cast.evaluate(List.of(v.get(1)), rows, scratch);
                VectorBuilder builder = new VectorBuilder(DataTypes.BOOL, scratch);
                for (int i = 0; i < rows; i++) {
                  boolean found = false;
                  for (int e = maps.listFrom(i); e < maps.listTo(i); e++) {
                    Vector values = maps.elements().children().get(side);
                    found |=
                        like
                            ? isLike(values, e, wanted, i)
                            : ValueOrder.compare(values, e, wanted, i) == 0;
                  }
                  builder.appendLong(found ? 1 : 0);
                }
                return builder.build();
              });
        });
  }

  private static ScalarFunction extracted(String name, String doc, int side) {
    return Declared.bound(
        name + "(map Map, pattern String)",
        doc,
        args -> {
          requireTexts(name, args, side);
          return RowBinding.of(
              args.getFirst().plain(),
              (v, row, to) -> {
                Vector maps = v.getFirst();
                for (int e = maps.listFrom(row); e < maps.listTo(row); e++) {
                  if (isLike(maps.elements().children().get(side), e, v.get(1), row)) {
                    to.child(0).append(maps.elements(), e);
                  }
                }
                to.endList();
              });
        });
  }

  private static void requireTexts(String name, List<Argument> args, int side) {
    DataType.MapOf type = map(name, args, 0);
    if (!Arguments.isText(side == 0 ? type.key() : type.value())) {
      throw Arguments.illegal(
          name, 0, type, side == 0 ? "a map whose keys are texts" : "a map whose values are texts");
    }
  }

  private static boolean isLike(Vector values, int at, Vector patterns, int row) {
    return Likeness.matches(RowBinding.text(values, at), RowBinding.text(patterns, row));
  }

  static DataType.MapOf map(String name, List<Argument> args, int index) {
    if (args.get(index).plain() instanceof DataType.MapOf map) {
      return map;
    }
    throw Arguments.illegal(name, index, args.get(index).type(), "a map");
  }

  private static Binding fromArrays(List<Argument> args) {
    Arguments.count("mapFromArrays", args, 2, 2);
    DataType key = Arrays.element("mapFromArrays", args, 0);
    DataType value = Arrays.element("mapFromArrays", args, 1);
    return RowBinding.of(
        new DataType.MapOf(key.unwrapped(), value),
        (v, row, to) -> {
          Vector keys = v.get(0);
          Vector values = v.get(1);
          int size = keys.listTo(row) - keys.listFrom(row);
          if (values.listTo(row) - values.listFrom(row) != size) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS, "mapFromArrays takes arrays of one length");
          }
          for (int e = 0; e < size; e++) {
            to.child(0).child(0).append(keys.elements(), keys.listFrom(row) + e);
            to.child(0).child(1).append(values.elements(), values.listFrom(row) + e);
            to.child(0).endStruct();
          }
          to.endList();
        });
  }

  private static Map<HeapValue, HeapValue> entries(Vector map, int row, DataType.MapOf type) {
    Map<HeapValue, HeapValue> entries = new LinkedHashMap<>();
    List<Vector> sides = map.elements().children();
    for (int e = map.listFrom(row); e < map.listTo(row); e++) {
      entries.put(
          HeapValue.of(sides.get(0), e, type.key()), HeapValue.of(sides.get(1), e, type.value()));
    }
    return entries;
  }

  private static void append(Map<HeapValue, HeapValue> entries, VectorBuilder to) {
    entries.forEach((key, value) -> {
      key.appendTo(to.child(0).child(0));
      value.appendTo(to.child(0).child(1));
      to.child(0).endStruct();
    });
    to.endList();
  }

  private static Binding merged(
      String name, List<Argument> args, Function<List<DataType>, DataType> commonType) {
    Arguments.count(name, args, 1, Integer.MAX_VALUE);
    DataType.MapOf first = map(name, args, 0);
    for (int i = 1; i < args.size(); i++) {
      if (!map(name, args, i).equals(first)) {
        throw Arguments.illegal(name, i, args.get(i).type(), first.name());
      }
    }
    return RowBinding.of(
        commonType.apply(List.of(first)),
        (v, row, to) -> {
          Map<HeapValue, HeapValue> all = new LinkedHashMap<>();
          for (Vector map : v) {
            Map<HeapValue, HeapValue> newer = entries(map, row, first);
            all.keySet().removeAll(newer.keySet());
            all.putAll(newer);
          }
          append(all, to);
        });
  }

  /// The keys of a map as an array, where `has(map, key)` looks.
  static DataType keys(DataType.MapOf map) {
    return DataTypes.array(map.key());
  }
}
