// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Decimals, exact. The bounds of each batch decide how wide the result lies: in 64 bits where they
/// prove that it fits, whatever the type could hold, else in 128, else in 256 with an overflow
/// check.
final class DecimalArithmetic {
  private static final int MAX_PRECISION = 76;

  private DecimalArithmetic() {}

  static DataType.Decimal resultType(Operation operation, DataType.Decimal a, DataType.Decimal b) {
    if (operation == Operation.MULTIPLY) {
      int scale = Math.min(MAX_PRECISION, a.scale() + b.scale());
      return new DataType.Decimal(Math.min(MAX_PRECISION, a.precision() + b.precision()), scale);
    }
    int scale = Math.max(a.scale(), b.scale());
    int whole = Math.max(a.precision() - a.scale(), b.precision() - b.scale()) + 1;
    return new DataType.Decimal(Math.min(MAX_PRECISION, whole + scale), scale);
  }

  /// Scale of a quotient: six digits more than the dividend has, up to twelve.
  static DataType.Decimal quotientType(DataType.Decimal a, DataType.Decimal b) {
    int scale = Math.max(a.scale(), Math.min(a.scale() + 6, 12));
    int whole = a.precision() - a.scale() + b.scale();
    return new DataType.Decimal(Math.min(MAX_PRECISION, Math.max(1, whole + scale)), scale);
  }

  static Vector evaluate(
      Operation operation,
      DataType.Decimal type,
      Vector a,
      int aScale,
      Vector b,
      int bScale,
      int rows,
      Scratch scratch) {
    boolean product = operation == Operation.MULTIPLY;
    int aShift = product ? 0 : type.scale() - aScale;
    int bShift = product ? 0 : type.scale() - bScale;
    if (a.physical().isLong()
        && b.physical().isLong()
        && !isWideUnsigned(a)
        && !isWideUnsigned(b)) {
      BigInteger bound =
          operation == Operation.MULTIPLY
              ? magnitude(a, scratch).multiply(magnitude(b, scratch))
              : magnitude(a, scratch)
                  .multiply(BigInteger.TEN.pow(aShift))
                  .add(magnitude(b, scratch).multiply(BigInteger.TEN.pow(bShift)));
      if (bound.bitLength() < 64 && aShift <= 18 && bShift <= 18) {
        return narrow(operation, type, a, aShift, b, bShift, rows, scratch);
      }
      if (product) {
        return longProduct(type, a, b, rows, scratch);
      }
    }
    return wide(operation, type, a, aShift, b, bShift, rows, scratch);
  }

  private static boolean isWideUnsigned(Vector vector) {
    return vector.physical() == Physical.INT64 && vector.type().isUnsigned();
  }

  private static BigInteger magnitude(Vector vector, Scratch scratch) {
    if (vector.isConstant()) {
      return vector.isNull(0) ? BigInteger.ZERO : BigInteger.valueOf(vector.getLong(0)).abs();
    }
    return BigInteger.valueOf(Longs.maxMagnitude(Longs.of(vector, scratch), vector.rows()));
  }

  private static Vector narrow(
      Operation operation,
      DataType.Decimal type,
      Vector a,
      int aShift,
      Vector b,
      int bShift,
      int rows,
      Scratch scratch) {
    MemorySegment out = scratch.allocate(rows * 8L);
    long am = power(aShift);
    long bm = power(bShift);
    switch (operation) {
      case PLUS -> IntegerArithmetic.sum(a, am, b, bm, out, rows, scratch);
      case MINUS -> IntegerArithmetic.sum(a, am, b, -bm, out, rows, scratch);
      case MULTIPLY -> IntegerArithmetic.product(a, b, out, rows, scratch);
    }
    return Vector.fixed(type, Physical.INT64, rows, out, null);
  }

  private static long power(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  /// Products of longs, which always fit 128 bits.
  private static Vector longProduct(
      DataType.Decimal type, Vector a, Vector b, int rows, Scratch scratch) {
    if (type.physical() == Physical.INT64) {
      throw overflow(type);
    }
    MemorySegment left = Longs.of(a, scratch);
    MemorySegment right = Longs.of(b, scratch);
    MemorySegment out = scratch.allocate(rows * 16L);
    for (int i = 0; i < rows; i++) {
      long x = left.get(Vector.I64, i * 8L);
      long y = right.get(Vector.I64, i * 8L);
      out.set(Vector.I64, i * 16L, x * y);
      out.set(Vector.I64, i * 16L + 8, Math.multiplyHigh(x, y));
    }
    return Vector.fixed(type, Physical.INT128, rows, out, null);
  }

  private static Vector wide(
      Operation operation,
      DataType.Decimal type,
      Vector a,
      int aShift,
      Vector b,
      int bShift,
      int rows,
      Scratch scratch) {
    BigInteger am = BigInteger.TEN.pow(aShift);
    BigInteger bm = BigInteger.TEN.pow(bShift);
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      if (a.isNull(i) || b.isNull(i)) {
        builder.appendLong(0);
        continue;
      }
      BigInteger value =
          operation.apply(a.getInteger(i).multiply(am), b.getInteger(i).multiply(bm));
      builder.appendInteger(checked(value, type));
    }
    return builder.build();
  }

  static BigInteger checked(BigInteger value, DataType.Decimal type) {
    if (value.bitLength() > 3 * type.precision()
        && value.abs().compareTo(BigInteger.TEN.pow(type.precision())) >= 0) {
      throw overflow(type);
    }
    return value;
  }

  static VarveException overflow(DataType type) {
    return new VarveException(
        ErrorCode.DECIMAL_OVERFLOW,
        "the result does not fit "
            + type.name()
            + "; cast the operands to Float64 or fewer digits");
  }

  static Vector divide(
      DataType.Decimal type,
      Vector a,
      int aScale,
      Vector b,
      int bScale,
      int rows,
      Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      if (a.isNull(i) || b.isNull(i)) {
        builder.appendLong(0);
        continue;
      }
      BigDecimal divisor = new BigDecimal(b.getInteger(i), bScale);
      if (divisor.signum() == 0) {
        throw new VarveException(
            ErrorCode.ILLEGAL_DIVISION, "division by zero; use nullIf(divisor, 0) for NULL");
      }
      BigDecimal quotient =
          new BigDecimal(a.getInteger(i), aScale)
              .divide(divisor, type.scale(), RoundingMode.HALF_UP);
      builder.appendInteger(checked(quotient.unscaledValue(), type));
    }
    return builder.build();
  }
}
