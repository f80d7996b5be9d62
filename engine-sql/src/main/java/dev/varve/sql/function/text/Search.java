// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Finds bytes in bytes. The first byte of what is wanted is looked for eight bytes at a time.
final class Search {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private Search() {}

  /// Where `wanted` begins at `from` or later, all of it before `to`; or -1.
  static long indexOf(MemorySegment bytes, long from, long to, byte[] wanted) {
    int length = wanted.length;
    if (length == 0) {
      return from <= to ? from : -1;
    }
    MemorySegment needle = MemorySegment.ofArray(wanted);
    byte first = wanted[0];
    long broadcast = (first & 0xFF) * ONES;
    long last = to - length;
    long at = from;
    while (at <= last) {
      if (at + 8 <= to) {
        long word = bytes.get(Vector.I64, at) ^ broadcast;
        long zero = word - ONES & ~word & HIGHS;
        if (zero == 0) {
          at += 8;
          continue;
        }
        at += Long.numberOfTrailingZeros(zero) >>> 3;
        if (at > last) {
          return -1;
        }
      }
      if (bytes.get(JAVA_BYTE, at) == first && ByteStrings.equal(bytes, at, needle, 0, length)) {
        return at;
      }
      at++;
    }
    return -1;
  }

  static boolean startsWith(MemorySegment bytes, long from, long to, byte[] wanted) {
    return to - from >= wanted.length
        && ByteStrings.equal(bytes, from, MemorySegment.ofArray(wanted), 0, wanted.length);
  }

  static boolean endsWith(MemorySegment bytes, long from, long to, byte[] wanted) {
    return to - from >= wanted.length
        && ByteStrings.equal(
            bytes, to - wanted.length, MemorySegment.ofArray(wanted), 0, wanted.length);
  }
}
