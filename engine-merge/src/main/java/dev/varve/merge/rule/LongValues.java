// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Columns of at most eight bytes as `long[]`, and back.
final class LongValues {
  private LongValues() {}

  /// The values, sign-extended or zero-extended as the type says.
  static long[] of(Vector vector) {
    int rows = vector.rows();
    long[] values = new long[rows];
    if (vector.isConstant()) {
      if (rows > 0) {
        Arrays.fill(values, vector.getLong(0));
      }
    } else if (vector.isDictionary()) {
      for (int i = 0; i < rows; i++) {
        values[i] = vector.getLong(i);
      }
    } else {
      fill(vector, values, rows);
    }
    return values;
  }

  /// Whether a vector's values are integers of at most eight bytes.
  static boolean fits(Vector vector) {
    return switch (vector.base().physical()) {
      case INT8, INT16, INT32, INT64 -> true;
      default -> false;
    };
  }

  /// The values, changed so that signed comparison is their order; only UInt64 differs from [#of].
  static long[] ordered(Vector vector) {
    long[] values = of(vector);
    if (vector.width() == 8 && vector.type().isUnsigned()) {
      for (int i = 0; i < values.length; i++) {
        values[i] ^= Long.MIN_VALUE;
      }
    }
    return values;
  }

  private static void fill(Vector vector, long[] to, int rows) {
    MemorySegment from = vector.values();
    switch (vector.physical()) {
      case INT8 -> {
        long mask = vector.type().isUnsigned() ? 0xFF : -1;
        for (int i = 0; i < rows; i++) {
          to[i] = from.get(JAVA_BYTE, i) & mask;
        }
      }
      case INT16 -> {
        long mask = vector.type().isUnsigned() ? 0xFFFF : -1;
        for (int i = 0; i < rows; i++) {
          to[i] = from.get(Vector.I16, i * 2L) & mask;
        }
      }
      case INT32 -> {
        long mask = vector.type().isUnsigned() ? 0xFFFFFFFFL : -1;
        for (int i = 0; i < rows; i++) {
          to[i] = from.get(Vector.I32, i * 4L) & mask;
        }
      }
      default -> MemorySegment.copy(from, Vector.I64, 0, to, 0, rows);
    }
  }

  /// A vector of type Int64.
  static Vector int64(long[] values, int rows, Scratch scratch) {
    MemorySegment segment = scratch.allocate(rows * 8L);
    MemorySegment.copy(values, 0, segment, Vector.I64, 0, rows);
    return Vector.fixed(DataTypes.INT64, rows, segment, null);
  }

  /// A vector of type Int8.
  static Vector int8(long[] values, int rows, Scratch scratch) {
    MemorySegment segment = scratch.allocate(rows);
    for (int i = 0; i < rows; i++) {
      segment.set(JAVA_BYTE, i, (byte) values[i]);
    }
    return Vector.fixed(DataTypes.INT8, rows, segment, null);
  }
}
