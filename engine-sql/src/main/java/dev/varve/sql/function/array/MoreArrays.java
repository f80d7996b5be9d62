// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.HeapValue;
import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.conversion.Conversion;
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
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// Arrays taken apart and put together: running sums, parts, resizing, sets, zips.
public final class MoreArrays {
  private MoreArrays() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(ends("arrayPopBack", "The array without its last element.", 0, 1));
    all.add(ends("arrayPopFront", "The array without its first element.", 1, 0));
    all.add(lists("arrayCompact", "Repeats that stand together once.", MoreArrays::compact));
    all.add(
        lists(
            "arrayRotateLeft",
            "The elements moved left in a circle.",
            (elements, n) -> rotated(elements, n)));
    all.add(
        lists(
            "arrayRotateRight",
            "The elements moved right in a circle.",
            (elements, n) -> rotated(elements, -n)));
    all.add(
        ScalarFunction.of(
                "arrayResize",
                "arrayResize(array, size[, filler])",
                "The array cut or filled to a size; a negative one counts from the end.",
                MoreArrays::resize)
            .handlingNulls());
    all.add(
        ScalarFunction.of(
            "arrayZip", "arrayZip(a, b[, …])", "Tuples of elements.", MoreArrays::zip));
    all.add(
        ScalarFunction.of(
            "arrayFlatten", "arrayFlatten(arrays)", "All elements in depth.", MoreArrays::flatten));
    all.add(
        ScalarFunction.of(
                "countEqual",
                "countEqual(array, x)",
                "How often x is in the array.",
                MoreArrays::countEqual)
            .handlingNulls());
    all.add(
        ScalarFunction.of(
            "hasSubstr",
            "hasSubstr(a, b)",
            "Whether b's elements stand in a, one after another.",
            MoreArrays::hasSubstr));
    return all;
  }

  private static void requireNumber(String name, List<Argument> args, DataType element) {
    if (!Arguments.isNumber(element)) {
      throw Arguments.illegal(name, 0, args.getFirst().type(), "an array of numbers");
    }
  }

  static List<HeapValue> values(Vector list, int row, DataType element) {
    List<HeapValue> values = new ArrayList<>();
    for (int e = list.listFrom(row); e < list.listTo(row); e++) {
      values.add(HeapValue.of(list.elements(), e, element));
    }
    return values;
  }

  static void append(List<HeapValue> values, VectorBuilder to) {
    values.forEach(value -> value.appendTo(to.child(0)));
    to.endList();
  }

  private static ScalarFunction ends(String name, String doc, int front, int back) {
    return ScalarFunction.of(
        name,
        name + "(array)",
        doc,
        args -> {
          DataType element = Arrays.element(name, args, 0);
          return RowBinding.of(
              DataTypes.array(element),
              (v, row, to) -> {
                List<HeapValue> values = values(v.getFirst(), row, element);
                append(values.isEmpty() ? values : values.subList(front, values.size() - back), to);
              });
        });
  }

  private interface Rearrangement {
    List<HeapValue> of(List<HeapValue> elements, long parameter);
  }

  private static ScalarFunction lists(String name, String doc, Rearrangement change) {
    return ScalarFunction.of(
        name,
        name + "(array[, n])",
        doc,
        args -> {
          Arguments.count(name, args, 1, 2);
          DataType element = Arrays.element(name, args, 0);
          if (args.size() > 1) {
            Arguments.requireLong(name, args, 1);
          }
          return RowBinding.of(
              DataTypes.array(element),
              (v, row, to) ->
                  append(
                      change.of(
                          values(v.getFirst(), row, element),
                          v.size() > 1 ? v.get(1).getLong(row) : 0),
                      to));
        });
  }

  private static List<HeapValue> compact(List<HeapValue> elements, long none) {
    List<HeapValue> kept = new ArrayList<>();
    for (HeapValue element : elements) {
      if (kept.isEmpty() || !kept.getLast().equals(element)) {
        kept.add(element);
      }
    }
    return kept;
  }

  private static List<HeapValue> rotated(List<HeapValue> elements, long n) {
    if (elements.isEmpty()) {
      return elements;
    }
    int at = (int) Math.floorMod(n, (long) elements.size());
    List<HeapValue> rotated = new ArrayList<>(elements.subList(at, elements.size()));
    rotated.addAll(elements.subList(0, at));
    return rotated;
  }

  private static Binding resize(List<Argument> args) {
    Arguments.count("arrayResize", args, 2, 3);
    DataType element = Arrays.element("arrayResize", args, 0);
    Arguments.requireInteger("arrayResize", args, 1);
    DataType filler = args.size() > 2 ? args.get(2).type() : element;
    DataType type = DataTypes.array(filler.isNullable() ? DataTypes.nullable(element) : element);
    return RowBinding.ofAll(
        type,
        (v, row, to) -> {
          long wanted = v.get(1).getLong(row);
          if (Math.abs(wanted) > 1 << 24) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS, "arrayResize makes up to 16777216 elements");
          }
          int size = (int) Math.abs(wanted);
          List<HeapValue> values = values(v.getFirst(), row, element);
          int missing = Math.max(0, size - values.size());
          int cut = Math.max(0, values.size() - size);
          List<HeapValue> kept =
              wanted < 0
                  ? values.subList(cut, values.size())
                  : values.subList(0, values.size() - cut);
          if (wanted >= 0) {
            kept.forEach(value -> value.appendTo(to.child(0)));
          }
          for (int i = 0; i < missing; i++) {
            if (v.size() > 2) {
              to.child(0).append(v.get(2), row);
            } else {
              to.child(0).appendDefault();
            }
          }
          if (wanted < 0) {
            kept.forEach(value -> value.appendTo(to.child(0)));
          }
          to.endList();
        });
  }

  private static Binding zip(List<Argument> args) {
    Arguments.count("arrayZip", args, 1, Integer.MAX_VALUE);
    List<DataType> elements = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      elements.add(Arrays.element("arrayZip", args, i));
    }
    return RowBinding.of(
        DataTypes.array(new DataType.Tuple(List.of(), elements)),
        (v, row, to) -> {
          int size = v.getFirst().listTo(row) - v.getFirst().listFrom(row);
          for (Vector list : v) {
            if (list.listTo(row) - list.listFrom(row) != size) {
              throw new VarveException(
                  ErrorCode.BAD_ARGUMENTS, "arrayZip takes arrays of one length");
            }
          }
          for (int e = 0; e < size; e++) {
            for (int a = 0; a < v.size(); a++) {
              to.child(0).child(a).append(v.get(a).elements(), v.get(a).listFrom(row) + e);
            }
            to.child(0).endStruct();
          }
          to.endList();
        });
  }

  private static Binding flatten(List<Argument> args) {
    Arguments.count("arrayFlatten", args, 1, 1);
    DataType element = Arrays.element("arrayFlatten", args, 0);
    int depth = 0;
    while (element instanceof DataType.Array(DataType inner)) {
      element = inner;
      depth++;
    }
    int levels = depth;
    return RowBinding.of(
        DataTypes.array(element),
        (v, row, to) -> {
          appendFlat(v.getFirst(), row, levels, to.child(0));
          to.endList();
        });
  }

  private static void appendFlat(Vector list, int row, int levels, VectorBuilder to) {
    for (int e = list.listFrom(row); e < list.listTo(row); e++) {
      if (levels == 0) {
        to.append(list.elements(), e);
      } else {
        appendFlat(list.elements(), e, levels - 1, to);
      }
    }
  }

  private static Binding countEqual(List<Argument> args) {
    Arguments.count("countEqual", args, 2, 2);
    DataType element = Arrays.element("countEqual", args, 0);
    DataType wanted = DataTypes.nullable(element);
    Kernel cast = Conversion.cast(args.get(1).type(), wanted);
    return new Binding(
        DataTypes.UINT64,
        (v, rows, scratch) -> {
          Vector lists = VectorOps.flatten(v.getFirst(), scratch);
          Vector values = cast.evaluate(List.of(v.get(1)), rows, scratch);
          VectorBuilder to = new VectorBuilder(DataTypes.UINT64, scratch);
          for (int row = 0; row < rows; row++) {
            to.appendLong(count(lists, row, values));
          }
          return to.build();
        });
  }

  private static long count(Vector lists, int row, Vector wanted) {
    long count = 0;
    boolean isNull = wanted.isNull(row);
    for (int e = lists.listFrom(row); e < lists.listTo(row); e++) {
      boolean equal =
          isNull || lists.elements().isNull(e)
              ? isNull && lists.elements().isNull(e)
              : ValueOrder.compare(lists.elements(), e, wanted, row) == 0;
      count += equal ? 1 : 0;
    }
    return count;
  }

  private static Binding hasSubstr(List<Argument> args) {
    Arguments.count("hasSubstr", args, 2, 2);
    DataType element = Arrays.element("hasSubstr", args, 0);
    DataType wanted = Arrays.element("hasSubstr", args, 1);
    if (element.physical() != wanted.physical() && !(wanted instanceof DataType.Nothing)) {
      boolean integers = element.physical().isLong() && wanted.physical().isLong();
      if (!integers) {
        throw Arguments.illegal("hasSubstr", 1, args.get(1).type(), args.get(0).type().name());
      }
    }
    return RowBinding.of(
        DataTypes.BOOL,
        (v, row, to) ->
            to.appendLong(
                java.util.Collections.indexOfSubList(
                            values(v.get(0), row, element), values(v.get(1), row, element))
                        >= 0
                    ? 1
                    : 0));
  }
}
