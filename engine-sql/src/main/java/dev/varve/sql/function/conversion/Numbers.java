// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.conversion;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.number.Doubles;
import dev.varve.sql.function.number.Longs;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Between numbers, and what lies in memory as one: Bool, Enum, IPv4. Fractions are cut towards
/// zero on the way to an integer and rounded half up on the way to a decimal.
final class Numbers {
  private Numbers() {}

  static Kernel between(DataType from, DataType to, Overflow overflow) {
    if (!isNumeric(from) || !isNumeric(to)) {
      return null;
    }
    return switch (to) {
      case DataType.Bool _ -> (v, rows, scratch) -> toBool(to, v.getFirst(), rows, scratch);
      case DataType.Float(int bits) ->
          (v, rows, scratch) -> toFloat(to, bits, v.getFirst(), rows, scratch);
      case DataType.Decimal decimal ->
          (v, rows, scratch) -> toDecimal(decimal, v.getFirst(), overflow, rows, scratch);
      case DataType.Enumeration labels ->
          (v, rows, scratch) -> toLabels(labels, v.getFirst(), overflow, rows, scratch);
      default -> (v, rows, scratch) -> toInteger(to, v.getFirst(), overflow, rows, scratch);
    };
  }

  private static boolean isNumeric(DataType type) {
    return switch (type) {
      case DataType.Int _,
          DataType.Float _,
          DataType.Decimal _,
          DataType.Bool _,
          DataType.Enumeration _,
          DataType.Ipv4 _ ->
          true;
      default -> false;
    };
  }

