// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/// Integers: the result is wide enough for its operands up to 64 bits, and wraps there, as the
/// family of this dialect does.
final class IntegerArithmetic {
  private IntegerArithmetic() {}

  /// The next wider type, signed where an operand is or where the result can be below zero.
  static DataType resultType(Operation operation, DataType.Int a, DataType.Int b) {
    int widest = Math.max(a.bits(), b.bits());
    boolean signed = a.signed() || b.signed() || operation == Operation.MINUS;
    int bits = widest >= 64 ? widest : widest * 2;
    return new DataType.Int(bits, signed);
  }

  static Vector evaluate(
      Operation operation, DataType type, Vector a, Vector b, int rows, Scratch scratch) {
    if (!type.physical().isLong()) {
      return wide(operation, type, a, b, rows, scratch);
    }
    MemorySegment out = scratch.allocate(rows * 8L);
    switch (operation) {
      case PLUS -> sum(a, 1, b, 1, out, rows, scratch);
      case MINUS -> sum(a, 1, b, -1, out, rows, scratch);
      case MULTIPLY -> product(a, b, out, rows, scratch);
    }
    return Vector.fixed(type, rows, Longs.narrow(out, rows, type.physical(), scratch), null);
  }

  /// `a * am + b * bm` for operands of at most eight bytes.
  static void sum(
      Vector a, long am, Vector b, long bm, MemorySegment out, int rows, Scratch scratch) {
    if (b.isConstant()) {
      ArithmeticKernels.linear(Longs.of(a, scratch), am, b.getLong(0) * bm, out, rows);
    } else if (a.isConstant()) {
      ArithmeticKernels.linear(Longs.of(b, scratch), bm, a.getLong(0) * am, out, rows);
    } else {
      ArithmeticKernels.addScaled(Longs.of(a, scratch), am, Longs.of(b, scratch), bm, out, rows);
    }
  }

  static void product(Vector a, Vector b, MemorySegment out, int rows, Scratch scratch) {
    if (b.isConstant()) {
      ArithmeticKernels.linear(Longs.of(a, scratch), b.getLong(0), 0, out, rows);
    } else if (a.isConstant()) {
      ArithmeticKernels.linear(Longs.of(b, scratch), a.getLong(0), 0, out, rows);
    } else {
      ArithmeticKernels.multiply(Longs.of(a, scratch), Longs.of(b, scratch), out, rows);
    }
  }

  private static Vector wide(
      Operation operation, DataType type, Vector a, Vector b, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      builder.appendInteger(wrap(operation.apply(a.getInteger(i), b.getInteger(i)), type));
    }
    return builder.build();
  }

  /// The low bits of an integer, read as the type reads them.
  static BigInteger wrap(BigInteger value, DataType type) {
    int bits = type.physical().width() * 8;
    if (value.bitLength() < bits - 1) {
      return value;
    }
    BigInteger low = value.mod(BigInteger.ONE.shiftLeft(bits));
    return !type.isUnsigned() && low.testBit(bits - 1)
        ? low.subtract(BigInteger.ONE.shiftLeft(bits))
        : low;
  }

  static DataType ofBits(int bits, boolean signed) {
    return bits == 64
        ? signed ? DataTypes.INT64 : DataTypes.UINT64
        : new DataType.Int(bits, signed);
  }
}
