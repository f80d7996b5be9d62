// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// Bitmaps of Arrow: bit `i` is bit `i % 8` of byte `i / 8`. 1 = present, or selected.
public final class Validity {
  private Validity() {}

  /// Bytes of a bitmap, rounded up to eight so that it can be read as longs.
  public static long bytes(int rows) {
    return ((rows + 63L) >>> 6) << 3;
  }

  public static boolean isSet(MemorySegment bitmap, int row) {
    return (bitmap.get(JAVA_BYTE, row >>> 3) >>> (row & 7) & 1) != 0;
  }

  public static void set(MemorySegment bitmap, int row) {
    bitmap.set(JAVA_BYTE, row >>> 3, (byte) (bitmap.get(JAVA_BYTE, row >>> 3) | 1 << (row & 7)));
  }

  public static void clear(MemorySegment bitmap, int row) {
    bitmap.set(JAVA_BYTE, row >>> 3, (byte) (bitmap.get(JAVA_BYTE, row >>> 3) & ~(1 << (row & 7))));
  }

  /// A bitmap with every row set.
  public static MemorySegment allSet(int rows, Scratch scratch) {
    MemorySegment bitmap = scratch.allocate(bytes(rows));
    bitmap.fill((byte) 0xFF);
    return bitmap;
  }

  /// Set bits among the first `rows`.
  public static int count(MemorySegment bitmap, int rows) {
    int count = 0;
    int words = rows >>> 6;
    for (int i = 0; i < words; i++) {
      count += Long.bitCount(bitmap.get(Vector.I64, i * 8L));
    }
    if ((rows & 63) != 0) {
      long tail = 0;
      for (int i = words << 6; i < rows; i++) {
        tail |= isSet(bitmap, i) ? 1L << (i & 63) : 0;
      }
      count += Long.bitCount(tail);
    }
    return count;
  }

  /// Takes rows that are not set out of a mask of words.
  public static void keep(MemorySegment bitmap, int rows, long[] mask) {
    int words = rows >>> 6;
    for (int i = 0; i < words; i++) {
      mask[i] &= bitmap.get(Vector.I64, i * 8L);
    }
    for (int i = words << 6; i < rows; i++) {
      if (!isSet(bitmap, i)) {
        mask[i >>> 6] &= ~(1L << i);
      }
    }
  }

  /// Rows present in both, either of which may be null for "all".
  public static MemorySegment and(MemorySegment a, MemorySegment b, int rows, Scratch scratch) {
    if (a == null) {
      return b;
    }
    if (b == null) {
      return a;
    }
    int bytes = (rows + 7) >>> 3;
    MemorySegment both = scratch.allocate(bytes(rows));
    int words = bytes >>> 3;
    for (int i = 0; i < words; i++) {
      both.set(Vector.I64, i * 8L, a.get(Vector.I64, i * 8L) & b.get(Vector.I64, i * 8L));
    }
    for (int i = words << 3; i < bytes; i++) {
      both.set(JAVA_BYTE, i, (byte) (a.get(JAVA_BYTE, i) & b.get(JAVA_BYTE, i)));
    }
    return both;
  }

  /// The bits of these rows, one after the other.
  public static MemorySegment gather(MemorySegment bitmap, int[] rows, int count, Scratch scratch) {
    MemorySegment gathered = scratch.allocate(bytes(count));
    int words = (count + 63) >>> 6;
    for (int w = 0; w < words; w++) {
      long bits = 0;
      int limit = Math.min(64, count - (w << 6));
      for (int b = 0; b < limit; b++) {
        int row = rows[(w << 6) + b];
        bits |= (long) (bitmap.get(JAVA_BYTE, row >>> 3) >>> (row & 7) & 1) << b;
      }
      gathered.set(Vector.I64, w * 8L, bits);
    }
    return gathered;
  }
}
