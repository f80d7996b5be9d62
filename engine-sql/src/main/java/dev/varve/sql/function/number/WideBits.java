// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import java.math.BigInteger;

/// Bit functions of integers of 128 and 256 bits.
final class WideBits {
  private static final BigInteger MOST_SHIFT = BigInteger.valueOf(256);

  private WideBits() {}

  static Binding bind(String name, DataType type) {
    return RowBinding.of(
        type,
        (v, row, to) ->
            to.appendInteger(
                wrapped(applied(name, v.get(0).getInteger(row), v.get(1).getInteger(row)), type)));
  }

  private static BigInteger applied(String name, BigInteger a, BigInteger b) {
    int places = b.signum() < 0 ? 256 : b.min(MOST_SHIFT).intValue();
    return switch (name) {
      case "bitAnd" -> a.and(b);
      case "bitOr" -> a.or(b);
      case "bitXor" -> a.xor(b);
      case "bitShiftLeft" -> a.shiftLeft(places);
      case "bitShiftRight" -> a.shiftRight(places);
      case "bitTest" -> a.testBit(places) ? BigInteger.ONE : BigInteger.ZERO;
      default -> throw new IllegalStateException(name + " is no function of two bit sets");
    };
  }

  /// `bitNot` and `bitCount`.
  static Binding ofOne(String name, DataType result, DataType own) {
    return RowBinding.of(
        result,
        (v, row, to) -> {
          BigInteger bits = v.getFirst().getInteger(row);
          boolean counts = name.equals("bitCount");
          BigInteger low = BigInteger.ONE.shiftLeft(8 * own.width()).subtract(BigInteger.ONE);
          to.appendInteger(
              counts ? BigInteger.valueOf(bits.and(low).bitCount()) : wrapped(bits.not(), result));
        });
  }

  // The low bits of the type's width.
  private static BigInteger wrapped(BigInteger value, DataType type) {
    int bits = 8 * type.width();
    BigInteger low = value.and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    return !type.isUnsigned() && low.testBit(bits - 1)
        ? low.subtract(BigInteger.ONE.shiftLeft(bits))
        : low;
  }
}
