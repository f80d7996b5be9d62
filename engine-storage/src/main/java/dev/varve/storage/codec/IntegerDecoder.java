// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.RowPacking;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Reads what [IntegerEncoder] wrote. One thread; its arrays are used again for each run.
public final class IntegerDecoder {
  /// An encoder nests less deep: each run within a run has at most a quarter of its values.
  private static final int MAX_DEPTH = 16;

  private int[] ints = new int[0];
  private long[] longs = new long[0];
  private final PackedRange ranges = new PackedRange();
  private long patchValues;
  private int depth;

  static long base(MemorySegment in, long at) {
    return in.get(Vector.I64, at + 8);
  }

  static int mode(MemorySegment in, long at) {
    return in.get(JAVA_BYTE, at);
  }

  /// Whether all values are [#base].
  static boolean isConstant(MemorySegment in, long at) {
    return in.get(JAVA_BYTE, at) == IntegerEncoder.PACKED && in.get(JAVA_BYTE, at + 1) == 0;
  }

  /// Whether the values stand behind the header as they are.
  static boolean isPlain(MemorySegment in, long at) {
    return in.get(JAVA_BYTE, at) == IntegerEncoder.PLAIN;
  }

  /// All values as numbers, in an array that lives until the next call; values narrower than eight
  /// bytes may come with or without their sign.
  ///
  /// @param count how many there must be
  long[] decode(MemorySegment in, long at, int count) {
    checkCount(in, at, count);
    if (depth == MAX_DEPTH) {
      throw new MalformedBytesException("at most " + MAX_DEPTH + " runs in each other", depth);
    }
    depth++;
    try {
      decodeMode(in, at, count);
    } finally {
      depth--;
    }
    return longs;
  }

  private void decodeMode(MemorySegment in, long at, int count) {
    int width = width(in, at);
    long body = at + IntegerEncoder.HEADER_BYTES;
    switch (in.get(JAVA_BYTE, at)) {
      case IntegerEncoder.PACKED -> {
        unpack(in, body, count, width);
        add(longs, count, base(in, at));
      }
      case IntegerEncoder.PLAIN -> {
        reserveLongs(count);
        plain(in, body, count, in.get(Vector.I16, at + 2));
      }
      case IntegerEncoder.DELTA -> {
        unpack(in, body + 8, count, width);
        accumulate(longs, count, base(in, at), in.get(Vector.I64, body));
      }
      case IntegerEncoder.RUNS -> runs(in, at, count, null);
      case IntegerEncoder.DOUBLE_DELTA -> {
        unpack(in, body + 16, count, width);
        long least = in.get(Vector.I64, body + 8);
        accumulateTwice(longs, count, base(in, at), in.get(Vector.I64, body), least);
      }
      case IntegerEncoder.PATCHED -> patched(in, at, count, width);
      case IntegerEncoder.XOR -> {
        reserveLongs(count);
        long bytes = in.get(Vector.I32, body);
        XorStream.decode(in, body + 8, bytes, base(in, at), count, longs);
      }
      case IntegerEncoder.DIVIDED -> {
        decode(in, body + 8, count);
        multiply(longs, count, in.get(Vector.I64, body), base(in, at));
      }
      default -> throw new MalformedBytesException("a mode of integers", in.get(JAVA_BYTE, at));
    }
  }

  static void checkCount(MemorySegment in, long at, int count) {
    int found = in.get(Vector.I32, at + 4);
    if (found != count) {
      throw new MalformedBytesException("a run of " + count + " integers", found);
    }
  }

  static int width(MemorySegment in, long at) {
    int width = in.get(JAVA_BYTE, at + 1);
    if (width < 0 || width > 64) {
      throw new MalformedBytesException("a width of 0 to 64 bits", width);
    }
    return width;
  }

