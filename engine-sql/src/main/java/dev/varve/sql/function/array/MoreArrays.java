// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.merge.aggregate.HeapValue;
import dev.varve.merge.aggregate.Numeric;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Arrays taken apart and put together: running sums, parts, resizing, sets, zips.
public final class MoreArrays {
  private MoreArrays() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(running("arrayDifference", "Each number less the one before it.", false));
    all.add(running("arrayCumSum", "Sums up to each number.", true));
    all.add(running("arrayCumSumNonNegative", "Sums that never fall below zero.", true));
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
            "arrayIntersect",
            "arrayIntersect(a[, …])",
            "Elements that are in every array.",
            args -> sets("arrayIntersect", args)));
    all.add(
        ScalarFunction.of(
            "arrayUnion",
            "arrayUnion(a[, …])",
            "Elements that are in any array, once.",
            args -> sets("arrayUnion", args)));
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
    all.add(
        ScalarFunction.of(
            "arrayProduct",
            "arrayProduct(array)",
            "Product of the numbers.",
            args -> {
              DataType element = Arrays.element("arrayProduct", args, 0);
              requireNumber("arrayProduct", args, element);
              return RowBinding.of(
                  DataTypes.FLOAT64,
                  (v, row, to) -> {
                    double product = 1;
                    for (int e = v.getFirst().listFrom(row); e < v.getFirst().listTo(row); e++) {
                      product *= Numeric.doubleOf(v.getFirst().elements(), e);
                    }
                    to.appendDouble(product);
                  });
            }));
    all.add(
        ScalarFunction.of(
            "arrayEnumerateDense",
            "arrayEnumerateDense(array)",
            "The number of each value in the order in which values first come.",
            args -> {
              DataType element = Arrays.element("arrayEnumerateDense", args, 0);
              return RowBinding.of(
                  DataTypes.array(DataTypes.UINT32),
                  (v, row, to) -> {
                    Map<HeapValue, Long> numbers = new HashMap<>();
                    for (HeapValue value : values(v.getFirst(), row, element)) {
                      to.child(0)
                          .appendLong(numbers.computeIfAbsent(value, _ -> numbers.size() + 1L));
                    }
                    to.endList();
                  });
            }));
    for (String name : List.of("L1", "L2", "Linf", "cosine")) {
      all.add(distance(name + "Distance"));
    }
    all.add(distance("dotProduct"));
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

  private static ScalarFunction running(String name, String doc, boolean sums) {
    return ScalarFunction.of(
        name,
        name + "(array)",
        doc,
        args -> {
          Arguments.count(name, args, 1, 1);
          DataType element = Arrays.element(name, args, 0);
          requireNumber(name, args, element);
          DataType sum =
              AggregateStates.of("sum", List.of(), List.of(element.unwrapped())).resultType();
          boolean isFloat = sum instanceof DataType.Float;
          DataType result =
              sums || isFloat || sum instanceof DataType.Decimal ? sum : DataTypes.INT64;
          return RowBinding.of(
              DataTypes.array(result), (v, row, to) -> run(name, v.getFirst(), row, isFloat, to));
        });
  }

  private static void run(String name, Vector list, int row, boolean isFloat, VectorBuilder to) {
    java.math.BigInteger whole = java.math.BigInteger.ZERO;
    double real = 0;
    for (int e = list.listFrom(row); e < list.listTo(row); e++) {
      if (isFloat) {
        double value = Numeric.doubleOf(list.elements(), e);
        double shown = name.equals("arrayDifference") ? value - real : real + value;
        shown = e == list.listFrom(row) && name.equals("arrayDifference") ? 0 : shown;
        real = name.equals("arrayDifference") ? value : shown;
        to.child(0).appendDouble(shown);
        continue;
      }
      java.math.BigInteger value = list.elements().getInteger(e);
      if (name.equals("arrayDifference")) {
        to.child(0)
            .appendInteger(
                e == list.listFrom(row) ? java.math.BigInteger.ZERO : value.subtract(whole));
        whole = value;
      } else {
        whole = whole.add(value);
        if (name.endsWith("NonNegative") && whole.signum() < 0) {
          whole = java.math.BigInteger.ZERO;
        }
        to.child(0).appendInteger(whole);
      }
    }
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

  private static Binding sets(String name, List<Argument> args) {
    Arguments.count(name, args, 1, Integer.MAX_VALUE);
    DataType element = Arrays.element(name, args, 0);
    for (int i = 1; i < args.size(); i++) {
      DataType other = Arrays.element(name, args, i);
      if (!(other.unwrapped() instanceof DataType.Nothing)
          && other.physical() != element.physical()) {
        throw Arguments.illegal(name, i, args.get(i).type(), args.getFirst().type().name());
      }
    }
    boolean union = name.equals("arrayUnion");
    return RowBinding.of(
        DataTypes.array(element),
        (v, row, to) -> {
          java.util.Set<HeapValue> found =
              new java.util.LinkedHashSet<>(values(v.getFirst(), row, element));
          for (Vector list : v.subList(1, v.size())) {
            if (union) {
              found.addAll(values(list, row, element));
            } else {
              found.retainAll(new java.util.HashSet<>(values(list, row, element)));
            }
          }
          append(List.copyOf(found), to);
        });
  }

  private static Binding countEqual(List<Argument> args) {
    Arguments.count("countEqual", args, 2, 2);
    DataType element = Arrays.element("countEqual", args, 0);
    return RowBinding.ofAll(
        DataTypes.UINT64,
        (v, row, to) -> {
          long count = 0;
          for (HeapValue value : values(v.getFirst(), row, element)) {
            boolean isNull = v.get(1).isNull(row);
            boolean equal =
                value.isNull() || isNull
                    ? value.isNull() && isNull
                    : dev.varve.merge.aggregate.ValueOrder.compare(
                            value.vector(), 0, HeapValue.of(v.get(1), row, element).vector(), 0)
                        == 0;
            count += equal ? 1 : 0;
          }
          to.appendLong(count);
        });
  }

  private static Binding hasSubstr(List<Argument> args) {
    Arguments.count("hasSubstr", args, 2, 2);
    DataType element = Arrays.element("hasSubstr", args, 0);
    Arrays.element("hasSubstr", args, 1);
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

  private static ScalarFunction distance(String name) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        "A measure of two arrays of numbers as vectors.",
        args -> {
          Arguments.count(name, args, 2, 2);
          requireNumber(name, args, Arrays.element(name, args, 0));
          requireNumber(name, args, Arrays.element(name, args, 1));
          return RowBinding.of(
              DataTypes.FLOAT64,
              (v, row, to) -> to.appendDouble(measure(name, v.get(0), v.get(1), row)));
        });
  }

  private static double measure(String name, Vector a, Vector b, int row) {
    int size = a.listTo(row) - a.listFrom(row);
    if (b.listTo(row) - b.listFrom(row) != size) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, name + " takes arrays of one length");
    }
    double sum = 0;
    double squareA = 0;
    double squareB = 0;
    for (int e = 0; e < size; e++) {
      double x = Numeric.doubleOf(a.elements(), a.listFrom(row) + e);
      double y = Numeric.doubleOf(b.elements(), b.listFrom(row) + e);
      squareA += x * x;
      squareB += y * y;
      sum =
          switch (name) {
            case "L1Distance" -> sum + Math.abs(x - y);
            case "L2Distance" -> sum + (x - y) * (x - y);
            case "LinfDistance" -> Math.max(sum, Math.abs(x - y));
            default -> sum + x * y;
          };
    }
    return switch (name) {
      case "L2Distance" -> Math.sqrt(sum);
      case "cosineDistance" -> 1 - sum / Math.sqrt(squareA * squareB);
      default -> sum;
    };
  }
}
