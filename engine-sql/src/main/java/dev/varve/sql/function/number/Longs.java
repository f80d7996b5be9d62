// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;

/// Integers of at most eight bytes as a run of longs, the one width that kernels are written for.
public final class Longs {
  private Longs() {}

  /// The values of a vector whose kind fits a long, widened as the type says. Rows below a NULL
  /// hold anything.
  public static MemorySegment of(Vector vector, Scratch scratch) {
    Vector flat = VectorOps.flatten(vector, scratch);
    if (flat.physical() == Physical.INT64) {
      return flat.values();
    }
    int rows = flat.rows();
    MemorySegment from = flat.values();
    MemorySegment to = scratch.allocate(rows * 8L);
    boolean unsigned = flat.type().isUnsigned();
    switch (flat.physical()) {
      case INT8 -> widen8(from, to, rows, unsigned ? 0xFFL : -1L);
      case INT16 -> widen16(from, to, rows, unsigned ? 0xFFFFL : -1L);
      case INT32 -> widen32(from, to, rows, unsigned ? 0xFFFFFFFFL : -1L);
      default -> throw new IllegalStateException(flat.type().name() + " does not fit a long");
    }
    return to;
  }

  private static void widen8(MemorySegment from, MemorySegment to, int rows, long mask) {
    for (int i = 0; i < rows; i++) {
      to.set(Vector.I64, i * 8L, from.get(JAVA_BYTE, i) & mask);
    }
  }

  private static void widen16(MemorySegment from, MemorySegment to, int rows, long mask) {
    for (int i = 0; i < rows; i++) {
      to.set(Vector.I64, i * 8L, from.get(Vector.I16, i * 2L) & mask);
    }
  }

  private static void widen32(MemorySegment from, MemorySegment to, int rows, long mask) {
    for (int i = 0; i < rows; i++) {
      to.set(Vector.I64, i * 8L, from.get(Vector.I32, i * 4L) & mask);
    }
  }

  /// Longs cut to the width of a kind; higher bits are lost.
  public static MemorySegment narrow(
      MemorySegment longs, int rows, Physical physical, Scratch scratch) {
    if (physical == Physical.INT64) {
      return longs;
    }
    MemorySegment to = scratch.allocate((long) rows * physical.width());
    switch (physical) {
      case INT8 -> {
        for (int i = 0; i < rows; i++) {
          to.set(JAVA_BYTE, i, (byte) longs.get(Vector.I64, i * 8L));
        }
      }
      case INT16 -> {
        for (int i = 0; i < rows; i++) {
          to.set(Vector.I16, i * 2L, (short) longs.get(Vector.I64, i * 8L));
        }
      }
      case INT32 -> {
        for (int i = 0; i < rows; i++) {
          to.set(Vector.I32, i * 4L, (int) longs.get(Vector.I64, i * 8L));
        }
      }
      default -> throw new IllegalStateException("longs do not become " + physical);
    }
    return to;
  }

  /// The greatest magnitude among the values, or `Long.MAX_VALUE` where it does not fit a long.
  public static long maxMagnitude(MemorySegment longs, int rows) {
    long min = 0;
    long max = 0;
    for (int i = 0; i < rows; i++) {
      long value = longs.get(Vector.I64, i * 8L);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return min == Long.MIN_VALUE ? Long.MAX_VALUE : Math.max(-min, max);
  }
}
