// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;

/// Numbers of any type as a run of doubles.
public final class Doubles {
  private static final int EXACT_POWERS = 22;

  private Doubles() {}

  /// The values of a numeric vector, rounded to the nearest double where they are not one. Rows
  /// below a NULL hold anything.
  public static MemorySegment of(Vector vector, Scratch scratch) {
    Vector flat = VectorOps.flatten(vector, scratch);
    int rows = flat.rows();
    if (flat.physical() == Physical.FLOAT64) {
      return flat.values();
    }
    MemorySegment to = scratch.allocate(rows * 8L);
    int scale = flat.type().unwrapped() instanceof DataType.Decimal d ? d.scale() : 0;
    if (flat.physical() == Physical.FLOAT32) {
      for (int i = 0; i < rows; i++) {
        to.set(Vector.F64, i * 8L, flat.values().get(Vector.F32, i * 4L));
      }
    } else if (flat.physical().isLong() && scale <= EXACT_POWERS) {
      fromLongs(flat, scale, to, rows, scratch);
    } else {
      for (int i = 0; i < rows; i++) {
        to.set(Vector.F64, i * 8L, new BigDecimal(flat.getInteger(i), scale).doubleValue());
      }
    }
    return to;
  }

  private static void fromLongs(
      Vector flat, int scale, MemorySegment to, int rows, Scratch scratch) {
    MemorySegment longs = Longs.of(flat, scratch);
    double divisor = Math.pow(10, scale);
    if (flat.physical() == Physical.INT64 && flat.type().isUnsigned()) {
      for (int i = 0; i < rows; i++) {
        to.set(Vector.F64, i * 8L, unsigned(longs.get(Vector.I64, i * 8L)));
      }
    } else if (scale == 0) {
      for (int i = 0; i < rows; i++) {
        to.set(Vector.F64, i * 8L, (double) longs.get(Vector.I64, i * 8L));
      }
    } else {
      // Both are exact up to 2^53, so the quotient is the nearest double of the decimal.
      for (int i = 0; i < rows; i++) {
        to.set(Vector.F64, i * 8L, longs.get(Vector.I64, i * 8L) / divisor);
      }
    }
  }

  /// An unsigned long as the nearest double.
  public static double unsigned(long value) {
    if (value >= 0) {
      return value;
    }
    // Halve with the lost bit kept sticky, so that rounding happens once.
    return (double) (value >>> 1 | value & 1) * 2;
  }

  static Vector vector(DataType type, MemorySegment doubles, int rows, Scratch scratch) {
    if (type.physical() == Physical.FLOAT64) {
      return Vector.fixed(type, rows, doubles, null);
    }
    MemorySegment floats = scratch.allocate(rows * 4L);
    for (int i = 0; i < rows; i++) {
      floats.set(Vector.F32, i * 4L, (float) doubles.get(Vector.F64, i * 8L));
    }
    return Vector.fixed(type, rows, floats, null);
  }

  static Vector vector(MemorySegment doubles, int rows) {
    return Vector.fixed(DataTypes.FLOAT64, rows, doubles, null);
  }
}
