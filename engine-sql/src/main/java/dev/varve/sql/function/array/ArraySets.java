// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.HeapValue;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Arrays as sets and bags: what they share, what only one has, how often values come.
final class ArraySets {
  private final Function<List<DataType>, DataType> commonType;

  private ArraySets(Function<List<DataType>, DataType> commonType) {
    this.commonType = commonType;
  }

  static List<ScalarFunction> functions(Function<List<DataType>, DataType> commonType) {
    ArraySets sets = new ArraySets(commonType);
    return List.of(
        sets.of("arrayIntersect", "Elements that are in every array.", ArraySets::intersect),
        sets.of("arrayUnion", "Elements that are in any array, once.", ArraySets::union),
        sets.of(
            "arraySymmetricDifference",
            "Elements that are in some of the arrays, not in all.",
            ArraySets::difference),
        sets.of(
            "arrayExcept",
            "The elements of the first array that the second lacks.",
            ArraySets::except),
        Declared.bound(
            "arrayJaccardIndex(a Array, b Array)",
            "How many elements two arrays share, of all they have.",
            args ->
                sets.bind(
                    args,
                    _ -> DataTypes.FLOAT64,
                    (lists, to) -> {
                      Set<HeapValue> shared = new HashSet<>(lists.get(0));
                      Set<HeapValue> all = new HashSet<>(lists.get(0));
                      shared.retainAll(new HashSet<>(lists.get(1)));
                      all.addAll(lists.get(1));
                      to.appendDouble((double) shared.size() / all.size());
                    })),
        Declared.bound(
                "arrayRemove(array Array, x Any)",
                "The array without the elements that equal x.",
                sets::remove)
            .alias("array_remove")
            .handlingNulls());
  }

  private interface Lists {
    void append(List<List<HeapValue>> lists, VectorBuilder to);
  }

  private ScalarFunction of(String name, String doc, Lists answer) {
    return Declared.bound(
        name + "(array Array, …)", doc, args -> bind(args, DataTypes::array, answer));
  }

  private Binding bind(List<Argument> args, Function<DataType, DataType> result, Lists answer) {
    List<DataType> elements = new ArrayList<>();
    for (Argument argument : args) {
      elements.add(((DataType.Array) argument.plain()).element());
    }
    DataType element = commonType.apply(elements);
    DataType type = DataTypes.array(element);
    Binding rows =
        RowBinding.of(
            result.apply(element),
            (v, row, to) -> {
              List<List<HeapValue>> lists = new ArrayList<>();
              for (Vector list : v) {
                lists.add(MoreArrays.values(list, row, element));
              }
              answer.append(lists, to);
            });
    return new Binding(
        rows.type(),
        (v, n, scratch) -> {
          List<Vector> alike = new ArrayList<>();
          for (Vector list : v) {
            alike.add(
                list.type().unwrapped().equals(type)
                    ? list
                    : Conversion.cast(list.type(), type).evaluate(List.of(list), n, scratch));
          }
          return rows.kernel().evaluate(alike, n, scratch);
        });
  }

  private static void intersect(List<List<HeapValue>> lists, VectorBuilder to) {
    Set<HeapValue> found = new LinkedHashSet<>(lists.getFirst());
    lists.forEach(list -> found.retainAll(new HashSet<>(list)));
    MoreArrays.append(List.copyOf(found), to);
  }

  private static void union(List<List<HeapValue>> lists, VectorBuilder to) {
    Set<HeapValue> found = new LinkedHashSet<>();
    lists.forEach(found::addAll);
    MoreArrays.append(List.copyOf(found), to);
  }

  private static void difference(List<List<HeapValue>> lists, VectorBuilder to) {
    Map<HeapValue, Integer> counts = new LinkedHashMap<>();
    lists.forEach(list -> new LinkedHashSet<>(list).forEach(v -> counts.merge(v, 1, Integer::sum)));
    counts.values().removeIf(count -> count == lists.size());
    MoreArrays.append(List.copyOf(counts.keySet()), to);
  }

