// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Floats that were decimals once (prices, measurements) as integers over a power of ten. A float
/// is taken so only where the division gives its very bits; others are exceptions, stored beside.
///
/// A section: exponent (`u32`), number of exceptions (`u32`), the row of each (`u32`), zeros to a
/// multiple of eight, the bits of each (`u64`), the integers as a run.
final class ScaledFloats {
  private static final double[] POWERS = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};
  private static final int SAMPLE = 256;

  /// Below this every integer is a double, and ten times it too.
  private static final double LIMIT = 1L << 49;

  private ScaledFloats() {}

  /// The exponent that fits nine tenths of the values, or -1.
  ///
  /// @param bits floats as [Integers#load] gives them
  static int exponent(long[] bits, int count, Physical physical) {
    int step = Math.max(1, count / SAMPLE);
    int sampled = Math.min(count, SAMPLE);
    for (int exponent = 0; exponent < POWERS.length; exponent++) {
      int fits = 0;
      for (int i = 0; i < sampled; i++) {
        fits += fits(bits[i * step], exponent, physical) ? 1 : 0;
      }
      if (fits * 10 >= sampled * 9) {
        return exponent;
      }
    }
    return -1;
  }

  private static boolean fits(long bits, int exponent, Physical physical) {
    double scaled = Math.rint(value(bits, physical) * POWERS[exponent]);
    return Math.abs(scaled) < LIMIT && bits((long) scaled, exponent, physical) == bits;
  }

  private static double value(long bits, Physical physical) {
    return physical == Physical.FLOAT32
        ? Float.intBitsToFloat((int) bits)
        : Double.longBitsToDouble(bits);
  }

  /// The bits of the float that an integer stands for.
  private static long bits(long scaled, int exponent, Physical physical) {
    double value = scaled / POWERS[exponent];
    return physical == Physical.FLOAT32
        ? Float.floatToRawIntBits((float) value)
        : Double.doubleToRawLongBits(value);
  }

  /// Writes a section of floats given by their bits, which are overwritten.
  static void encode(
      long[] bits,
      int count,
      int exponent,
      Physical physical,
      IntegerEncoder integers,
      ByteSink out) {
    int[] rows = new int[count];
    long[] raw = new long[count];
    int exceptions = 0;
    long last = 0;
    for (int i = 0; i < count; i++) {
      if (fits(bits[i], exponent, physical)) {
        last = (long) Math.rint(value(bits[i], physical) * POWERS[exponent]);
      } else {
        rows[exceptions] = i;
        raw[exceptions++] = bits[i];
      }
      bits[i] = last;
    }
    out.putInt(exponent);
    out.putInt(exceptions);
    for (int e = 0; e < exceptions; e++) {
      out.putInt(rows[e]);
    }
    out.align();
    for (int e = 0; e < exceptions; e++) {
      out.putLong(raw[e]);
    }
    integers.encode(bits, count, 8, out);
  }

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
    long rows = at + 8;
    long raw = rows + (4L * exceptions + 7 & ~7);
    long[] scaled = integers.decode(in, raw + 8L * exceptions, count);
    if (physical == Physical.FLOAT32) {
      divide32(scaled, count, divisor, out);
    } else {
      divide64(scaled, count, divisor, out);
    }
    for (int e = 0; e < exceptions; e++) {
      long row = in.get(Vector.I32, rows + 4L * e);
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
