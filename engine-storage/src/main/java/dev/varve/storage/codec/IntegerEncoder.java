// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Writes a run of integers the shortest way of four. One thread.
///
/// Sixteen bytes come first: mode, bit width, two bytes of value width, the count (`u32`), the base
/// (`i64`). Then, by mode:
///
/// | mode | body | value `i` |
/// |------|------|-----------|
/// | `PACKED` | bit-packed `p` | `base + p[i]` |
/// | `PLAIN` | values in their width | as it stands |
/// | `DELTA` | least difference (`i64`), bit-packed `p`, `p[0] = 0` | `base`, then `+ least + p[i]` |
/// | `RUNS` | number of runs (`u32`), where the lengths begin (`u32`), two runs of integers | repeated |
///
/// Arithmetic is modulo 2^64, so signed and unsigned values need no difference.
final class IntegerEncoder {
  static final int HEADER_BYTES = 16;
  static final int PACKED = 0;
  static final int PLAIN = 1;
  static final int DELTA = 2;
  static final int RUNS = 3;

  private long min;
  private long max;
  private long minStep;
  private long maxStep;
  private int runs;

  /// @param plainBytes width of a value where it is stored as it is
  /// @param forceDelta DELTA whatever it costs, as `CODEC(Delta)` asks
  void encode(long[] values, int count, int plainBytes, boolean forceDelta, ByteSink out) {
    measure(values, count);
    int width = width(max - min);
    int stepWidth = width(maxStep - minStep);
    long packed = BitPacking.bytes(count, width);
    long plain = (long) count * plainBytes;
    long delta = 8 + BitPacking.bytes(count, stepWidth);
    long best = Math.min(packed, plain);
    if (count > 1 && (forceDelta || delta < best * 3 / 4)) {
      delta(values, count, stepWidth, plainBytes, out);
    } else if (runs < count / 4 && runs * (width + 14L) / 8 < best / 2) {
      runs(values, count, plainBytes, out);
    } else if (packed < plain - plain / 10) {
      header(PACKED, width, plainBytes, count, min, out);
      pack(values, count, min, width, out);
    } else {
      header(PLAIN, 8 * plainBytes, plainBytes, count, 0, out);
      plain(values, count, plainBytes, out);
    }
  }

  private void measure(long[] values, int count) {
    long low = count == 0 ? 0 : values[0];
    long high = low;
    for (int i = 0; i < count; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    min = low;
    max = high;
    long lowStep = count < 2 ? 0 : values[1] - values[0];
    long highStep = lowStep;
    for (int i = 1; i < count; i++) {
      long step = values[i] - values[i - 1];
      lowStep = Math.min(lowStep, step);
      highStep = Math.max(highStep, step);
    }
    minStep = lowStep;
    maxStep = highStep;
    long changes = 0;
    for (int i = 1; i < count; i++) {
      long step = values[i] ^ values[i - 1];
      changes += (step | -step) >>> 63;
    }
    runs = (int) changes + 1;
  }

  static int width(long range) {
    return 64 - Long.numberOfLeadingZeros(range);
  }

  private static void header(
      int mode, int width, int plainBytes, int count, long base, ByteSink out) {
    out.putByte(mode);
    out.putByte(width);
    out.putShort(plainBytes);
    out.putInt(count);
    out.putLong(base);
  }

  private static void pack(long[] values, int count, long base, int width, ByteSink out) {
    if (width > 32) {
      BitPacking.pack64(values, count, base, width, out);
    } else if (width > 0) {
      BitPacking.pack32(values, count, base, width, out);
    }
  }

  private void delta(long[] values, int count, int stepWidth, int plainBytes, ByteSink out) {
    header(DELTA, stepWidth, plainBytes, count, values[0], out);
    out.putLong(minStep);
    long[] steps = new long[count];
    steps[0] = minStep;
    for (int i = 1; i < count; i++) {
      steps[i] = values[i] - values[i - 1];
    }
    pack(steps, count, minStep, stepWidth, out);
  }

  private void runs(long[] values, int count, int plainBytes, ByteSink out) {
    header(RUNS, 0, plainBytes, count, 0, out);
    long[] heads = new long[runs];
    long[] lengths = new long[runs];
    int run = 0;
    int start = 0;
    for (int i = 1; i <= count; i++) {
      if (i == count || values[i] != values[start]) {
        heads[run] = values[start];
        lengths[run++] = (long) i - start;
        start = i;
      }
    }
    long fields = out.position();
    out.putInt(run);
    out.putInt(0);
    int runCount = run;
    encode(heads, runCount, plainBytes, false, out);
    out.align();
    out.setInt(fields + 4, (int) (out.position() - fields + HEADER_BYTES));
    encode(lengths, runCount, 4, false, out);
  }

  private static void plain(long[] values, int count, int plainBytes, ByteSink out) {
    long at = out.reserve((long) count * plainBytes);
    MemorySegment target = out.target();
    switch (plainBytes) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          target.set(JAVA_BYTE, at + i, (byte) values[i]);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          target.set(Vector.I16, at + i * 2L, (short) values[i]);
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          target.set(Vector.I32, at + i * 4L, (int) values[i]);
        }
      }
      default -> MemorySegment.copy(values, 0, target, Vector.I64, at, count);
    }
  }

  /// How many bits a value takes at best when bit-packed, over `count` values from `from` on.
  static int packedWidth(long[] values, int from, int count) {
    if (count == 0) {
      return 0;
    }
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (int i = from; i < from + count; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    return width(high - low);
  }

  /// Distinct values among a sample, at most `limit + 1`.
  static int distinct(long[] sample, int count) {
    long[] sorted = Arrays.copyOf(sample, count);
    Arrays.sort(sorted);
    int distinct = count == 0 ? 0 : 1;
    for (int i = 1; i < count; i++) {
      distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    return distinct;
  }
}
