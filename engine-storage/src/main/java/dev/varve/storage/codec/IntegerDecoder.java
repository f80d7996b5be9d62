// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Reads what [IntegerEncoder] wrote. One thread; its arrays are used again for each run.
final class IntegerDecoder {
  private int[] ints = new int[0];
  private long[] longs = new long[0];

  static int count(MemorySegment in, long at) {
    return in.get(Vector.I32, at + 4);
  }

  static long base(MemorySegment in, long at) {
    return in.get(Vector.I64, at + 8);
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
  long[] decode(MemorySegment in, long at) {
    int count = count(in, at);
    int width = in.get(JAVA_BYTE, at + 1);
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
      case IntegerEncoder.RUNS -> runs(in, at, count);
      default ->
          throw new IllegalStateException("integer mode " + in.get(JAVA_BYTE, at) + " at " + at);
    }
    return longs;
  }

  /// All values cut to 32 bits, as codes and lengths are stored; the array lives until the next
  /// call.
  int[] decodeInts(MemorySegment in, long at) {
    int count = count(in, at);
    int width = in.get(JAVA_BYTE, at + 1);
    if (in.get(JAVA_BYTE, at) == IntegerEncoder.PACKED && width <= 32) {
      reserveInts(count);
      BitPacking.unpack32(in, at + IntegerEncoder.HEADER_BYTES, count, width, ints);
      addInts(ints, count, (int) base(in, at));
    } else {
      long[] values = decode(in, at);
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

  private void runs(MemorySegment in, long at, int count) {
    long fields = at + IntegerEncoder.HEADER_BYTES;
    int runs = in.get(Vector.I32, fields);
    long[] heads = Arrays.copyOf(decode(in, fields + 8), runs);
    long[] lengths =
        Arrays.copyOf(
            decode(in, at + Integer.toUnsignedLong(in.get(Vector.I32, fields + 4))), runs);
    reserveLongs(count);
    int row = 0;
    for (int run = 0; run < runs; run++) {
      int end = row + (int) lengths[run];
      Arrays.fill(longs, row, end, heads[run]);
      row = end;
    }
  }

  /// All values into `out`, `bytes` each. Eight bytes behind its end may be written.
  void decode(MemorySegment in, long at, int bytes, MemorySegment out) {
    int count = count(in, at);
    int width = in.get(JAVA_BYTE, at + 1);
    if (in.get(JAVA_BYTE, at) == IntegerEncoder.PACKED && width <= 32) {
      reserveInts(count);
      BitPacking.unpack32(in, at + IntegerEncoder.HEADER_BYTES, count, width, ints);
      addInts(ints, count, base(in, at), bytes, out);
    } else if (in.get(JAVA_BYTE, at) == IntegerEncoder.DELTA && width <= 32 && bytes == 8) {
      long body = at + IntegerEncoder.HEADER_BYTES;
      reserveInts(count);
      BitPacking.unpack32(in, body + 8, count, width, ints);
      accumulate(ints, count, base(in, at), in.get(Vector.I64, body), out);
    } else {
      narrow(decode(in, at), count, bytes, out);
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

  private static void narrow(long[] from, int count, int bytes, MemorySegment out) {
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
