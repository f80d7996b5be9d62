// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Which values of a run of integers lie in a range, found without making the values: the range is
/// brought into the terms of the run, and its bits are compared as they are. One thread.
///
/// A step of all lanes adds a bit to each lane's number, which is one plain loop over consecutive
/// words; turning the square of bits round then gives the rows in their order. That is a third of
/// what unpacking, a flag of a byte for each row, and gathering the flags cost.
final class PackedRange {
  /// Packed values of so many bits at most are positive as ints, and so are their distances.
  private static final int MAX_WIDTH = 31;

  // Of each lane a bit for each step whose value lies outside.
  private int[] outside = new int[256];
  private final int[] square = new int[32];

  /// Takes rows out of a mask whose values are not from `low` to `high`. False, with the mask as it
  /// was, where the run is of a kind that does not allow it.
  boolean keep(MemorySegment in, long at, int count, long low, long high, long[] mask) {
    if (low > high) {
      Arrays.fill(mask, 0);
      return true;
    }
    long base = IntegerDecoder.base(in, at);
    long body = at + IntegerEncoder.HEADER_BYTES;
    int mode = IntegerDecoder.mode(in, at);
    if (mode != IntegerEncoder.DIVIDED && mode != IntegerEncoder.PACKED) {
      return false;
    }
    if (high < base) {
      Arrays.fill(mask, 0);
      return true;
    }
    // Distances from the base; they may take all 64 bits, so they count as unsigned.
    long from = low <= base ? 0 : low - base;
    long to = high - base;
    if (mode == IntegerEncoder.DIVIDED) {
      long divisor = in.get(Vector.I64, body);
      if (divisor < 2) {
        return false;
      }
      long first = from == 0 ? 0 : Long.divideUnsigned(from - 1, divisor) + 1;
      return keep(in, body + 8, count, first, Long.divideUnsigned(to, divisor), mask);
    }
    IntegerDecoder.checkCount(in, at, count);
    return keepDistances(in, body, count, IntegerDecoder.width(in, at), from, to, mask);
  }

  /// As the other, of values that are packed bits and a base.
  boolean keepPacked(
      MemorySegment in,
      long body,
      int count,
      int width,
      long base,
      long low,
      long high,
      long[] mask) {
    if (low > high || high < base) {
      Arrays.fill(mask, 0);
      return true;
    }
    return keepDistances(in, body, count, width, low <= base ? 0 : low - base, high - base, mask);
  }

  /// @param from the least distance from the base; it counts as unsigned, like the other
  private boolean keepDistances(
      MemorySegment in, long body, int count, int width, long from, long to, long[] mask) {
    if (width > MAX_WIDTH) {
      return false;
    }
    int most = (1 << width) - 1;
    if (Long.compareUnsigned(from, most) > 0) {
      Arrays.fill(mask, 0);
      return true;
    }
    int last = Long.compareUnsigned(to, most) > 0 ? most : (int) to;
    if (from > 0 || last < most) {
      test(in, body, count, width, (int) from, last, mask);
    }
    return true;
  }

  private void test(
      MemorySegment in, long body, int count, int width, int low, int high, long[] mask) {
    int lanes = BitPacking.lanes32(count);
    int room = lanes + 31 & -32;
    if (outside.length < room) {
      outside = new int[room];
    }
    Arrays.fill(outside, 0, room, 0);
    BitPacking.outside32(in, body, count, width, low, high, outside);
    for (int lane = 0; lane < lanes; lane += 32) {
      System.arraycopy(outside, lane, square, 0, 32);
      transpose(square);
      for (int step = 0; step < 32; step++) {
        drop(square[step] & 0xFFFFFFFFL, step * lanes + lane, mask);
      }
    }
  }

  /// Takes the rows from `first` on out of a mask for which a bit is set.
  private static void drop(long bits, int first, long[] mask) {
    if (bits == 0) {
      return;
    }
    int word = first >>> 6;
    int shift = first & 63;
    mask[word] &= ~(bits << shift);
    if (shift > 32 && bits >>> 64 - shift != 0) {
      mask[word + 1] &= ~(bits >>> 64 - shift);
    }
  }

  /// Takes the rows from `first` to before `end` out of a mask.
  static void drop(int first, int end, long[] mask) {
    if (first >= end) {
      return;
    }
    int last = end - 1 >>> 6;
    long upper = -1L >>> -end;
    long lower = -1L << first;
    int word = first >>> 6;
    if (word == last) {
      mask[word] &= ~(lower & upper);
      return;
    }
    mask[word] &= ~lower;
    Arrays.fill(mask, word + 1, last, 0);
    mask[last] &= ~upper;
  }

  /// Bit `i` of number `k` becomes bit `k` of number `i`, for 32 numbers: halves change places,
  /// then their halves.
  private static void transpose(int[] numbers) {
    int half = 0xFFFF;
    for (int j = 16; j != 0; j >>>= 1, half ^= half << j) {
      for (int k = 0; k < 32; k = (k | j) + 1 & ~j) {
        int change = (numbers[k] >>> j ^ numbers[k | j]) & half;
        numbers[k] ^= change << j;
        numbers[k | j] ^= change;
      }
    }
  }
}
