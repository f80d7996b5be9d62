// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Floats that were decimals once as integers over a power of ten, as blocks of format version 1
/// hold them; [Alp] took their place. Those that the division does not give stand beside as
/// exceptions.
///
/// A section: exponent (`u32`), number of exceptions (`u32`), the row of each (`u32`), zeros to a
/// multiple of eight, the bits of each (`u64`), the integers as a run.
final class ScaledFloats {
  private static final double[] POWERS = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};

  private ScaledFloats() {}

  /// Reads a section into a segment of as many floats.
  static void decode(
      MemorySegment in,
      long at,
      int count,
      Physical physical,
      IntegerDecoder integers,
      MemorySegment out) {
    double divisor = POWERS[in.get(Vector.I32, at)];
    int exceptions = in.get(Vector.I32, at + 4);
    if (exceptions < 0 || exceptions > count) {
      throw new MalformedBytesException("at most " + count + " exceptions", exceptions);
    }
    long rows = at + 8;
    long raw = rows + (4L * exceptions + 7 & ~7);
    long[] scaled = integers.decode(in, raw + 8L * exceptions, count);
    if (physical == Physical.FLOAT32) {
      divide32(scaled, count, divisor, out);
    } else {
      divide64(scaled, count, divisor, out);
    }
    for (int e = 0; e < exceptions; e++) {
      long row = Integer.toUnsignedLong(in.get(Vector.I32, rows + 4L * e));
      long bits = in.get(Vector.I64, raw + 8L * e);
      if (physical == Physical.FLOAT32) {
        out.set(Vector.I32, row * 4, (int) bits);
      } else {
        out.set(Vector.I64, row * 8, bits);
      }
    }
  }

  private static void divide64(long[] scaled, int count, double divisor, MemorySegment out) {
    for (int i = 0; i < count; i++) {
      out.set(Vector.F64, i * 8L, scaled[i] / divisor);
    }
  }

  private static void divide32(long[] scaled, int count, double divisor, MemorySegment out) {
    for (int i = 0; i < count; i++) {
      out.set(Vector.F32, i * 4L, (float) (scaled[i] / divisor));
    }
  }
}
