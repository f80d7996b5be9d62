// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.List;
import java.util.function.Function;

/// Parts of arrays, arrays made longer, and positions in them.
public final class ArrayShapes {
  private ArrayShapes() {}

  /// @param commonType the registry's rule for the type that holds several
  public static List<ScalarFunction> functions(Function<List<DataType>, DataType> commonType) {
    return List.of(
        ScalarFunction.of(
                "arraySlice",
                "arraySlice(array, offset[, length])",
                "Part of the array; a negative offset counts from the end.",
                ArrayShapes::slice)
            .handlingNulls(),
        push("arrayPushBack", false, commonType),
        push("arrayPushFront", true, commonType));
  }

  private static Binding slice(List<Argument> args) {
    Arguments.count("arraySlice", args, 2, 3);
    Arrays.element("arraySlice", args, 0);
    for (int i = 1; i < args.size(); i++) {
      boolean isNull = args.get(i).plain() instanceof DataType.Nothing;
      if (!isNull
          && !(Arguments.isInteger(args.get(i).plain())
              && args.get(i).plain().physical().isLong())) {
        throw Arguments.illegal("arraySlice", i, args.get(i).type(), "an integer");
      }
    }
    DataType type = args.getFirst().plain();
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector flat = VectorOps.flatten(v.getFirst(), scratch);
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            int size = flat.listTo(i) - flat.listFrom(i);
            // NULL is the start.
            long offset = v.get(1).isNull(i) ? 1 : v.get(1).getLong(i);
            long from = Math.clamp(offset > 0 ? offset - 1 : size + offset, 0, size);
            long to = size;
            if (v.size() > 2 && !v.get(2).isNull(i)) {
              long length = v.get(2).getLong(i);
              to = length < 0 ? size + length : Math.min(size, from + length);
            }
            for (long e = from; e < to; e++) {
              builder.child(0).append(flat.elements(), flat.listFrom(i) + (int) e);
            }
            builder.endList();
          }
          return builder.build();
        });
  }

  private static ScalarFunction push(
      String name, boolean front, Function<List<DataType>, DataType> commonType) {
    return ScalarFunction.of(
            name,
            name + "(array, x)",
            "The array with x " + (front ? "before" : "behind") + " it.",
            args -> {
              Arguments.count(name, args, 2, 2);
              DataType element =
                  commonType.apply(List.of(Arrays.element(name, args, 0), args.get(1).type()));
              DataType type = DataTypes.array(element);
              return new Binding(
                  type, (v, rows, scratch) -> pushed(v, type, element, front, rows, scratch));
            })
        .handlingNulls();
  }

  private static Vector pushed(
      List<Vector> v, DataType type, DataType element, boolean front, int rows, Scratch scratch) {
    Vector array = VectorOps.flatten(cast(v.get(0), type, rows, scratch), scratch);
    Vector value = cast(v.get(1), element, rows, scratch);
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      if (front) {
        builder.child(0).append(value, i);
      }
      for (int e = array.listFrom(i); e < array.listTo(i); e++) {
        builder.child(0).append(array.elements(), e);
      }
      if (!front) {
        builder.child(0).append(value, i);
      }
      builder.endList();
    }
    return builder.build();
  }

  private static Vector cast(Vector vector, DataType to, int rows, Scratch scratch) {
    return vector.type().equals(to)
        ? vector
        : Conversion.cast(vector.type(), to).evaluate(List.of(vector), rows, scratch);
  }
}