  private static void except(List<List<HeapValue>> lists, VectorBuilder to) {
    if (lists.size() != 2) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "arrayExcept takes 2 arguments, found " + lists.size());
    }
    Set<HeapValue> without = new HashSet<>(lists.get(1));
    MoreArrays.append(lists.getFirst().stream().filter(v -> !without.contains(v)).toList(), to);
  }

  private Binding remove(List<Argument> args) {
    DataType element = ((DataType.Array) args.getFirst().plain()).element();
    DataType common = DataTypes.nullable(commonType.apply(List.of(element, args.get(1).type())));
    return new Binding(
        args.getFirst().plain(),
        (v, rows, scratch) -> {
          Vector lists = dev.varve.storage.vector.VectorOps.flatten(v.getFirst(), scratch);
          Vector elements = lists.elements();
          Vector alike =
              Conversion.cast(element, common)
                  .evaluate(List.of(elements), elements.rows(), scratch);
          Vector wanted =
              Conversion.cast(v.get(1).type(), common).evaluate(List.of(v.get(1)), rows, scratch);
          VectorBuilder builder = new VectorBuilder(args.getFirst().plain(), scratch);
          for (int i = 0; i < rows; i++) {
            HeapValue x = HeapValue.of(wanted, i, common);
            for (int e = lists.listFrom(i); e < lists.listTo(i); e++) {
              if (!HeapValue.of(alike, e, common).equals(x)) {
                builder.child(0).append(elements, e);
              }
            }
            builder.endList();
          }
          return builder.build();
        });
  }

  /// How often the combination of elements at a place of the arrays has come so far.
  static List<ScalarFunction> counts() {
    return List.of(
        Declared.rows(
            "arrayEnumerate(array Array)",
            "The numbers 1, 2, … as many as there are elements.",
            DataTypes.array(DataTypes.UINT32),
            (v, row, to) -> {
              int size = v.getFirst().listTo(row) - v.getFirst().listFrom(row);
              for (int e = 1; e <= size; e++) {
                to.child(0).appendLong(e);
              }
              to.endList();
            }),
        counted("arrayEnumerateUniq", "For each element how often it has come so far.", true),
        counted("arrayEnumerateDense", "The number of each value in the order of coming.", false),
        Declared.rows(
            "arrayUniq(array Array, …)",
            "How many distinct elements, or combinations of them.",
            DataTypes.UINT32,
            (v, row, to) -> to.appendLong(new HashSet<>(places("arrayUniq", v, row)).size())));
  }

  private static ScalarFunction counted(String name, String doc, boolean times) {
    return Declared.rows(
        name + "(array Array, …)",
        doc,
        DataTypes.array(DataTypes.UINT32),
        (v, row, to) -> {
          Map<List<HeapValue>, Long> seen = new HashMap<>();
          for (List<HeapValue> place : places(name, v, row)) {
            to.child(0)
                .appendLong(
                    times
                        ? seen.merge(place, 1L, Long::sum)
                        : seen.computeIfAbsent(place, _ -> seen.size() + 1L));
          }
          to.endList();
        });
  }

  private static List<List<HeapValue>> places(String name, List<Vector> arrays, int row) {
    List<List<HeapValue>> places = new ArrayList<>();
    for (Vector array : arrays) {
      DataType element = ((DataType.Array) array.type().unwrapped()).element();
      List<HeapValue> values = MoreArrays.values(array, row, element);
      while (places.size() < values.size() && array == arrays.getFirst()) {
        places.add(new ArrayList<>());
      }
      if (values.size() == places.size()) {
        for (int e = 0; e < values.size(); e++) {
          places.get(e).add(values.get(e));
        }
      } else {
        throw new dev.varve.storage.error.VarveException(
            dev.varve.storage.error.ErrorCode.BAD_ARGUMENTS,
            "the arrays of " + name + " must have the same length");
      }
    }
    return places;
  }
}
