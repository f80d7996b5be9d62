// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.sql.function.tuple.Tuples;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Arrays, tuples and maps: making them and asking them.
public final class Arrays {
  private Arrays() {}

  /// @param commonType the registry's rule for the type that holds several
  public static List<ScalarFunction> functions(Function<List<DataType>, DataType> commonType) {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(
        ScalarFunction.of(
                "array", "array(a, …)", "An array of values.", args -> make(args, commonType))
            .handlingNulls());
    all.add(
        ScalarFunction.of("tuple", "tuple(a, …)", "A tuple of values.", Arrays::tuple)
            .alias("row")
            .handlingNulls());
    all.add(
        ScalarFunction.of("map", "map(k, v, …)", "A map.", args -> map(args, commonType))
            .handlingNulls());
    all.add(
        ScalarFunction.of(
                "tupleElement",
                "tupleElement(tuple or array of tuples, n or 'name')",
                "A field of a tuple, or of each tuple of an array.",
                Arrays::tupleElement)
            .handlingNulls());
    all.add(
        ScalarFunction.of(
                "arrayElement",
                "arrayElement(array or map, n or key)",
                "An element, 1 is the first and -1 the last; the type's default where there is"
                    + " none.",
                Arrays::element)
            .handlingNulls());
    all.add(
        ScalarFunction.of("has", "has(array, x)", "Whether the array holds x.", Arrays::has)
            .alias("array_contains")
            .handlingNulls());
    all.add(
        ScalarFunction.of(
                "indexOf",
                "indexOf(array, x)",
                "Where x first stands in the array, from 1; 0 for nowhere.",
                Arrays::indexOf)
            .handlingNulls());
    all.add(hasMany("hasAll", true, commonType));
    all.add(hasMany("hasAny", false, commonType));
    all.add(
        ScalarFunction.of(
            "range", "range([from,] to[, step])", "Whole numbers from 0 or from.", Arrays::range));
    all.add(rearranged("arrayReverse", "in reverse", (_, from, to) -> reversed(from, to)));
    all.add(rearranged("arrayDistinct", "without repeats", Arrays::distinct));
    all.add(
        ScalarFunction.of(
            "arrayConcat",
            "arrayConcat(a, …)",
            "The arrays one after another.",
            args -> concat(args, commonType)));
    all.add(ScalarFunction.of("mapKeys", "mapKeys(map)", "The keys.", args -> side(args, 0)));
    all.add(ScalarFunction.of("mapValues", "mapValues(map)", "The values.", args -> side(args, 1)));
    all.add(
        ScalarFunction.of(
                "arrayStringConcat",
                "arrayStringConcat(array[, separator])",
                "The elements as one text.",
                Arrays::join)
            .alias("array_to_string"));
    all.addAll(ArraySets.functions(commonType));
    all.addAll(ArraySets.counts());
    all.addAll(ArrayMoves.functions(commonType));
    all.addAll(LambdaRuns.functions());
    all.add(Folding.function());
    all.addAll(MapLambdas.functions());
    return all;
  }

  /// `reverse` and `concat` of texts, which take arrays and tuples too.
  public static ScalarFunction extended(
      ScalarFunction ofTexts, Function<List<DataType>, DataType> commonType) {
    return switch (ofTexts.name()) {
      case "reverse" ->
          ofTexts.or(
              args -> areAll(args, DataType.Array.class),
              rearranged("reverse", "in reverse", (_, from, to) -> reversed(from, to)));
      case "concat" ->
          ofTexts
              .or(
                  args -> areAll(args, DataType.Array.class),
                  ScalarFunction.of("concat", "", "", args -> concat(args, commonType)))
              .or(args -> areAll(args, DataType.Tuple.class), Tuples.concat());
      default -> ofTexts;
    };
  }

  private static boolean areAll(List<Argument> args, Class<? extends DataType> type) {
    return !args.isEmpty() && args.stream().allMatch(a -> type.isInstance(a.plain()));
  }

  static DataType element(String name, List<Argument> args, int index) {
    if (args.get(index).plain() instanceof DataType.Array(DataType element)) {
      return element;
    }
    throw Arguments.illegal(name, index, args.get(index).type(), "an array");
  }

