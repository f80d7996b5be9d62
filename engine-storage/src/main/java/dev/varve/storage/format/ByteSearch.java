// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds bytes in text, eight at a time.
final class ByteSearch {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long ZEROS = ONES * '0';

  private ByteSearch() {}

  /// The first place of `wanted` in `text[from, to)`, or `to`.
  static int first(byte[] text, int from, int to, byte wanted) {
    long pattern = ONES * (wanted & 0xff);
    int at = from;
    for (; at + 8 <= to; at += 8) {
      long found = zeros((long) WORD.get(text, at) ^ pattern);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && text[at] != wanted) {
      at++;
    }
    return at;
  }

  /// The first place of one of two bytes in `text[from, to)`, or `to`.
  static int first(byte[] text, int from, int to, byte one, byte other) {
    long ones = ONES * (one & 0xff);
    long others = ONES * (other & 0xff);
    int at = from;
    for (; at + 8 <= to; at += 8) {
      long word = (long) WORD.get(text, at);
      long found = zeros(word ^ ones) | zeros(word ^ others);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && text[at] != one && text[at] != other) {
      at++;
    }
    return at;
  }

  /// The number that up to 18 digits spell, or -1 where they are none or not all digits.
  static long number(byte[] text, int from, int end) {
    int at = from;
    long value = 0;
    for (; at + 8 <= end; at += 8) {
      long word = (long) WORD.get(text, at) - ZEROS;
      // A byte above 9 shows in its high half once 0x76 is added, one below '0' at once.
      if (((word | word + 0x7676767676767676L) & HIGHS) != 0) {
        return -1;
      }
      value = value * 100_000_000 + eightDigits(word);
    }
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return from == end ? -1 : value;
  }

  /// Eight digits of a byte each, the first one lowest: pairs, then fours, then all.
  private static long eightDigits(long digits) {
    long pairs = digits * 10 + (digits >>> 8);
    return ((pairs & 0x000000ff000000ffL) * (100 + (1_000_000L << 32))
            + (pairs >>> 16 & 0x000000ff000000ffL) * (1 + (10_000L << 32)))
        >>> 32;
  }

  /// The high bit of the lowest byte that is zero; those of higher bytes may be wrong.
  private static long zeros(long word) {
    return word - ONES & ~word & HIGHS;
  }
}
