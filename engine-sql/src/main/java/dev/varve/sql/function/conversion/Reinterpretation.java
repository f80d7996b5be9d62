// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.conversion;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// `reinterpret…`: the bytes of a value, least first as they lie in memory, as another type's.
public final class Reinterpretation {
  private Reinterpretation() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    for (String name :
        List.of(
            "UInt8",
            "UInt16",
            "UInt32",
            "UInt64",
            "UInt128",
            "UInt256",
            "Int8",
            "Int16",
            "Int32",
            "Int64",
            "Int128",
            "Int256",
            "Float32",
            "Float64",
            "Date",
            "DateTime",
            "UUID")) {
      DataType type = DataTypes.parse(name);
      all.add(
          Declared.bound(
              "reinterpretAs" + name + "(x Any)",
              "The bytes of x as " + name + "; missing ones are zero.",
              args -> bind("reinterpretAs" + name, args, type)));
    }
    all.add(
        Declared.bound(
            "reinterpretAsString(x Any)",
            "The bytes of x, without zeros at the end.",
            args -> bind("reinterpretAsString", args, DataTypes.STRING)));
    all.add(
        Declared.bound(
            "reinterpretAsFixedString(x Any)",
            "The bytes of x.",
            args ->
                bind(
                    "reinterpretAsFixedString",
                    args,
                    new DataType.FixedText(Math.max(1, args.getFirst().plain().width())))));
    all.add(
        Declared.bound(
            "reinterpret(x Any, type const String)",
            "The bytes of x as the named type.",
            args ->
                bind(
                    "reinterpret",
                    args,
                    DataTypes.parse(Arguments.constantText("reinterpret", args, 1)))));
    return all;
  }

  private static Binding bind(String name, List<Argument> args, DataType type) {
    DataType from = args.getFirst().plain();
    boolean nested =
        from instanceof DataType.Tuple
            || from instanceof DataType.MapOf
            || from instanceof DataType.Array(DataType e) && e.width() == 0;
    if (nested || type instanceof DataType.Tuple || type instanceof DataType.MapOf) {
      throw Arguments.illegal(name, 0, from, "a value that lies in memory as one piece");
    }
    return RowBinding.of(type, (v, row, to) -> append(bytes(v.getFirst(), row, from), type, to));
  }

  /// The bytes, least first.
  private static byte[] bytes(Vector value, int row, DataType type) {
    return switch (type) {
      case DataType.Text _, DataType.FixedText _ -> value.getBytes(row);
      case DataType.Uuid _ -> swapped(value.getBytes(row));
      case DataType.Ipv6 _ -> value.getBytes(row);
      case DataType.Float(int bits) ->
          bits == 32
              ? little(BigInteger.valueOf(Float.floatToRawIntBits((float) value.getDouble(row))), 4)
              : little(BigInteger.valueOf(Double.doubleToRawLongBits(value.getDouble(row))), 8);
      case DataType.Decimal decimal ->
          little(value.getInteger(row), decimal.precision() <= 9 ? 4 : type.width());
      case DataType.Array(DataType element) -> {
        int width = element.width();
        byte[] all = new byte[(value.listTo(row) - value.listFrom(row)) * width];
        for (int e = value.listFrom(row); e < value.listTo(row); e++) {
          byte[] one = bytes(value.elements(), e, element.unwrapped());
          System.arraycopy(one, 0, all, (e - value.listFrom(row)) * width, width);
        }
        yield all;
      }
      default -> little(value.getInteger(row), type.width());
    };
  }

  // A UUID lies as two numbers of eight bytes, each least byte first.
  private static byte[] swapped(byte[] uuid) {
    byte[] out = new byte[16];
    for (int i = 0; i < 8; i++) {
      out[i] = uuid[7 - i];
      out[8 + i] = uuid[15 - i];
    }
    return out;
  }

  private static byte[] little(BigInteger number, int width) {
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  private static BigInteger number(byte[] bytes, int width) {
    byte[] big = new byte[width];
    for (int i = 0; i < Math.min(width, bytes.length); i++) {
      big[width - 1 - i] = bytes[i];
    }
    return new BigInteger(big);
  }

  private static void append(byte[] bytes, DataType type, VectorBuilder to) {
    switch (type) {
      case DataType.Text _ -> {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
          length--;
        }
        to.appendBytes(bytes, 0, length);
      }
      case DataType.FixedText(int width) -> to.appendBytes(java.util.Arrays.copyOf(bytes, width));
      case DataType.Uuid _ -> to.appendBytes(swapped(java.util.Arrays.copyOf(bytes, 16)));
      case DataType.Ipv6 _ -> to.appendBytes(java.util.Arrays.copyOf(bytes, 16));
      case DataType.Float(int bits) -> {
        long raw = number(bytes, bits / 8).longValue();
        to.appendDouble(
            bits == 32 ? Float.intBitsToFloat((int) raw) : Double.longBitsToDouble(raw));
      }
      case DataType.Array(DataType element) -> {
        int width = Math.max(1, element.width());
        for (int at = 0; at + width <= bytes.length; at += width) {
          append(java.util.Arrays.copyOfRange(bytes, at, at + width), element, to.child(0));
        }
        to.endList();
      }
      default -> to.appendInteger(number(bytes, type.width()));
    }
  }
}