  private static Vector cast(Vector vector, DataType to, int rows, Scratch scratch) {
    return vector.type().equals(to)
        ? vector
        : Conversion.cast(vector.type(), to).evaluate(List.of(vector), rows, scratch);
  }

  private static Binding make(List<Argument> args, Function<List<DataType>, DataType> commonType) {
    DataType element = commonType.apply(args.stream().map(Argument::type).toList());
    DataType type = DataTypes.array(element);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          List<Vector> cast = new ArrayList<>();
          for (Vector vector : v) {
            cast.add(cast(vector, element, rows, scratch));
          }
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            for (Vector vector : cast) {
              builder.child(0).append(vector, i);
            }
            builder.endList();
          }
          return builder.build();
        });
  }

  private static Binding tuple(List<Argument> args) {
    DataType type = new DataType.Tuple(List.of(), args.stream().map(Argument::type).toList());
    return new Binding(
        type,
        (v, rows, scratch) -> {
          List<Vector> fields = new ArrayList<>();
          for (Vector vector : v) {
            fields.add(VectorOps.flatten(vector, scratch));
          }
          return Vector.struct(type, rows, fields, null);
        });
  }

  private static Binding map(List<Argument> args, Function<List<DataType>, DataType> commonType) {
    if (args.size() % 2 != 0) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH, "map takes keys and values in turn");
    }
    List<DataType> keys = new ArrayList<>();
    List<DataType> values = new ArrayList<>();
    for (int i = 0; i < args.size(); i += 2) {
      keys.add(args.get(i).type());
      values.add(args.get(i + 1).type());
    }
    DataType.MapOf type = new DataType.MapOf(commonType.apply(keys), commonType.apply(values));
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          List<Vector> cast = new ArrayList<>();
          for (int a = 0; a < v.size(); a++) {
            cast.add(cast(v.get(a), a % 2 == 0 ? type.key() : type.value(), rows, scratch));
          }
          for (int i = 0; i < rows; i++) {
            for (int a = 0; a < cast.size(); a += 2) {
              builder.child(0).child(0).append(cast.get(a), i);
              builder.child(0).child(1).append(cast.get(a + 1), i);
              builder.child(0).endStruct();
            }
            builder.endList();
          }
          return builder.build();
        });
  }

  private static Binding tupleElement(List<Argument> args) {
    Arguments.count("tupleElement", args, 2, 3);
    if (args.get(1).constant() instanceof String part) {
      Binding subcolumn = subcolumn(args.getFirst(), part);
      if (subcolumn != null) {
        return subcolumn;
      }
    }
    if (args.getFirst().plain() instanceof DataType.Array(DataType element)) {
      return ofElements(element, args.get(1));
    }
    if (!(args.getFirst().plain() instanceof DataType.Tuple tuple)) {
      throw Arguments.illegal("tupleElement", 0, args.getFirst().type(), "a tuple");
    }
    int index =
        args.get(1).constant() instanceof String name
            ? tuple.names().indexOf(name)
            : Arguments.constantInt("tupleElement", args, 1) - 1;
    if (index < 0 || index >= tuple.fields().size()) {
      throw new VarveException(
          ErrorCode.UNKNOWN_IDENTIFIER,
          "no field " + args.get(1).constant() + " in " + tuple.name());
    }
    return new Binding(
        tuple.fields().get(index),
        (v, _, scratch) -> VectorOps.flatten(v.getFirst(), scratch).children().get(index));
  }

  /// The part of each element: fields of an array of tuples, `array.size1` of its inner arrays.
  private static Binding ofElements(DataType element, Argument part) {
    Argument inner =
        part.constant() instanceof String name && name.matches("size[1-9]")
            ? Argument.constant("size" + (name.charAt(4) - '1'), part.type())
            : part;
    Binding ofOne = tupleElement(List.of(Argument.of(element), inner));
    DataType type = DataTypes.array(ofOne.type());
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector flat = VectorOps.flatten(v.getFirst(), scratch);
          Vector elements = flat.elements();
          Vector parts = ofOne.kernel().evaluate(List.of(elements), elements.rows(), scratch);
          return Vector.list(
              type, rows, flat.offsets(), VectorOps.flatten(parts, scratch), flat.validity());
        });
  }

  /// `map.keys`, `map.values`, `array.size0`, `x.null`; null where the type has no such part.
  private static Binding subcolumn(Argument value, String part) {
    DataType type = value.plain();
    return switch (part) {
      case "keys" -> type instanceof DataType.MapOf ? side(List.of(value), 0) : null;
      case "values" -> type instanceof DataType.MapOf ? side(List.of(value), 1) : null;
      case "size0" ->
          type.physical() == dev.varve.storage.type.Physical.LIST
              ? RowBinding.ofAll(
                  DataTypes.UINT64,
                  (v, row, to) ->
                      to.appendLong(v.getFirst().listTo(row) - v.getFirst().listFrom(row)))
              : null;
      case "null" ->
          value.type().isNullable()
              ? RowBinding.ofAll(
                  DataTypes.UINT8, (v, row, to) -> to.appendLong(v.getFirst().isNull(row) ? 1 : 0))
              : null;
      default -> null;
    };
  }

  private static Binding element(List<Argument> args) {
    Arguments.count("arrayElement", args, 2, 2);
    if (args.getFirst().plain() instanceof DataType.MapOf map) {
      DataType wanted = args.get(1).type();
      boolean tooLong =
          map.key() instanceof DataType.FixedText(int bytes)
              && wanted.unwrapped() instanceof DataType.FixedText(int own)
              && own > bytes;
      // A longer key is no key of the map, its zero bytes count.
      DataType comparable = wanted.isNullable() ? DataTypes.nullable(map.key()) : map.key();
      Kernel cast = Conversion.cast(wanted, tooLong ? wanted : comparable);
      return new Binding(
          map.value(),
          (v, rows, scratch) -> {
            Vector flat = VectorOps.flatten(v.getFirst(), scratch);
            Vector key = cast.evaluate(List.of(v.get(1)), rows, scratch);
            VectorBuilder builder = new VectorBuilder(map.value(), scratch);
            for (int i = 0; i < rows; i++) {
              int at =
                  find(flat.elements().children().get(0), flat.listFrom(i), flat.listTo(i), key, i);
              if (at < 0) {
                builder.appendDefault();
              } else {
                builder.append(flat.elements().children().get(1), at);
              }
            }
            return builder.build();
          });
    }
    DataType element = element("arrayElement", args, 0);
    Arguments.requireLong("arrayElement", args, 1);
    return new Binding(
        element,
        (v, rows, scratch) -> {
          Vector flat = VectorOps.flatten(v.getFirst(), scratch);
          VectorBuilder builder = new VectorBuilder(element, scratch);
          for (int i = 0; i < rows; i++) {
            long n = v.get(1).isNull(i) ? 0 : v.get(1).getLong(i);
            long at = n > 0 ? flat.listFrom(i) + n - 1 : flat.listTo(i) + n;
            if (n == 0 || at < flat.listFrom(i) || at >= flat.listTo(i)) {
              builder.appendDefault();
            } else {
              builder.append(flat.elements(), (int) at);
            }
          }
          return builder.build();
        });
  }

  private static int find(Vector elements, int from, int to, Vector wanted, int row) {
    for (int e = from; e < to; e++) {
      if (ValueOrder.compare(elements, e, wanted, row) == 0) {
        return e;
      }
    }
    return -1;
  }

  /// Position of the second argument in the array of the first, from 0; -1 for nowhere.
  private static Kernel positions(DataType element, DataType of) {
    DataType target = of.isNullable() ? DataTypes.nullable(element) : element;
    boolean sameText = Arguments.isText(element) && Arguments.isText(of);
    boolean numbers =
        Arguments.isNumber(element)
            && Arguments.isNumber(of)
            && !(element instanceof DataType.Float);
    boolean comparable = sameText || numbers && of.unwrapped() instanceof DataType.Int;
    Kernel cast = comparable ? null : Conversion.cast(of, target);
    return (v, rows, scratch) -> {
      Vector flat = VectorOps.flatten(v.getFirst(), scratch);
      Vector wanted = comparable ? v.get(1) : cast.evaluate(List.of(v.get(1)), rows, scratch);
      MemorySegment out = scratch.allocate(rows * 8L);
      for (int i = 0; i < rows; i++) {
        int at = find(flat.elements(), flat.listFrom(i), flat.listTo(i), wanted, i);
        out.set(Vector.I64, i * 8L, at < 0 ? 0 : at - flat.listFrom(i) + 1);
      }
      return Vector.fixed(DataTypes.UINT64, rows, out, null);
    };
  }

  private static Binding has(List<Argument> args) {
    Arguments.count("has", args, 2, 2);
    if (args.getFirst().plain() instanceof DataType.MapOf) {
      return Maps.containsKey(args);
    }
    Kernel positions = positions(element("has", args, 0), args.get(1).type());
    return new Binding(
        DataTypes.BOOL,
        (v, rows, scratch) -> {
          Vector found = positions.evaluate(v, rows, scratch);
          VectorBuilder builder = new VectorBuilder(DataTypes.BOOL, scratch);
          for (int i = 0; i < rows; i++) {
            builder.appendLong(found.getLong(i) > 0 ? 1 : 0);
          }
          return builder.build();
        });
  }

  private static Binding indexOf(List<Argument> args) {
    Arguments.count("indexOf", args, 2, 2);
    return new Binding(
        DataTypes.UINT64, positions(element("indexOf", args, 0), args.get(1).type()));
  }

  private static ScalarFunction hasMany(
      String name, boolean every, Function<List<DataType>, DataType> commonType) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        "Whether a holds " + (every ? "all" : "any") + " of b.",
        args -> {
          Arguments.count(name, args, 2, 2);
          DataType x = element(name, args, 0);
          DataType y = element(name, args, 1);
          boolean numbers = Arguments.isNumber(x) && Arguments.isNumber(y);
          boolean none = x.unwrapped() instanceof DataType.Nothing;
          DataType common =
              numbers ? commonType.apply(List.of(x, y)) : none ? y.unwrapped() : x.unwrapped();
          Kernel castA = Conversion.cast(x, x.isNullable() ? DataTypes.nullable(common) : common);
          Kernel castB = Conversion.cast(y, y.isNullable() ? DataTypes.nullable(common) : common);
          return new Binding(
              DataTypes.BOOL,
              (v, rows, scratch) -> {
                Vector a = VectorOps.flatten(v.get(0), scratch);
                Vector b = VectorOps.flatten(v.get(1), scratch);
                int size = a.elements().rows();
                Vector held = castA.evaluate(List.of(a.elements()), size, scratch);
                size = b.elements().rows();
                Vector wanted = castB.evaluate(List.of(b.elements()), size, scratch);
                VectorBuilder builder = new VectorBuilder(DataTypes.BOOL, scratch);
                for (int i = 0; i < rows; i++) {
                  boolean result = every;
                  for (int e = b.listFrom(i); e < b.listTo(i) && result == every; e++) {
                    result = find(held, a.listFrom(i), a.listTo(i), wanted, e) >= 0;
                  }
                  builder.appendLong(result ? 1 : 0);
                }
                return builder.build();
              });
        });
  }

  private static Binding range(List<Argument> args) {
    Arguments.count("range", args, 1, 3);
    for (int i = 0; i < args.size(); i++) {
      Arguments.requireInteger("range", args, i);
    }
    boolean signed = args.stream().anyMatch(a -> !a.plain().isUnsigned());
    DataType element = args.size() == 1 || !signed ? args.getLast().plain() : DataTypes.INT64;
    DataType type = DataTypes.array(element instanceof DataType.Bool ? DataTypes.UINT8 : element);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            long from = v.size() == 1 ? 0 : v.get(0).getLong(i);
            long to = v.get(v.size() == 1 ? 0 : 1).getLong(i);
            long step = v.size() < 3 ? 1 : v.get(2).getLong(i);
            if (step == 0) {
              throw new VarveException(
                  ErrorCode.ARGUMENT_OUT_OF_BOUND, "the step of range must not be 0");
            }
            if (Math.abs((to - from) / step) > 50_000_000) {
              throw new VarveException(
                  ErrorCode.ARGUMENT_OUT_OF_BOUND,
                  "range(" + from + ", " + to + ") is longer than 50000000 numbers; use numbers()");
            }
            for (long n = from; step > 0 ? n < to : n > to; n += step) {
              builder.child(0).appendLong(n);
            }
            builder.endList();
          }
          return builder.build();
        });
  }

  /// Gives the elements to take, by position in the child.
  private interface Order {
    int[] of(Vector elements, int from, int to);
  }

  private static int[] reversed(int from, int to) {
    int[] order = new int[to - from];
    for (int e = 0; e < order.length; e++) {
      order[e] = to - 1 - e;
    }
    return order;
  }

  private static int[] distinct(Vector elements, int from, int to) {
    int[] order = new int[to - from];
    java.util.Set<Object> seen = new java.util.HashSet<>();
    int count = 0;
    for (int e = from; e < to; e++) {
      if (!elements.isNull(e) && seen.add(dev.varve.storage.vector.VectorValues.get(elements, e))) {
        order[count++] = e;
      }
    }
    return java.util.Arrays.copyOf(order, count);
  }

  private static ScalarFunction rearranged(String name, String how, Order order) {
    return ScalarFunction.of(
        name,
        name + "(array)",
        "The array " + how + ".",
        args -> {
          Arguments.count(name, args, 1, 1);
          element(name, args, 0);
          DataType type = args.getFirst().plain();
          return new Binding(
              type,
              (v, rows, scratch) -> {
                Vector flat = VectorOps.flatten(v.getFirst(), scratch);
                VectorBuilder builder = new VectorBuilder(type, scratch);
                for (int i = 0; i < rows; i++) {
                  for (int e : order.of(flat.elements(), flat.listFrom(i), flat.listTo(i))) {
                    builder.child(0).append(flat.elements(), e);
                  }
                  builder.endList();
                }
                return builder.build();
              });
        });
  }

  private static Binding concat(
      List<Argument> args, Function<List<DataType>, DataType> commonType) {
    Arguments.count("arrayConcat", args, 1, Integer.MAX_VALUE);
    DataType type = commonType.apply(args.stream().map(Argument::type).toList());
    element("arrayConcat", args, 0);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          List<Vector> arrays = new ArrayList<>();
          for (Vector vector : v) {
            arrays.add(VectorOps.flatten(cast(vector, type, rows, scratch), scratch));
          }
          for (int i = 0; i < rows; i++) {
            for (Vector array : arrays) {
              for (int e = array.listFrom(i); e < array.listTo(i); e++) {
                builder.child(0).append(array.elements(), e);
              }
            }
            builder.endList();
          }
          return builder.build();
        });
  }

  private static DataType.MapOf mapType(String name, List<Argument> args) {
    if (args.getFirst().plain() instanceof DataType.MapOf map) {
      return map;
    }
    throw Arguments.illegal(name, 0, args.getFirst().type(), "a map");
  }

  private static Binding side(List<Argument> args, int index) {
    Arguments.count("mapKeys", args, 1, 1);
    DataType.MapOf map = mapType("mapKeys", args);
    DataType type = DataTypes.array(index == 0 ? map.key() : map.value());
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector flat = VectorOps.flatten(v.getFirst(), scratch);
          return Vector.list(
              type, rows, flat.offsets(), flat.elements().children().get(index), null);
        });
  }

  private static Binding join(List<Argument> args) {
    Arguments.count("arrayStringConcat", args, 1, 2);
    DataType element = element("arrayStringConcat", args, 0);
    if (args.size() > 1) {
      Arguments.requireText("arrayStringConcat", args, 1);
    }
    Kernel texts = Conversion.plain(element, DataTypes.STRING);
    return new Binding(
        DataTypes.STRING,
        (v, rows, scratch) -> {
          Vector flat = VectorOps.flatten(v.getFirst(), scratch);
          Vector elements =
              texts.evaluate(List.of(flat.elements()), flat.elements().rows(), scratch);
          VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
          for (int i = 0; i < rows; i++) {
            java.io.ByteArrayOutputStream text = new java.io.ByteArrayOutputStream();
            boolean first = true;
            for (int e = flat.listFrom(i); e < flat.listTo(i); e++) {
              if (flat.elements().isNull(e)) {
                continue;
              }
              if (!first && v.size() > 1) {
                text.writeBytes(v.get(1).getBytes(i));
              }
              text.writeBytes(elements.getBytes(e));
              first = false;
            }
            builder.appendBytes(text.toByteArray());
          }
          return builder.build();
        });
  }
}
