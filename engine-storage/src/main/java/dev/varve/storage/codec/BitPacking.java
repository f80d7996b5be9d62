// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Numbers of `width` bits in an interleaved layout that plain loops decode at vector speed.
///
/// `count` values lie in lanes: value `i` is step `i / lanes` of lane `i % lanes`. Each lane is a
/// stream of words, packed from the lowest bit up; word `k` of all lanes lie side by side. So one
/// step of all lanes is a shift and a mask over consecutive words, and its results are consecutive
/// rows. A granule of 8,192 rows has 256 lanes of 32 steps (words of 32 bits, widths up to 32) or
/// 128 lanes of 64 steps (words of 64 bits, greater widths).
///
/// Loops read off-heap and write to arrays of the heap, since with two off-heap segments the
/// compiler must fear that they overlap and does not vectorise.
final class BitPacking {
  private BitPacking() {}

  static int lanes32(int count) {
    return Math.max(8, (((count + 31) >>> 5) + 7) & ~7);
  }

  static int lanes64(int count) {
    return Math.max(4, (((count + 63) >>> 6) + 3) & ~3);
  }

  /// Bytes of `count` values.
  static long bytes(int count, int width) {
    return width <= 32 ? (long) width * lanes32(count) * 4 : (long) width * lanes64(count) * 8;
  }

  /// Packs the low bits of `values[i] - base`; `width` is 1 to 32.
  static void pack32(long[] values, int count, long base, int width, ByteSink out) {
    int lanes = lanes32(count);
    int[] words = new int[width * lanes];
    for (int step = 0, start = 0; start < count; step++, start += lanes) {
      int rows = Math.min(lanes, count - start);
      int bit = step * width;
      int word = (bit >>> 5) * lanes;
      int shift = bit & 31;
      for (int i = 0; i < rows; i++) {
        words[word + i] |= (int) (values[start + i] - base) << shift;
      }
      if (shift + width > 32) {
        for (int i = 0; i < rows; i++) {
          words[word + lanes + i] |= (int) (values[start + i] - base) >>> (32 - shift);
        }
      }
    }
    long at = out.reserve(4L * words.length);
    MemorySegment.copy(words, 0, out.target(), Vector.I32, at, words.length);
  }

  /// Packs the low bits of `values[i] - base`; `width` is 33 to 64.
  static void pack64(long[] values, int count, long base, int width, ByteSink out) {
    int lanes = lanes64(count);
    long[] words = new long[width * lanes];
    for (int step = 0, start = 0; start < count; step++, start += lanes) {
      int rows = Math.min(lanes, count - start);
      int bit = step * width;
      int word = (bit >>> 6) * lanes;
      int shift = bit & 63;
      for (int i = 0; i < rows; i++) {
        words[word + i] |= (values[start + i] - base) << shift;
      }
      if (shift + width > 64) {
        for (int i = 0; i < rows; i++) {
          words[word + lanes + i] |= (values[start + i] - base) >>> (64 - shift);
        }
      }
    }
    long at = out.reserve(8L * words.length);
    MemorySegment.copy(words, 0, out.target(), Vector.I64, at, words.length);
  }

  /// Unpacks `count` values of 0 to 32 bits.
  static void unpack32(MemorySegment in, long at, int count, int width, int[] out) {
    if (width == 0) {
      Arrays.fill(out, 0, count, 0);
      return;
    }
    int lanes = lanes32(count);
    int mask = -1 >>> (32 - width);
    for (int step = 0, start = 0; start < count; step++, start += lanes) {
      int rows = Math.min(lanes, count - start);
      int bit = step * width;
      int shift = bit & 31;
      MemorySegment words = in.asSlice(at + (long) (bit >>> 5) * lanes * 4, 4L * rows);
      if (shift + width <= 32) {
        oneWord32(words, shift, mask, out, start, rows);
      } else {
        MemorySegment next = in.asSlice(at + ((bit >>> 5) + 1L) * lanes * 4, 4L * rows);
        twoWords32(words, next, shift, mask, out, start, rows);
      }
    }
  }

  private static void oneWord32(
      MemorySegment words, int shift, int mask, int[] out, int start, int rows) {
    for (int i = 0; i < rows; i++) {
      out[start + i] = words.get(Vector.I32, i * 4L) >>> shift & mask;
    }
  }

