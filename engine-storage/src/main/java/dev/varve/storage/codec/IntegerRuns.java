// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import java.util.Arrays;

/// Values and how often each comes, as [IntegerEncoder] stores repeated ones. Lengths may be
/// damaged: whoever walks over the rows finds out.
record IntegerRuns(long[] heads, long[] lengths) {
  /// The values, into the front of an array.
  ///
  /// @param mask the rows that are wanted, which then stand close together; null for all
  void fill(int count, long[] mask, long[] values) {
    int row = 0;
    int written = 0;
    for (int run = 0; run < heads.length; run++) {
      int end = end(run, row, count);
      int next = written + (mask == null ? end - row : bits(mask, row, end));
      Arrays.fill(values, written, next, heads[run]);
      written = next;
      row = end;
    }
    checkEnd(row, count);
  }

  /// Whether one of some values is from `low` to `high`.
  static boolean isAnyWithin(long[] values, long low, long high) {
    boolean found = false;
    for (long value : values) {
      found |= value >= low & value <= high;
    }
    return found;
  }

  /// Takes rows out of a mask whose values are not from `low` to `high`.
  void keep(int count, long low, long high, long[] mask) {
    int row = 0;
    int dropped = 0;
    for (int run = 0; run < heads.length; run++) {
      int end = end(run, row, count);
      if (heads[run] >= low && heads[run] <= high) {
        PackedRange.drop(dropped, row, mask);
        dropped = end;
      }
      row = end;
    }
    PackedRange.drop(dropped, row, mask);
    checkEnd(row, count);
  }

  /// The values of some rows, which ascend.
  long[] pick(int count, int[] rows, int picked) {
    long[] values = new long[picked];
    int next = 0;
    int row = 0;
    for (int run = 0; run < heads.length; run++) {
      row = end(run, row, count);
      while (next < picked && rows[next] < row) {
        values[next++] = heads[run];
      }
    }
    checkEnd(row, count);
    return values;
  }

  /// Bits of a mask from one to another.
  private static int bits(long[] mask, int from, int to) {
    if (from == to) {
      return 0;
    }
    int first = from >> 6;
    int last = (to - 1) >> 6;
    long head = -1L << from;
    long tail = -1L >>> -to;
    if (first == last) {
      return Long.bitCount(mask[first] & head & tail);
    }
    int bits = Long.bitCount(mask[first] & head) + Long.bitCount(mask[last] & tail);
    for (int w = first + 1; w < last; w++) {
      bits += Long.bitCount(mask[w]);
    }
    return bits;
  }

  /// Where a run ends that begins at a row.
  private int end(int run, int row, int count) {
    if (lengths[run] < 0 || lengths[run] > count - row) {
      throw new MalformedBytesException("a run of at most " + (count - row), lengths[run]);
    }
    return row + (int) lengths[run];
  }

  private static void checkEnd(int row, int count) {
    if (row != count) {
      throw new MalformedBytesException(count + " values in runs", row);
    }
  }
}
