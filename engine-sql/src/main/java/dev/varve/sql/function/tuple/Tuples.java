// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.tuple;

import dev.varve.merge.aggregate.HeapValue;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// Tuples joined, flattened, compared, and their names.
public final class Tuples {
  private Tuples() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        concat(),
        Declared.bound(
            "flattenTuple(tuple Tuple)", "The fields of inner tuples as fields.", Tuples::flatten),
        Declared.bound(
            "tupleNames(tuple Tuple)",
            "The names of the fields, or their numbers.",
            args -> {
              List<String> names = names((DataType.Tuple) args.getFirst().plain());
              return RowBinding.of(
                  DataTypes.array(DataTypes.STRING),
                  (_, _, to) -> {
                    names.forEach(name -> RowBinding.append(name, to.child(0)));
                    to.endList();
                  });
            }),
        Declared.bound(
            "tupleToNameValuePairs(tuple Tuple)",
            "An array of names and values of fields of one type.",
            Tuples::pairs),
        Declared.bound(
            "tupleHammingDistance(a Tuple, b Tuple)",
            "How many fields differ.",
            Tuples::differing));
  }

  /// The fields of tuples one after another.
  public static ScalarFunction concat() {
    return Declared.bound(
        "tupleConcat(tuple Tuple, …)",
        "The fields of tuples one after another.",
        args -> {
          List<DataType> fields = new ArrayList<>();
          for (Argument argument : args) {
            fields.addAll(((DataType.Tuple) argument.plain()).fields());
          }
          return RowBinding.of(
              new DataType.Tuple(List.of(), fields),
              (v, row, to) -> {
                int at = 0;
                for (Vector tuple : v) {
                  for (Vector field : tuple.children()) {
                    to.child(at++).append(field, row);
                  }
                }
                to.endStruct();
              });
        });
  }

  private static List<String> names(DataType.Tuple tuple) {
    List<String> names = new ArrayList<>(tuple.names());
    for (int i = names.size(); i < tuple.fields().size(); i++) {
      names.add(String.valueOf(i + 1));
    }
    return names;
  }

  private static void leaves(
      DataType.Tuple tuple, String prefix, List<String> names, List<DataType> types) {
    List<String> own = names(tuple);
    for (int i = 0; i < own.size(); i++) {
      if (tuple.fields().get(i) instanceof DataType.Tuple inner) {
        leaves(inner, prefix + own.get(i) + ".", names, types);
      } else {
        names.add(prefix + own.get(i));
        types.add(tuple.fields().get(i));
      }
    }
  }

  private static Binding flatten(List<Argument> args) {
    DataType.Tuple tuple = (DataType.Tuple) args.getFirst().plain();
    List<String> names = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    leaves(tuple, "", names, types);
    DataType type = new DataType.Tuple(tuple.names().isEmpty() ? List.of() : names, types);
    return RowBinding.of(
        type,
        (v, row, to) -> {
          List<Vector> fields = new ArrayList<>();
          collect(v.getFirst(), fields);
          for (int f = 0; f < fields.size(); f++) {
            to.child(f).append(fields.get(f), row);
          }
          to.endStruct();
        });
  }

  private static void collect(Vector tuple, List<Vector> fields) {
    for (Vector child : tuple.children()) {
      if (child.type().unwrapped() instanceof DataType.Tuple) {
        collect(child, fields);
      } else {
        fields.add(child);
      }
    }
  }

  private static Binding pairs(List<Argument> args) {
    DataType.Tuple tuple = (DataType.Tuple) args.getFirst().plain();
    DataType value = tuple.fields().getFirst();
    if (!tuple.fields().stream().allMatch(value::equals)) {
      throw Arguments.illegal("tupleToNameValuePairs", 0, tuple, "a tuple of fields of one type");
    }
    List<String> names = names(tuple);
    return RowBinding.of(
        DataTypes.array(new DataType.Tuple(List.of(), List.of(DataTypes.STRING, value))),
        (v, row, to) -> {
          for (int f = 0; f < names.size(); f++) {
            RowBinding.append(names.get(f), to.child(0).child(0));
            to.child(0).child(1).append(v.getFirst().children().get(f), row);
            to.child(0).endStruct();
          }
          to.endList();
        });
  }

  private static Binding differing(List<Argument> args) {
    DataType.Tuple a = (DataType.Tuple) args.get(0).plain();
    DataType.Tuple b = (DataType.Tuple) args.get(1).plain();
    if (a.fields().size() != b.fields().size()) {
      throw Arguments.illegal("tupleHammingDistance", 1, b, "a tuple of the same size");
    }
    return RowBinding.of(
        DataTypes.UINT8,
        (v, row, to) -> {
          int count = 0;
          for (int f = 0; f < a.fields().size(); f++) {
            HeapValue x = HeapValue.of(v.get(0).children().get(f), row, a.fields().get(f));
            HeapValue y = HeapValue.of(v.get(1).children().get(f), row, b.fields().get(f));
            boolean equal =
                Arguments.isNumber(a.fields().get(f)) && Arguments.isNumber(b.fields().get(f))
                    ? x.asDouble() == y.asDouble()
                    : x.equals(y);
            count += equal ? 0 : 1;
          }
          to.appendLong(count);
        });
  }
}
