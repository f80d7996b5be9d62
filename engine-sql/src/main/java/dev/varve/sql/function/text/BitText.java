// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.math.BigInteger;
import java.util.List;

/// The bytes of values as digits and back: `hex`, `unhex`, `bin`, `unbin`.
///
/// Whole numbers, dates and times lose leading zero bytes; floats and decimals are shown as they
/// lie in memory, least byte first.
public final class BitText {
  private BitText() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
                "hex",
                "hex(x Any)",
                "The bytes of x as hexadecimal digits.",
                args -> digits("hex", args, 4))
            .inAnyCase(),
        ScalarFunction.of("bin", "bin(x Any)", "The bits of x.", args -> digits("bin", args, 1))
            .inAnyCase(),
        Declared.rows(
            "bitSlice(text String, from Int[, length Int])",
            "The bits of a text from a place, 1 for the first; below 0 it counts from the end. Zero"
                + " bits fill the last byte.",
            DataTypes.STRING,
            (v, row, to) ->
                to.appendBytes(
                    slice(
                        v.getFirst().getBytes(row),
                        v.get(1).getLong(row),
                        v.size() < 3 ? Long.MAX_VALUE : v.get(2).getLong(row)))),
        Declared.rows(
                "unhex(text String)",
                "The bytes that hexadecimal digits mean.",
                DataTypes.STRING,
                (v, row, to) -> to.appendBytes(parse(RowBinding.bytes(v.getFirst(), row), 4)))
            .inAnyCase(),
        Declared.rows(
                "unbin(text String)",
                "The bytes that bits mean.",
                DataTypes.STRING,
                (v, row, to) -> to.appendBytes(parse(RowBinding.bytes(v.getFirst(), row), 1)))
            .inAnyCase());
  }

  private static Binding digits(String name, List<Argument> args, int bits) {
    Arguments.count(name, args, 1, 1);
    DataType type = args.getFirst().plain();
    if (type instanceof DataType.Array
        || type instanceof DataType.Tuple
        || type instanceof DataType.MapOf) {
      throw Arguments.illegal(name, 0, type, "a value without parts");
    }
    return RowBinding.of(
        DataTypes.STRING,
        (v, row, to) -> RowBinding.append(text(bytes(v.getFirst(), row, type), bits), to));
  }

  /// The bytes in the order in which they are shown.
  private static byte[] bytes(Vector value, int row, DataType type) {
    return switch (type) {
      case DataType.Float(int width) ->
          width == 32
              ? little(BigInteger.valueOf(Float.floatToRawIntBits((float) value.getDouble(row))), 4)
              : little(BigInteger.valueOf(Double.doubleToRawLongBits(value.getDouble(row))), 8);
      case DataType.Decimal decimal ->
          little(value.getInteger(row), decimal.precision() <= 9 ? 4 : type.width());
      case DataType.Text _, DataType.FixedText _, DataType.Uuid _, DataType.Ipv6 _ ->
          value.getBytes(row);
      case DataType.AggregateState _ -> value.getBytes(row);
      default -> shortened(little(value.getInteger(row), type.width()));
    };
  }

  private static byte[] little(BigInteger number, int width) {
    byte[] bytes = new byte[width];
    BigInteger rest = number;
    for (int i = 0; i < width; i++) {
      bytes[i] = rest.byteValue();
      rest = rest.shiftRight(8);
    }
    return bytes;
  }

  private static byte[] shortened(byte[] little) {
    int length = little.length;
    while (length > 1 && little[length - 1] == 0) {
      length--;
    }
    byte[] big = new byte[length];
    for (int i = 0; i < length; i++) {
      big[i] = little[length - 1 - i];
    }
    return big;
  }

  private static String text(byte[] bytes, int bits) {
    StringBuilder text = new StringBuilder(bytes.length * 8 / bits);
    for (byte b : bytes) {
      for (int shift = 8 - bits; shift >= 0; shift -= bits) {
        text.append("0123456789ABCDEF".charAt((b & 255) >>> shift & ((1 << bits) - 1)));
      }
    }
    return text.toString();
  }

  private static byte[] slice(byte[] text, long from, long length) {
    long bits = text.length * 8L;
    long start = from > 0 ? from - 1 : from < 0 ? bits + from : bits;
    long end = length < 0 ? bits + length : length > bits - start ? bits : start + length;
    start = Math.max(start, 0);
    int count = (int) Math.max(Math.min(end, bits) - start, 0);
    byte[] out = new byte[Math.ceilDiv(count, 8)];
    for (int i = 0; i < count; i++) {
      long at = start + i;
      int bit = text[(int) (at >>> 3)] >>> 7 - (at & 7) & 1;
      out[i >>> 3] |= (byte) (bit << 7 - (i & 7));
    }
    return out;
  }

  // Digits that are none count as bits that are all set, and the first byte may lack digits.
  private static byte[] parse(String text, int bits) {
    int perByte = 8 / bits;
    byte[] bytes = new byte[Math.ceilDiv(text.length(), perByte)];
    int lead = bytes.length * perByte - text.length();
    for (int i = 0; i < text.length(); i++) {
      int digit = Character.digit(text.charAt(i), bits == 4 ? 16 : 2);
      int value = digit < 0 ? bits == 4 ? 255 : 0 : digit;
      int at = (i + lead) / perByte;
      bytes[at] = (byte) (bytes[at] << bits | value);
    }
    return bytes;
  }
}
