// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.merge.aggregate.HeapValue;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Comparator;
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
        sums("mapAdd", "sumMap"),
        ScalarFunction.of(
            "mapSort",
            "mapSort(map)",
            "The entries in the order of keys.",
            args -> sorted(args, 1)),
        ScalarFunction.of(
            "mapReverseSort",
            "mapReverseSort(map)",
            "The entries in the reverse order of keys.",
            args -> sorted(args, -1)));
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

  private static void append(
      Map<HeapValue, HeapValue> entries, dev.varve.storage.vector.VectorBuilder to) {
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
          v.forEach(map -> all.putAll(entries(map, row, first)));
          append(all, to);
        });
  }

  private static ScalarFunction sums(String name, String aggregate) {
    return ScalarFunction.of(
        name,
        name + "(a, b[, …])",
        "The sums of values of each key; of maps, or of tuples of keys and values.",
        args -> {
          Arguments.count(name, args, 1, Integer.MAX_VALUE);
          DataType type = args.getFirst().plain();
          for (int i = 1; i < args.size(); i++) {
            if (!args.get(i).plain().equals(type)) {
              throw Arguments.illegal(name, i, args.get(i).type(), type.name());
            }
          }
          AggregateFunction function = AggregateStates.of(aggregate, List.of(), List.of(type));
          return RowBinding.of(
              function.resultType(),
              (v, row, to) -> {
                AggregateState state = function.newState();
                v.forEach(map -> state.update(List.of(map), row));
                state.result(to);
              });
        });
  }

  private static Binding sorted(List<Argument> args, int direction) {
    Arguments.count("mapSort", args, 1, 1);
    DataType.MapOf type = map("mapSort", args, 0);
    return RowBinding.of(
        type,
        (v, row, to) -> {
          Map<HeapValue, HeapValue> found = entries(v.getFirst(), row, type);
          List<HeapValue> keys = new ArrayList<>(found.keySet());
          keys.sort(direction < 0 ? Comparator.reverseOrder() : Comparator.naturalOrder());
          Map<HeapValue, HeapValue> ordered = new LinkedHashMap<>();
          keys.forEach(key -> ordered.put(key, found.get(key)));
          append(ordered, to);
        });
  }

  /// The keys of a map as an array, where `has(map, key)` looks.
  static DataType keys(DataType.MapOf map) {
    return DataTypes.array(map.key());
  }
}