  private static Vector toBool(DataType to, Vector input, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      boolean isTrue =
          input.physical().isFloat() ? input.getDouble(i) != 0 : input.getInteger(i).signum() != 0;
      builder.appendLong(isTrue ? 1 : 0);
    }
    return builder.build();
  }

  private static Vector toFloat(DataType to, int bits, Vector input, int rows, Scratch scratch) {
    MemorySegment doubles = Doubles.of(input, scratch);
    if (bits == 64) {
      return Vector.fixed(to, rows, doubles, null);
    }
    MemorySegment floats = scratch.allocate(rows * 4L);
    for (int i = 0; i < rows; i++) {
      floats.set(Vector.F32, i * 4L, (float) doubles.get(Vector.F64, i * 8L));
    }
    return Vector.fixed(to, rows, floats, null);
  }

  private static Vector toInteger(
      DataType to, Vector input, Overflow overflow, int rows, Scratch scratch) {
    boolean plain =
        input.physical().isLong() && !(input.type().unwrapped() instanceof DataType.Decimal);
    if (plain && to.physical().isLong()) {
      MemorySegment longs = Longs.of(input, scratch);
      if (overflow == Overflow.WRAP || fits(input, longs, rows, to)) {
        return Vector.fixed(to, rows, Longs.narrow(longs, rows, to.physical(), scratch), null);
      }
    }
    Vector flat = VectorOps.flatten(input, scratch);
    int bits = to.physical().width() * 8;
    BigInteger low =
        to.isUnsigned() ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(bits - 1).negate();
    BigInteger high = BigInteger.ONE.shiftLeft(to.isUnsigned() ? bits : bits - 1);
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      BigInteger value = flat.isNull(i) ? BigInteger.ZERO : whole(flat, i);
      if (value != null && value.compareTo(low) >= 0 && value.compareTo(high) < 0) {
        builder.appendInteger(value);
      } else if (overflow == Overflow.WRAP) {
        builder.appendInteger(wrapped(value, bits, to.isUnsigned()));
      } else {
        refuse(builder, overflow, flat, i, to);
      }
    }
    return builder.build();
  }

  /// A number that no label has does not become one of the enumeration.
  private static Vector toLabels(
      DataType.Enumeration to, Vector input, Overflow overflow, int rows, Scratch scratch) {
    Vector flat = VectorOps.flatten(input, scratch);
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      BigInteger value = flat.isNull(i) ? null : whole(flat, i);
      if (flat.isNull(i)) {
        builder.appendDefault();
      } else if (value != null
          && value.bitLength() < to.bits()
          && to.textOf(value.intValue()) != null) {
        builder.appendInteger(value);
      } else {
        refuse(builder, overflow, flat, i, to);
      }
    }
    return builder.build();
  }

  private static BigInteger wrapped(BigInteger value, int bits, boolean unsigned) {
    if (value == null) {
      return BigInteger.ZERO;
    }
    BigInteger low = value.mod(BigInteger.ONE.shiftLeft(bits));
    return !unsigned && low.testBit(bits - 1) ? low.subtract(BigInteger.ONE.shiftLeft(bits)) : low;
  }

  private static boolean fits(Vector input, MemorySegment longs, int rows, DataType to) {
    boolean from64 = input.physical() == Physical.INT64 && input.type().isUnsigned();
    int bits = to.physical().width() * 8;
    if (bits == 64) {
      return from64 == to.isUnsigned() || !hasNegative(longs, rows);
    }
    long min = to.isUnsigned() ? 0 : -(1L << bits - 1);
    long max = to.isUnsigned() ? (1L << bits) - 1 : (1L << bits - 1) - 1;
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      long value = longs.get(Vector.I64, i * 8L);
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return least >= min && greatest <= max;
  }

  private static boolean hasNegative(MemorySegment longs, int rows) {
    long any = 0;
    for (int i = 0; i < rows; i++) {
      any |= longs.get(Vector.I64, i * 8L);
    }
    return any < 0;
  }

  /// The whole part of a number, or null where it has none (NaN, infinity).
  private static BigInteger whole(Vector flat, int row) {
    if (flat.physical().isFloat()) {
      double value = flat.getDouble(row);
      return Double.isFinite(value) ? new BigDecimal(value).toBigInteger() : null;
    }
    int scale = flat.type().unwrapped() instanceof DataType.Decimal d ? d.scale() : 0;
    return new BigDecimal(flat.getInteger(row), scale).toBigInteger();
  }

  private static Vector toDecimal(
      DataType.Decimal to, Vector input, Overflow overflow, int rows, Scratch scratch) {
    Vector quick = rescaled(to, input, rows, scratch);
    if (quick != null) {
      return quick;
    }
    Vector flat = VectorOps.flatten(input, scratch);
    int scale = flat.type().unwrapped() instanceof DataType.Decimal d ? d.scale() : 0;
    BigInteger limit = BigInteger.TEN.pow(to.precision());
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      if (flat.isNull(i)) {
        builder.appendDefault();
        continue;
      }
      BigDecimal value = null;
      if (!flat.physical().isFloat()) {
        value = new BigDecimal(flat.getInteger(i), scale);
      } else if (Double.isFinite(flat.getDouble(i))) {
        value = BigDecimal.valueOf(flat.getDouble(i));
      }
      BigInteger unscaled =
          value == null ? null : value.setScale(to.scale(), RoundingMode.HALF_UP).unscaledValue();
      if (unscaled != null && unscaled.abs().compareTo(limit) < 0) {
        builder.appendInteger(unscaled);
      } else {
        refuse(builder, overflow, flat, i, to);
      }
    }
    return builder.build();
  }

  /// Exact numbers that only need a factor and surely fit; else null.
  private static Vector rescaled(DataType.Decimal to, Vector input, int rows, Scratch scratch) {
    if (!input.physical().isLong()
        || input.physical() == Physical.INT64 && input.type().isUnsigned()) {
      return null;
    }
    int scale = input.type().unwrapped() instanceof DataType.Decimal d ? d.scale() : 0;
    int shift = to.scale() - scale;
    if (shift < 0 || shift > 18) {
      return null;
    }
    MemorySegment longs = Longs.of(input, scratch);
    long magnitude = Longs.maxMagnitude(longs, rows);
    long factor = BigInteger.TEN.pow(shift).longValueExact();
    boolean fits =
        Math.multiplyHigh(magnitude, factor) == 0
            && magnitude * factor >= 0
            && (to.precision() >= 19
                || magnitude * factor < BigInteger.TEN.pow(to.precision()).longValueExact());
    if (!fits) {
      return null;
    }
    if (factor == 1) {
      return Vector.fixed(to, Physical.INT64, rows, longs, null);
    }
    MemorySegment out = scratch.allocate(rows * 8L);
    for (int i = 0; i < rows; i++) {
      out.set(Vector.I64, i * 8L, longs.get(Vector.I64, i * 8L) * factor);
    }
    return Vector.fixed(to, Physical.INT64, rows, out, null);
  }

  private static void refuse(
      VectorBuilder builder, Overflow overflow, Vector flat, int row, DataType to) {
    switch (overflow) {
      case NULL -> builder.appendNull();
      case DEFAULT -> builder.appendDefault();
      case FAIL, WRAP ->
          throw new VarveException(
              to instanceof DataType.Decimal
                  ? ErrorCode.DECIMAL_OVERFLOW
                  : ErrorCode.CANNOT_CONVERT_TYPE,
              dev.varve.storage.vector.VectorValues.get(flat, row) + " does not fit " + to.name());
    }
  }
}
