// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Finds bytes in bytes. The first byte of what is wanted and its last are looked for at eight
/// places at a time, as one of them alone is met too often.
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
    long first = (wanted[0] & 0xFF) * ONES;
    long last = (wanted[length - 1] & 0xFF) * ONES;
    long end = to - length;
    // The last eight places; where there are fewer, they are looked at one by one.
    long tail = end - 7;
    long at = from;
    while (at <= end && tail >= from) {
      long place = Math.min(at, tail);
      long begins = bytes.get(Vector.I64, place) ^ first;
      long word = begins | bytes.get(Vector.I64, place + length - 1) ^ last;
      long zeros = (word - ONES & ~word & HIGHS) & -1L << (at - place << 3);
      if (zeros == 0) {
        at = place + 8;
        continue;
      }
      at = place + (Long.numberOfTrailingZeros(zeros) >>> 3);
      if (ByteStrings.equal(bytes, at, needle, 0, length)) {
        return at;
      }
      at++;
    }
    for (; at <= end; at++) {
      if (bytes.get(JAVA_BYTE, at) == wanted[0]
          && ByteStrings.equal(bytes, at, needle, 0, length)) {
        return at;
      }
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