  private static void twoWords32(
      MemorySegment words,
      MemorySegment next,
      int shift,
      int mask,
      int[] out,
      int start,
      int rows) {
    int up = 32 - shift;
    for (int i = 0; i < rows; i++) {
      out[start + i] =
          (words.get(Vector.I32, i * 4L) >>> shift | next.get(Vector.I32, i * 4L) << up) & mask;
    }
  }

  /// Sets bit `step` of each lane whose value of that step is not from `low` to `high`; values of 1
  /// to 31 bits, bounds as positive as they. The sign of a distance tells, as none can overflow.
  static void outside32(
      MemorySegment in, long at, int count, int width, int low, int high, int[] outside) {
    int lanes = lanes32(count);
    int mask = -1 >>> (32 - width);
    for (int step = 0, start = 0; start < count; step++, start += lanes) {
      int rows = Math.min(lanes, count - start);
      int bit = step * width;
      int shift = bit & 31;
      MemorySegment words = in.asSlice(at + (long) (bit >>> 5) * lanes * 4, 4L * rows);
      if (shift + width <= 32) {
        oneWordOutside(words, shift, mask, low, high, step, outside, rows);
      } else {
        MemorySegment next = in.asSlice(at + ((bit >>> 5) + 1L) * lanes * 4, 4L * rows);
        twoWordsOutside(words, next, shift, mask, low, high, step, outside, rows);
      }
    }
  }

  private static void oneWordOutside(
      MemorySegment words,
      int shift,
      int mask,
      int low,
      int high,
      int step,
      int[] outside,
      int rows) {
    for (int i = 0; i < rows; i++) {
      int value = words.get(Vector.I32, i * 4L) >>> shift & mask;
      outside[i] |= (value - low | high - value) >>> 31 << step;
    }
  }

  private static void twoWordsOutside(
      MemorySegment words,
      MemorySegment next,
      int shift,
      int mask,
      int low,
      int high,
      int step,
      int[] outside,
      int rows) {
    int up = 32 - shift;
    for (int i = 0; i < rows; i++) {
      int value =
          (words.get(Vector.I32, i * 4L) >>> shift | next.get(Vector.I32, i * 4L) << up) & mask;
      outside[i] |= (value - low | high - value) >>> 31 << step;
    }
  }

  /// Of `count` values of 0 to 32 bits those of some rows, as many as `out` has room for.
  static void pick32(MemorySegment in, long at, int count, int width, int[] rows, long[] out) {
    if (width == 0) {
      Arrays.fill(out, 0);
      return;
    }
    int lanes = lanes32(count);
    long mask = -1L >>> (64 - width);
    for (int i = 0; i < out.length; i++) {
      int step = rows[i] / lanes;
      int bit = step * width;
      int shift = bit & 31;
      long word = at + ((long) (bit >>> 5) * lanes + (rows[i] - step * lanes)) * 4;
      long bits = (in.get(Vector.I32, word) & 0xFFFFFFFFL) >>> shift;
      if (shift + width > 32) {
        bits |= (in.get(Vector.I32, word + lanes * 4L) & 0xFFFFFFFFL) << (32 - shift);
      }
      out[i] = bits & mask;
    }
  }

  /// Unpacks `count` values of 33 to 64 bits.
  static void unpack64(MemorySegment in, long at, int count, int width, long[] out) {
    int lanes = lanes64(count);
    long mask = -1L >>> (64 - width);
    for (int step = 0, start = 0; start < count; step++, start += lanes) {
      int rows = Math.min(lanes, count - start);
      int bit = step * width;
      int shift = bit & 63;
      MemorySegment words = in.asSlice(at + (long) (bit >>> 6) * lanes * 8, 8L * rows);
      if (shift + width <= 64) {
        oneWord64(words, shift, mask, out, start, rows);
      } else {
        MemorySegment next = in.asSlice(at + ((bit >>> 6) + 1L) * lanes * 8, 8L * rows);
        twoWords64(words, next, shift, mask, out, start, rows);
      }
    }
  }

  private static void oneWord64(
      MemorySegment words, int shift, long mask, long[] out, int start, int rows) {
    for (int i = 0; i < rows; i++) {
      out[start + i] = words.get(Vector.I64, i * 8L) >>> shift & mask;
    }
  }

  private static void twoWords64(
      MemorySegment words,
      MemorySegment next,
      int shift,
      long mask,
      long[] out,
      int start,
      int rows) {
    int up = 64 - shift;
    for (int i = 0; i < rows; i++) {
      out[start + i] =
          (words.get(Vector.I64, i * 8L) >>> shift | next.get(Vector.I64, i * 8L) << up) & mask;
    }
  }
}
