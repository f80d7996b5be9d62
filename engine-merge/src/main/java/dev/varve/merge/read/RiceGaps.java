// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Ascending rows by the gaps between them, each in about as many bits as a gap at random holds:
/// its low bits as they are, the rest as so many ones and a zero (a Rice code). A tenth of all rows
/// at random takes 4.8 bits a row, where 4.7 is the least that any code could do.
///
/// | bytes | field | meaning                                                |
/// |-------|-------|--------------------------------------------------------|
/// | 0-3   | count | rows, `u32` little-endian                              |
/// | 4     | low   | low bits of each gap, 0 to 31                          |
/// | 5-    | gaps  | bits, from the lowest of each byte on; zeros at the end |
///
/// A gap is `gap >>> low` ones, a zero, and its low bits from the lowest on.
///
/// A gap is a row less the one before it less one; the first counts from row 0.
final class RiceGaps {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int HEAD = 5;
  private static final int LONGEST_LOOK = 56;

  private RiceGaps() {}

  /// @param rows at least one
  static byte[] write(int[] rows) {
    int low = lowBits(rows);
    byte[] bytes = new byte[Math.toIntExact(HEAD + (bits(rows, low) + 7 >>> 3)) + Long.BYTES];
    WORD.set(bytes, 0, Integer.toUnsignedLong(rows.length) | (long) low << 32);
    long at = 8L * HEAD;
    int before = -1;
    for (int row : rows) {
      int gap = row - before - 1;
      int ones = gap >>> low;
      for (; ones > LONGEST_LOOK; ones -= LONGEST_LOOK) {
        at = put(bytes, at, (1L << LONGEST_LOOK) - 1, LONGEST_LOOK);
      }
      at = put(bytes, at, (1L << ones) - 1, ones + 1);
      at = put(bytes, at, gap & (1L << low) - 1, low);
      before = row;
    }
    return Arrays.copyOf(bytes, bytes.length - Long.BYTES);
  }

  private static long bits(int[] rows, int low) {
    long bits = 0;
    int before = -1;
    for (int row : rows) {
      bits += (row - before - 1 >>> low) + 1L + low;
      before = row;
    }
    return bits;
  }

  /// The number that makes random gaps shortest: the logarithm of their mean times ln 2. What is in
  /// front of the low bits is then less than one and a half ones a row, however gaps are spread.
  private static int lowBits(int[] rows) {
    long gaps = rows[rows.length - 1] + 1L - rows.length;
    long wanted = gaps * 69 / 100 / rows.length;
    return wanted < 2 ? 0 : 64 - Long.numberOfLeadingZeros(wanted - 1);
  }

  /// At most 57 bits.
  private static long put(byte[] bytes, long at, long value, int count) {
    int index = (int) (at >>> 3);
    WORD.set(bytes, index, (long) WORD.get(bytes, index) | value << (at & 7));
    return at + count;
  }

  /// The rows, or null where that is not a list of them.
  static int[] read(ByteBuffer from) {
    if (from.remaining() < HEAD) {
      return null;
    }
    int count = from.getInt();
    int low = from.get();
    long bits = 8L * from.remaining();
    // Each row takes a bit at least, so a wrong count asks for no more memory than the file is
    // worth.
    if (count < 0 || low < 0 || low > 31 || count * (1L + low) > bits) {
      return null;
    }
    byte[] bytes = new byte[from.remaining() + Long.BYTES];
    from.get(bytes, 0, from.remaining());
    int[] rows = new int[count];
    long at = 0;
    long row = -1;
    for (int i = 0; i < count; i++) {
      long high = 0;
      int ones = ones(bytes, at);
      while (ones == LONGEST_LOOK && at + ones < bits) {
        high += ones;
        at += ones;
        ones = ones(bytes, at);
      }
      high += ones;
      at += ones + 1L;
      if (at + low > bits) {
        return null;
      }
      row += 1 + (high << low) + (word(bytes, at) & (1L << low) - 1);
      if (row > Integer.MAX_VALUE) {
        return null;
      }
      rows[i] = (int) row;
      at += low;
    }
    return rows;
  }

  /// Ones from a bit on, as far as one look goes.
  private static int ones(byte[] bytes, long at) {
    return Math.min(LONGEST_LOOK, Long.numberOfTrailingZeros(~word(bytes, at)));
  }

  /// At least 57 bits from a bit on.
  private static long word(byte[] bytes, long at) {
    return (long) WORD.get(bytes, (int) (at >>> 3)) >>> (at & 7);
  }
}