  /// Takes rows out of a mask whose values are not from `low` to `high`; false where that takes
  /// decoding them.
  ///
  /// @param bits that count of each value
  /// @param isUnsigned whether they have no sign
  boolean keep(
      MemorySegment in,
      long at,
      int count,
      int bits,
      boolean isUnsigned,
      long low,
      long high,
      long[] mask) {
    switch (mode(in, at)) {
      case IntegerEncoder.RUNS -> {
        checkCount(in, at, count);
        long[] heads = heads(in, at, count);
        Integers.extend(heads, bits, isUnsigned);
        if (IntegerRuns.isAnyWithin(heads, low, high)) {
          new IntegerRuns(heads, lengths(in, at, heads.length)).keep(count, low, high, mask);
        } else {
          Arrays.fill(mask, 0);
        }
        return true;
      }
      case IntegerEncoder.PATCHED -> {
        checkCount(in, at, count);
        long[] rows = patchRows(in, at, count);
        long[] wide = Arrays.copyOf(decode(in, patchValues, rows.length), rows.length);
        Integers.extend(wide, bits, isUnsigned);
        return keepPatched(in, at, count, rows, wide, low, high, mask);
      }
      default -> {
        return ranges.keep(in, at, count, low, high, mask);
      }
    }
  }

  private boolean keepPatched(
      MemorySegment in,
      long at,
      int count,
      long[] rows,
      long[] wide,
      long low,
      long high,
      long[] mask) {
    long[] before = mask.clone();
    long body = at + IntegerEncoder.HEADER_BYTES + 8;
    if (!ranges.keepPacked(in, body, count, width(in, at), base(in, at), low, high, mask)) {
      return false;
    }
    for (int p = 0; p < rows.length; p++) {
      int row = (int) rows[p];
      long bit = 1L << row;
      boolean stays = wide[p] >= low && wide[p] <= high;
      mask[row >>> 6] = mask[row >>> 6] & ~bit | (stays ? before[row >>> 6] & bit : 0);
    }
    return true;
  }

  /// The values of some rows in an array of their own, or null where that takes decoding all.
  ///
  /// @param rows ascending
  long[] pick(MemorySegment in, long at, int count, int[] rows, int picked) {
    if (mode(in, at) == IntegerEncoder.RUNS) {
      checkCount(in, at, count);
      return runsAt(in, at, count).pick(count, rows, picked);
    }
    int width = width(in, at);
    if (mode(in, at) != IntegerEncoder.PACKED || width > 32) {
      return null;
    }
    checkCount(in, at, count);
    long[] values = new long[picked];
    BitPacking.pick32(in, at + IntegerEncoder.HEADER_BYTES, count, width, rows, values);
    add(values, picked, base(in, at));
    return values;
  }

  /// All values cut to 32 bits, as codes and lengths are stored; the array lives until the next
  /// call.
  int[] decodeInts(MemorySegment in, long at, int count) {
    int width = width(in, at);
    if (in.get(JAVA_BYTE, at) == IntegerEncoder.PACKED && width <= 32) {
      checkCount(in, at, count);
      reserveInts(count);
      BitPacking.unpack32(in, at + IntegerEncoder.HEADER_BYTES, count, width, ints);
      addInts(ints, count, (int) base(in, at));
    } else {
      long[] values = decode(in, at, count);
      reserveInts(count);
      cut(values, count, ints);
    }
    return ints;
  }

  private static void addInts(int[] values, int count, int base) {
    for (int i = 0; i < count; i++) {
      values[i] += base;
    }
  }

  private static void cut(long[] from, int count, int[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = (int) from[i];
    }
  }

  private void unpack(MemorySegment in, long body, int count, int width) {
    reserveLongs(count);
    if (width > 32) {
      BitPacking.unpack64(in, body, count, width, longs);
    } else {
      reserveInts(count);
      BitPacking.unpack32(in, body, count, width, ints);
      widen(ints, count, longs);
    }
  }

  private static void widen(int[] from, int count, long[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = from[i] & 0xFFFFFFFFL;
    }
  }

