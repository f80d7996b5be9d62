// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Writes a run of integers in the mode that is shortest and still quick to read. One thread.
///
/// Sixteen bytes come first: mode, bit width, two bytes of value width, the count (`u32`), the base
/// (`i64`). Then, by mode:
///
/// | mode | body | value `i` |
/// |------|------|-----------|
/// | `PACKED` | bit-packed `p` | `base + p[i]` |
/// | `PLAIN` | values in their width | as it stands |
/// | `DELTA` | least step (`i64`), bit-packed `p`, `p[0] = 0` | `base`, then `+ least + p[i]` |
/// | `RUNS` | number of runs (`u32`), where the lengths begin (`u32`), two runs of integers | repeated |
/// | `DOUBLE_DELTA` | first step, least change of a step (`i64` each), bit-packed `p`, `p[0] = p[1] = 0` | the step grows by `least + p[i]` from value 2 on |
/// | `PATCHED` | where the rows of the patches begin and where their values (`u32` each), bit-packed `p`, rows and values as runs of integers | `base + p[i]`, or its patch |
/// | `DIVIDED` | divisor (`i64`), `p` as a run of integers | `base + divisor * p[i]` |
/// | `XOR` | bytes of the stream (`u32`), 0 (`u32`), [XorStream] | `base`, then xor with the one before |
///
/// Arithmetic is modulo 2^64, so signed and unsigned values need no difference.
final class IntegerEncoder {
  static final int HEADER_BYTES = 16;
  static final int PACKED = 0;
  static final int PLAIN = 1;
  static final int DELTA = 2;
  static final int RUNS = 3;
  static final int DOUBLE_DELTA = 4;
  static final int PATCHED = 5;
  static final int XOR = 6;
  static final int DIVIDED = 7;

  /// Of [#divided]: the mode of the quotients is that which is shortest.
  private static final int AUTOMATIC = -1;

  private final Patches patches = new Patches();
  private long min;
  private long max;
  private long minStep;
  private long maxStep;
  private long minChange;
  private long maxChange;
  private int runs;

  /// @param plainBytes width of a value where it is stored as it is
  void encode(long[] values, int count, int plainBytes, ByteSink out) {
    measure(values, count);
    long divisor = Divisor.of(values, count, min, max);
    if (divisor > 1 && isWorth(divisor, count)) {
      divided(AUTOMATIC, divisor, values, count, plainBytes, out);
      return;
    }
    int width = width(max - min);
    long packed = BitPacking.bytes(count, width);
    long plain = (long) count * plainBytes;
    long best = Math.min(packed, plain);
    boolean isPatched = patches.find(values, count, min, width);
    if (isPatched && patches.bytes() < best - best / 10) {
      best = patches.bytes();
    } else {
      isPatched = false;
    }
    long delta = 8 + BitPacking.bytes(count, width(maxStep - minStep));
    long doubled = count < 3 ? Long.MAX_VALUE : doubleDeltaBytes(values, count, delta);
    if (doubled < Math.min(delta, best) * 3 / 4) {
      doubleDelta(values, count, plainBytes, out);
    } else if (count > 1 && delta < best * 3 / 4) {
      delta(values, count, plainBytes, out);
    } else if (runs < count / 4 && runs * (width + 14L) / 8 < best / 2) {
      runs(values, count, plainBytes, out);
    } else if (isPatched) {
      patched(values, count, plainBytes, out);
    } else {
      packedOrPlain(values, count, plainBytes, out);
    }
  }

  /// Writes in the mode that `CODEC(…)` asks for, whatever it costs.
  void encodeAs(int mode, long[] values, int count, int plainBytes, ByteSink out) {
    measure(values, count);
    long divisor = mode == XOR ? 1 : Divisor.of(values, count, min, max);
    if (divisor > 1 && (mode == DIVIDED || isWorth(divisor, count))) {
      divided(mode == DIVIDED ? AUTOMATIC : mode, divisor, values, count, plainBytes, out);
    } else if (mode == DIVIDED) {
      encode(values, count, plainBytes, out);
    } else if (mode == XOR && count > 0) {
      xor(values, count, plainBytes, out);
    } else if (mode == DELTA && count > 1) {
      delta(values, count, plainBytes, out);
    } else if (mode == DOUBLE_DELTA && count > 2) {
      doubleDeltaBytes(values, count, Long.MAX_VALUE);
      doubleDelta(values, count, plainBytes, out);
    } else {
      packedOrPlain(values, count, plainBytes, out);
    }
  }

