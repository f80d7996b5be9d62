// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import java.math.BigInteger;
import java.util.List;

/// Bit functions of texts, whose first byte is the most significant. A String that is shifted gets
/// longer or shorter by the whole bytes moved, and longer by one for the rest; a FixedString stays.
final class TextBits {
  private TextBits() {}

  /// Whether the arguments are two FixedStrings of one width, or a text to shift.
  static boolean areTexts(String name, List<Argument> args) {
    DataType a = args.get(0).plain();
    return name.startsWith("bitShift")
        ? (a instanceof DataType.Text || a instanceof DataType.FixedText)
            && args.get(1).plain() instanceof DataType.Int places
            && places.bits() <= Long.SIZE
        : a instanceof DataType.FixedText
            && !name.equals("bitTest")
            && a.equals(args.get(1).plain());
  }

  static Binding bind(String name, List<Argument> args) {
    DataType type = args.getFirst().plain();
    boolean fixed = type instanceof DataType.FixedText;
    return RowBinding.of(
        type,
        (v, row, to) -> {
          byte[] bytes = v.getFirst().getBytes(row);
          to.appendBytes(
              name.startsWith("bitShift")
                  ? shifted(name, bytes, v.get(1).getLong(row), fixed)
                  : combined(name, bytes, v.get(1).getBytes(row)));
        });
  }

  private static byte[] combined(String name, byte[] a, byte[] b) {
    byte[] result = new byte[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] =
          switch (name) {
            case "bitAnd" -> (byte) (a[i] & b[i]);
            case "bitOr" -> (byte) (a[i] | b[i]);
            default -> (byte) (a[i] ^ b[i]);
          };
    }
    return result;
  }

  private static byte[] shifted(String name, byte[] bytes, long places, boolean fixed) {
    if (places < 0) {
      throw new VarveException(
          ErrorCode.ARGUMENT_OUT_OF_BOUND, name + " moves by 0 places or more, found " + places);
    }
    if (places > 8L * bytes.length) {
      return new byte[fixed ? bytes.length : 0];
    }
    int by = (int) places;
    BigInteger value = new BigInteger(1, bytes);
    if (name.equals("bitShiftRight")) {
      return last(value.shiftRight(by), fixed ? bytes.length : bytes.length - by / 8);
    }
    return last(value.shiftLeft(by), fixed ? bytes.length : bytes.length + (by + 7) / 8);
  }

  /// The lowest bytes of a value, as many as wanted.
  private static byte[] last(BigInteger value, int length) {
    byte[] all = value.toByteArray();
    byte[] bytes = new byte[length];
    int count = Math.min(length, all.length);
    System.arraycopy(all, all.length - count, bytes, length - count, count);
    return bytes;
  }
}
