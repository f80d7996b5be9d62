// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Floats that were decimals once (prices, measurements) as integers, after the adaptive lossless
/// scheme ALP of Afroozeh, Kuffó and Boncz: a float `v` is stored as `d = round(v * 10^e * 10^-f)`
/// where `d * 10^f * 10^-e` gives its very bits; others are exceptions, stored beside. Two products
/// are read at the speed of memory, where a quotient is not.
///
/// | bytes | field |
/// |-------|-------|
/// | 0-1 | `e` |
/// | 2-3 | `f` |
/// | 4-7 | number of exceptions |
/// | 8- | the row of each (`u32`), zeros to a multiple of eight, the bits of each (`u64`), `d` as a run of integers |
///
/// Float32 is computed in double and cut.
final class Alp {
  /// What a float is multiplied by: at most 10^18, since `d` has 63 bits.
  private static final double[] UP = new double[19];

  private static final double[] DOWN = new double[19];
  private static final int SAMPLE = 128;

  /// Adding and subtracting it rounds to an integer, for numbers below 2^51.
  private static final double ROUND = 3L << 51;

  private static final double LIMIT = 1L << 51;

  static {
    for (int i = 0; i < UP.length; i++) {
      UP[i] = Double.parseDouble("1e" + i);
      DOWN[i] = Double.parseDouble("1e-" + i);
    }
  }

  private Alp() {}

  /// The two exponents of a block.
  record Exponents(int e, int f) {}

  /// The exponents by which a sample takes the fewest bits, or null where exceptions cost more than
  /// the integers save.
  ///
  /// @param bits floats as [Integers#load] gives them
  static Exponents choose(long[] bits, int count, Physical physical) {
    double[] sample = new double[Math.min(count, SAMPLE)];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = value(bits[(int) ((long) i * count / sample.length)], physical);
    }
    int most = physical == Physical.FLOAT32 ? 10 : 18;
    Exponents best = null;
    long bestBits = (long) sample.length * physical.width() * 8 * 17 / 20;
    for (int e = most; e >= 0; e--) {
      for (int f = e; f >= 0; f--) {
        long cost = cost(sample, e, f, physical);
        if (cost < bestBits) {
          bestBits = cost;
          best = new Exponents(e, f);
        }
      }
    }
    return best;
  }

  /// Bits that the sample takes; gives up over the first exceptions, as most pairs fit nothing.
  private static long cost(double[] sample, int e, int f, Physical physical) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    int exceptions = 0;
    int most = sample.length / 4;
    for (double value : sample) {
      double scaled = round(value * UP[e] * DOWN[f]);
      if (!isExact(value, scaled, e, f, physical)) {
        if (++exceptions > most) {
          return Long.MAX_VALUE;
        }
      } else {
        low = Math.min(low, (long) scaled);
        high = Math.max(high, (long) scaled);
      }
    }
    int width = exceptions == sample.length ? 0 : IntegerEncoder.width(high - low);
    return (long) sample.length * width + exceptions * (32L + 64);
  }

  private static double round(double scaled) {
    return scaled + ROUND - ROUND;
  }

  private static boolean isExact(double value, double scaled, int e, int f, Physical physical) {
    if (!(Math.abs(scaled) < LIMIT)) {
      return false;
    }
    double back = (long) scaled * UP[f] * DOWN[e];
    return physical == Physical.FLOAT32
        ? Float.floatToRawIntBits((float) back) == Float.floatToRawIntBits((float) value)
        : Double.doubleToRawLongBits(back) == Double.doubleToRawLongBits(value);
  }

  private static double value(long bits, Physical physical) {
    return physical == Physical.FLOAT32
        ? Float.intBitsToFloat((int) bits)
        : Double.longBitsToDouble(bits);
  }

  /// Writes a section of floats given by their bits, which are overwritten.
  static void encode(
      long[] bits,
      int count,
      Exponents exponents,
      Physical physical,
      IntegerEncoder integers,
      ByteSink out) {
    int e = exponents.e();
    int f = exponents.f();
    int[] rows = new int[16];
    long[] raw = new long[16];
    int exceptions = 0;
    long last = 0;
    for (int i = 0; i < count; i++) {
      double value = value(bits[i], physical);
      double scaled = round(value * UP[e] * DOWN[f]);
      if (isExact(value, scaled, e, f, physical)) {
        last = (long) scaled;
      } else {
        if (exceptions == rows.length) {
          rows = Arrays.copyOf(rows, 2 * exceptions);
          raw = Arrays.copyOf(raw, 2 * exceptions);
        }
        rows[exceptions] = i;
        raw[exceptions++] = bits[i];
      }
      bits[i] = last;
    }
    out.putShort(e);
    out.putShort(f);
    out.putInt(exceptions);
    for (int x = 0; x < exceptions; x++) {
      out.putInt(rows[x]);
    }
    out.align();
    for (int x = 0; x < exceptions; x++) {
      out.putLong(raw[x]);
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
    int e = in.get(Vector.I16, at);
    int f = in.get(Vector.I16, at + 2);
    int exceptions = in.get(Vector.I32, at + 4);
    if (e < 0 || e >= UP.length || f < 0 || f >= UP.length) {
      throw new MalformedBytesException("exponents of 0 to " + (UP.length - 1), e + " and " + f);
    }
    if (exceptions < 0 || exceptions > count) {
      throw new MalformedBytesException("at most " + count + " exceptions", exceptions);
    }
    long rows = at + 8;
    long raw = rows + (4L * exceptions + 7 & ~7);
    long run = raw + 8L * exceptions;
    long[] scaled = integers.decode(in, run, count);
    if (physical == Physical.FLOAT32) {
      multiply32(scaled, count, UP[f], DOWN[e], out);
    } else {
      multiply64(scaled, count, UP[f], DOWN[e], out);
    }
    for (int x = 0; x < exceptions; x++) {
      long row = Integer.toUnsignedLong(in.get(Vector.I32, rows + 4L * x));
      long bits = in.get(Vector.I64, raw + 8L * x);
      if (physical == Physical.FLOAT32) {
        out.set(Vector.I32, row * 4, (int) bits);
      } else {
        out.set(Vector.I64, row * 8, bits);
      }
    }
  }

  private static void multiply64(
      long[] scaled, int count, double up, double down, MemorySegment out) {
    for (int i = 0; i < count; i++) {
      out.set(Vector.F64, i * 8L, scaled[i] * up * down);
    }
  }

  private static void multiply32(
      long[] scaled, int count, double up, double down, MemorySegment out) {
    for (int i = 0; i < count; i++) {
      out.set(Vector.F32, i * 4L, (float) (scaled[i] * up * down));
    }
  }
}