  /// Whether values that are packed, or their differences, become so much shorter by division that
  /// it pays for the second run. Long runs are stored by their values, which are divided then.
  private boolean isWorth(long divisor, int count) {
    long steps = maxStep - minStep;
    int before = Math.min(width(max - min), width(steps));
    int after = Math.min(width((max - min) / divisor), width(Long.divideUnsigned(steps, divisor)));
    return before - after >= Divisor.LEAST_SAVED && runs >= count / 4;
  }

  /// Writes values less the least one over their divisor.
  private void divided(
      int mode, long divisor, long[] values, int count, int plainBytes, ByteSink out) {
    header(DIVIDED, 0, plainBytes, count, min, out);
    out.putLong(divisor);
    long[] quotients = Divisor.quotients(values, count, min, divisor);
    if (mode == AUTOMATIC) {
      encode(quotients, count, 8, out);
    } else {
      encodeAs(mode, quotients, count, 8, out);
    }
  }

  private void packedOrPlain(long[] values, int count, int plainBytes, ByteSink out) {
    int width = width(max - min);
    long plain = (long) count * plainBytes;
    if (BitPacking.bytes(count, width) < plain - plain / 10) {
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

  /// Bytes of the body in mode `DOUBLE_DELTA`. A look at some values spares the pass over all where
  /// it cannot win against `delta` bytes.
  private long doubleDeltaBytes(long[] values, int count, long delta) {
    int stepWidth = width(maxStep - minStep);
    if (delta != Long.MAX_VALUE) {
      if (stepWidth < 3) {
        return Long.MAX_VALUE;
      }
      long widest = 0;
      for (int i = 2; i < count; i += 1 + count / 64) {
        long change = values[i] - 2 * values[i - 1] + values[i - 2];
        widest |= change << 1 ^ change >> 63;
      }
      if (width(widest) >= stepWidth) {
        return Long.MAX_VALUE;
      }
    }
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (int i = 2; i < count; i++) {
      long change = values[i] - 2 * values[i - 1] + values[i - 2];
      low = Math.min(low, change);
      high = Math.max(high, change);
    }
    minChange = low;
    maxChange = high;
    return 16 + BitPacking.bytes(count, width(high - low));
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

  private void delta(long[] values, int count, int plainBytes, ByteSink out) {
    int width = width(maxStep - minStep);
    header(DELTA, width, plainBytes, count, values[0], out);
    out.putLong(minStep);
    long[] steps = new long[count];
    steps[0] = minStep;
    for (int i = 1; i < count; i++) {
      steps[i] = values[i] - values[i - 1];
    }
    pack(steps, count, minStep, width, out);
  }

  private void doubleDelta(long[] values, int count, int plainBytes, ByteSink out) {
    int width = width(maxChange - minChange);
    header(DOUBLE_DELTA, width, plainBytes, count, values[0], out);
    out.putLong(values[1] - values[0]);
    out.putLong(minChange);
    long[] changes = new long[count];
    changes[0] = minChange;
    changes[1] = minChange;
    for (int i = 2; i < count; i++) {
      changes[i] = values[i] - 2 * values[i - 1] + values[i - 2];
    }
    pack(changes, count, minChange, width, out);
  }

  private void patched(long[] values, int count, int plainBytes, ByteSink out) {
    int width = patches.width();
    long base = patches.base();
    long[] rows = new long[patches.count()];
    long[] wide = new long[patches.count()];
    long[] rest = Arrays.copyOf(values, count);
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (width(values[i] - base) > width) {
        rows[found] = i;
        wide[found++] = values[i];
        rest[i] = base;
      }
    }
    long start = out.position();
    header(PATCHED, width, plainBytes, count, base, out);
    out.putLong(0);
    pack(rest, count, base, width, out);
    out.align();
    out.setInt(start + HEADER_BYTES, Math.toIntExact(out.position() - start));
    encode(rows, found, 4, out);
    out.align();
    out.setInt(start + HEADER_BYTES + 4, Math.toIntExact(out.position() - start));
    encode(wide, found, plainBytes, out);
  }

  private static void xor(long[] values, int count, int plainBytes, ByteSink out) {
    header(XOR, 0, plainBytes, count, values[0], out);
    long at = out.position();
    out.putLong(0);
    XorStream.encode(values, count, 8 * plainBytes, out);
    out.setInt(at, Math.toIntExact(out.position() - at - 8));
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
    encode(heads, runCount, plainBytes, out);
    out.align();
    out.setInt(fields + 4, (int) (out.position() - fields + HEADER_BYTES));
    encode(lengths, runCount, 4, out);
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
