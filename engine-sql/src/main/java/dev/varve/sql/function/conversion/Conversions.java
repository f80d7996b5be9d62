// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.conversion;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
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
import java.util.function.Function;
import java.util.function.Supplier;

/// `toInt32`, `toDateOrNull`, `toDecimal64(x, 2)` and their kin, made from one list of types.
public final class Conversions {
  private Conversions() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    for (String name :
        List.of(
            "Int8", "Int16", "Int32", "Int64", "Int128", "Int256", "UInt8", "UInt16", "UInt32",
            "UInt64", "UInt128", "UInt256", "Float32", "Float64", "Date32", "UUID", "IPv4",
            "IPv6")) {
      DataType type = DataTypes.parse(name);
      family(all, name, 1, 1, _ -> type);
    }
    family(all, "Bool", 1, 1, _ -> DataTypes.BOOL);
    family(all, "Date", 1, 2, _ -> DataTypes.DATE);
    family(
        all,
        "DateTime",
        1,
        2,
        args -> new DataType.DateTime(Arguments.constantZone("toDateTime", args, 1)));
    family(
        all,
        "DateTime64",
        1,
        3,
        args ->
            new DataType.DateTime64(
                args.size() < 2 ? 3 : Arguments.constantInt("toDateTime64", args, 1),
                Arguments.constantZone("toDateTime64", args, 2)));
    family(all, "Time", 1, 1, _ -> DataTypes.TIME);
    family(
        all,
        "Time64",
        1,
        2,
        args ->
            new DataType.Time64(args.size() < 2 ? 3 : Arguments.constantInt("toTime64", args, 1)));
    decimals(all, "Decimal32", 9);
    decimals(all, "Decimal64", 18);
    decimals(all, "Decimal128", 38);
    decimals(all, "Decimal256", 76);
    all.add(
        ScalarFunction.of(
            "toString",
            "toString(x)",
            "The value as text.",
            args -> {
              Arguments.count("toString", args, 1, 2);
              return bind(args, DataTypes.STRING, Overflow.WRAP);
            }));
    all.add(
        ScalarFunction.of(
            "toFixedString",
            "toFixedString(text, n)",
            "The text filled with zeros to n bytes; fails where it is longer.",
            args -> {
              Arguments.count("toFixedString", args, 2, 2);
              int bytes = Arguments.constantInt("toFixedString", args, 1);
              DataType type = within("toFixedString", () -> new DataType.FixedText(bytes));
              return bind(args, type, Overflow.FAIL);
            }));
    all.add(named("accurateCast", Overflow.FAIL));
    all.add(named("accurateCastOrNull", Overflow.NULL));
    all.add(
        ScalarFunction.of(
            "accurateCastOrDefault",
            "accurateCastOrDefault(x, 'Type'[, otherwise])",
            "The value as the type that is named, or the other value, or the type's default.",
            args -> {
              Arguments.count("accurateCastOrDefault", args, 2, 3);
              DataType type =
                  DataTypes.parse(Arguments.constantText("accurateCastOrDefault", args, 1));
              return args.size() > 2 ? otherwise(args, type) : bind(args, type, Overflow.DEFAULT);
            }));
    return all;
  }

  private static ScalarFunction named(String name, Overflow overflow) {
    return ScalarFunction.of(
        name,
        name + "(x, 'Type')",
        "The value as the type that is named.",
        args -> {
          Arguments.count(name, args, 2, 2);
          DataType type = DataTypes.parse(Arguments.constantText(name, args, 1));
          return bind(args, overflow == Overflow.NULL ? DataTypes.nullable(type) : type, overflow);
        });
  }

  /// The type, whose own limits are an error of the call that asks for it.
  private static DataType within(String function, Supplier<DataType> type) {
    try {
      return type.get();
    } catch (IllegalArgumentException e) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, function + ": " + e.getMessage(), e);
    }
  }

  private static void decimals(List<ScalarFunction> all, String name, int precision) {
    family(
        all,
        name,
        2,
        2,
        args -> new DataType.Decimal(precision, Arguments.constantInt("to" + name, args, 1)));
  }

  private static void family(
      List<ScalarFunction> all,
      String name,
      int min,
      int max,
      Function<List<Argument>, DataType> typeOf) {
    String to = "to" + name;
    Function<List<Argument>, DataType> type = args -> within(to, () -> typeOf.apply(args));
    String call = max == 1 ? "(x)" : "(x, …)";
    all.add(
        ScalarFunction.of(
            to,
            to + call,
            "The value as " + name + ".",
            args -> {
              Arguments.count(to, args, min, max);
              return bind(args, type.apply(args), Overflow.WRAP);
            }));
    all.add(
        ScalarFunction.of(
            to + "OrNull",
            to + "OrNull" + call,
            "The value as " + name + ", or NULL where it is none.",
            args -> {
              Arguments.count(to + "OrNull", args, min, max);
              return bind(args, DataTypes.nullable(type.apply(args)), Overflow.NULL);
            }));
    all.add(
        ScalarFunction.of(
            to + "OrZero",
            to + "OrZero" + call,
            "The value as " + name + ", or the type's default value where it is none.",
            args -> {
              Arguments.count(to + "OrZero", args, min, max);
              return bind(args, type.apply(args), Overflow.DEFAULT);
            }));
    all.add(
        ScalarFunction.of(
            to + "OrDefault",
            to + "OrDefault(x, …[, otherwise])",
            "The value as "
                + name
                + ", or the other value, or the type's default, where it is none.",
            args -> {
              Arguments.count(to + "OrDefault", args, min, max + 1);
              int last = args.size() - 1;
              boolean given =
                  args.size() > max || last >= min && Arguments.isTime(args.get(last).type());
              return given
                  ? otherwise(args, type.apply(args.subList(0, last)))
                  : bind(args, type.apply(args), Overflow.DEFAULT);
            }));
  }

  /// The value as the type, or the last argument where it is none.
  private static Binding otherwise(List<Argument> args, DataType type) {
    Kernel tried =
        Conversion.between(args.getFirst().plain(), DataTypes.nullable(type), Overflow.NULL);
    Kernel other = Conversion.plain(args.getLast().plain(), type);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector value = tried.evaluate(List.of(v.getFirst()), rows, scratch);
          // Only of the rows that want it: in the others it need not fit.
          int[] wanting = new int[rows];
          int count = 0;
          for (int i = 0; i < rows; i++) {
            if (value.isNull(i) && !v.getFirst().isNull(i) && !v.getLast().isNull(i)) {
              wanting[count++] = i;
            }
          }
          Vector chosen =
              VectorOps.flatten(VectorOps.gather(v.getLast(), wanting, count, scratch), scratch);
          Vector rest = other.evaluate(List.of(chosen), count, scratch);
          VectorBuilder builder = new VectorBuilder(type, scratch);
          int next = 0;
          for (int i = 0; i < rows; i++) {
            if (next < count && wanting[next] == i) {
              builder.append(rest, next++);
            } else if (value.isNull(i)) {
              builder.appendDefault();
            } else {
              builder.append(value, i);
            }
          }
          return builder.build();
        });
  }

  private static Binding bind(List<Argument> args, DataType type, Overflow overflow) {
    Kernel kernel = Conversion.between(args.getFirst().plain(), type, overflow);
    return new Binding(
        type, (v, rows, scratch) -> kernel.evaluate(List.of(v.getFirst()), rows, scratch));
  }
}