  private static void add(long[] values, int count, long base) {
    for (int i = 0; i < count; i++) {
      values[i] += base;
    }
  }

  private static void multiply(long[] values, int count, long factor, long base) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] * factor + base;
    }
  }

  private static void accumulate(long[] values, int count, long base, long minStep) {
    long value = base - minStep;
    for (int i = 0; i < count; i++) {
      value += values[i] + minStep;
      values[i] = value;
    }
  }

  private static void accumulate(
      int[] steps, int count, long base, long minStep, MemorySegment out) {
    long value = base - minStep;
    for (int i = 0; i < count; i++) {
      value += (steps[i] & 0xFFFFFFFFL) + minStep;
      out.set(Vector.I64, i * 8L, value);
    }
  }

  /// The array holds changes of steps and takes the values.
  private static void accumulateTwice(
      long[] values, int count, long base, long firstStep, long least) {
    if (count == 0) {
      return;
    }
    values[0] = base;
    long value = base;
    long step = firstStep;
    for (int i = 1; i < count; i++) {
      value += step;
      long change = i + 1 < count ? values[i + 1] + least : 0;
      values[i] = value;
      step += change;
    }
  }

  private void patched(MemorySegment in, long at, int count, int width) {
    long base = base(in, at);
    long[] rows = patchRows(in, at, count);
    int patches = rows.length;
    long[] wide = Arrays.copyOf(decode(in, patchValues, patches), patches);
    unpack(in, at + IntegerEncoder.HEADER_BYTES + 8, count, width);
    add(longs, count, base);
    for (int p = 0; p < patches; p++) {
      longs[(int) rows[p]] = wide[p];
    }
  }

  /// The rows of the patches; leaves where their values begin.
  private long[] patchRows(MemorySegment in, long at, int count) {
    long place = at + Integer.toUnsignedLong(in.get(Vector.I32, at + IntegerEncoder.HEADER_BYTES));
    int patches = in.get(Vector.I32, place + 4);
    if (patches < 0 || patches > count) {
      throw new MalformedBytesException("at most " + count + " patches", patches);
    }
    long[] rows = Arrays.copyOf(decode(in, place, patches), patches);
    for (long row : rows) {
      if (row < 0 || row >= count) {
        throw new MalformedBytesException("a patch of one of " + count + " rows", row);
      }
    }
    patchValues = Integer.toUnsignedLong(in.get(Vector.I32, at + IntegerEncoder.HEADER_BYTES + 4));
    patchValues += at;
    return rows;
  }

  private void plain(MemorySegment in, long body, int count, int bytes) {
    switch (bytes) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          longs[i] = in.get(JAVA_BYTE, body + i);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          longs[i] = in.get(Vector.I16, body + i * 2L);
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          longs[i] = in.get(Vector.I32, body + i * 4L);
        }
      }
      default -> MemorySegment.copy(in, Vector.I64, body, longs, 0, count);
    }
  }

  private IntegerRuns runsAt(MemorySegment in, long at, int count) {
    long[] heads = heads(in, at, count);
    return new IntegerRuns(heads, lengths(in, at, heads.length));
  }

  private long[] heads(MemorySegment in, long at, int count) {
    long fields = at + IntegerEncoder.HEADER_BYTES;
    int runs = in.get(Vector.I32, fields);
    if (runs < 0 || runs > count) {
      throw new MalformedBytesException("at most " + count + " runs", runs);
    }
    return Arrays.copyOf(decode(in, fields + 8, runs), runs);
  }

  private long[] lengths(MemorySegment in, long at, int runs) {
    int from = in.get(Vector.I32, at + IntegerEncoder.HEADER_BYTES + 4);
    return Arrays.copyOf(decode(in, at + Integer.toUnsignedLong(from), runs), runs);
  }

  /// @param mask the rows that are wanted, which then stand close together; null for all
  private void runs(MemorySegment in, long at, int count, long[] mask) {
    IntegerRuns runs = runsAt(in, at, count);
    reserveLongs(count);
    runs.fill(count, mask, longs);
  }

  /// The values of a mask's rows into `out`, `bytes` each. False, and nothing written, where one
  /// had better decode all and pack these: numbers are packed while they are narrow, and of runs
  /// only their lengths change.
  ///
  /// @param left bits of the mask, none of them behind the last value
  boolean decode(
      MemorySegment in,
      long at,
      int count,
      long[] mask,
      int left,
      RowPacking packing,
      int bytes,
      MemorySegment out) {
    int width = width(in, at);
    int mode = mode(in, at);
    if (mode == IntegerEncoder.RUNS) {
      checkCount(in, at, count);
      runs(in, at, count, mask);
      narrow(longs, left, bytes, out);
      return true;
    }
    if (mode != IntegerEncoder.PACKED || width > 32) {
      return false;
    }
    checkCount(in, at, count);
    reserveInts(count);
    BitPacking.unpack32(in, at + IntegerEncoder.HEADER_BYTES, count, width, ints);
    if (!packing.pack(ints, count, mask)) {
      return false;
    }
    addInts(ints, left, base(in, at), bytes, out);
    return true;
  }

  /// All values into `out`, `bytes` each. Eight bytes behind its end may be written.
  void decode(MemorySegment in, long at, int count, int bytes, MemorySegment out) {
    int width = width(in, at);
    int mode = in.get(JAVA_BYTE, at);
    if (mode == IntegerEncoder.PACKED && width <= 32) {
      checkCount(in, at, count);
      reserveInts(count);
      BitPacking.unpack32(in, at + IntegerEncoder.HEADER_BYTES, count, width, ints);
      addInts(ints, count, base(in, at), bytes, out);
    } else if (mode == IntegerEncoder.DELTA && width <= 32 && bytes == 8) {
      checkCount(in, at, count);
      long body = at + IntegerEncoder.HEADER_BYTES;
      reserveInts(count);
      BitPacking.unpack32(in, body + 8, count, width, ints);
      accumulate(ints, count, base(in, at), in.get(Vector.I64, body), out);
    } else {
      narrow(decode(in, at, count), count, bytes, out);
    }
  }

  private static void addInts(int[] from, int count, long base, int bytes, MemorySegment out) {
    switch (bytes) {
      case 1 -> {
        byte low = (byte) base;
        for (int i = 0; i < count; i++) {
          out.set(JAVA_BYTE, i, (byte) (from[i] + low));
        }
      }
      case 2 -> {
        short low = (short) base;
        for (int i = 0; i < count; i++) {
          out.set(Vector.I16, i * 2L, (short) (from[i] + low));
        }
      }
      case 4 -> addInts32(from, count, (int) base, out);
      default -> addInts64(from, count, base, out);
    }
  }

  private static void addInts32(int[] from, int count, int base, MemorySegment out) {
    for (int i = 0; i < count; i++) {
      out.set(Vector.I32, i * 4L, from[i] + base);
    }
  }

  private static void addInts64(int[] from, int count, long base, MemorySegment out) {
    for (int i = 0; i < count; i++) {
      out.set(Vector.I64, i * 8L, (from[i] & 0xFFFFFFFFL) + base);
    }
  }

  static void narrow(long[] from, int count, int bytes, MemorySegment out) {
    switch (bytes) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          out.set(JAVA_BYTE, i, (byte) from[i]);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          out.set(Vector.I16, i * 2L, (short) from[i]);
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          out.set(Vector.I32, i * 4L, (int) from[i]);
        }
      }
      default -> MemorySegment.copy(from, 0, out, Vector.I64, 0, count);
    }
  }

  private void reserveInts(int count) {
    if (ints.length < count) {
      ints = new int[Math.max(8192, count)];
    }
  }

  private void reserveLongs(int count) {
    if (longs.length < count) {
      longs = new long[Math.max(8192, count)];
    }
  }
}
