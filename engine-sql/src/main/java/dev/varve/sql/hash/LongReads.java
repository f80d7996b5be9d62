// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Reads the values of a flat vector as longs, extended as their type says. What stands below a
/// NULL is read too. One loop for each width, so that each is compiled for itself.
public final class LongReads {
  private LongReads() {}

  /// Sets `out[0]` to `out[count - 1]` to the values of the rows from `from` on.
  public static void read(Vector flat, int from, int count, long[] out) {
    MemorySegment values = flat.values();
    boolean unsigned = flat.type().isUnsigned();
    switch (flat.physical()) {
      case INT8 -> bytes(values, from, count, unsigned, out);
      case INT16 -> shorts(values, from, count, unsigned, out);
      case INT32 -> {
        if (unsigned) {
          unsignedInts(values, from, count, out);
        } else {
          ints(values, from, count, out);
        }
      }
      case INT64 -> MemorySegment.copy(values, Vector.I64, from * 8L, out, 0, count);
      default -> throw new IllegalStateException(flat + " is not of whole numbers of eight bytes");
    }
  }

  private static void bytes(
      MemorySegment values, int from, int count, boolean unsigned, long[] out) {
    for (int i = 0; i < count; i++) {
      long value = values.get(JAVA_BYTE, from + i);
      out[i] = unsigned ? value & 0xFFL : value;
    }
  }

  private static void shorts(
      MemorySegment values, int from, int count, boolean unsigned, long[] out) {
    for (int i = 0; i < count; i++) {
      long value = values.get(Vector.I16, (from + i) * 2L);
      out[i] = unsigned ? value & 0xFFFFL : value;
    }
  }

  private static void ints(MemorySegment values, int from, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = values.get(Vector.I32, (from + i) * 4L);
    }
  }

  private static void unsignedInts(MemorySegment values, int from, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = values.get(Vector.I32, (from + i) * 4L) & 0xFFFFFFFFL;
    }
  }
}
