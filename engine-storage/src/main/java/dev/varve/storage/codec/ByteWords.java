// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Short byte strings as one word: most comparisons end there.
public final class ByteWords {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// The bytes of a word that a string of 0 to 8 bytes fills.
  private static final long[] MASKS = {
    0, 0xFFL, 0xFFFFL, 0xFF_FFFFL, 0xFFFF_FFFFL, 0xFF_FFFF_FFFFL, -1L >>> 16, -1L >>> 8, -1L
  };

  private ByteWords() {}

  /// The eight bytes from here on.
  static long load(byte[] bytes, int at) {
    return (long) WORDS.get(bytes, at);
  }

  /// The first eight bytes of a string, the first one lowest; zeros behind a shorter string.
  /// Lengths are as good as random, so they are looked up and not branched on.
  public static long load(MemorySegment bytes, long at, int length) {
    if (at + 8 <= bytes.byteSize()) {
      return bytes.get(Vector.I64, at) & MASKS[Math.min(length, 8)];
    }
    long word = 0;
    for (int i = 0; i < length; i++) {
      word |= (bytes.get(JAVA_BYTE, at + i) & 0xFFL) << (8 * i);
    }
    return word;
  }

  /// The last eight bytes of a string, or all of a shorter one: with the first ones and the length
  /// they tell strings of up to sixteen bytes.
  static long tail(MemorySegment bytes, long at, int length) {
    return load(bytes, at + Math.max(0, length - 8), length);
  }

  /// Whether two strings of the same length are equal.
  public static boolean isSame(MemorySegment bytes, long a, long b, int length) {
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      if (bytes.get(Vector.I64, a + i) != bytes.get(Vector.I64, b + i)) {
        return false;
      }
    }
    return load(bytes, a + i, length - i) == load(bytes, b + i, length - i);
  }

  /// How many bytes two strings have in common at their beginning, at most `limit`.
  public static int shared(MemorySegment bytes, long a, long b, int limit) {
    for (int i = 0; i < limit; i += 8) {
      int left = Math.min(8, limit - i);
      long differ = load(bytes, a + i, left) ^ load(bytes, b + i, left);
      if (differ != 0) {
        return i + (Long.numberOfTrailingZeros(differ) >>> 3);
      }
    }
    return limit;
  }

  /// Order of two strings as unsigned bytes.
  public static int compare(MemorySegment bytes, long a, int lengthA, long b, int lengthB) {
    int common = Math.min(lengthA, lengthB);
    for (int i = 0; i < common; i += 8) {
      int left = Math.min(8, common - i);
      long wordA = load(bytes, a + i, left);
      long wordB = load(bytes, b + i, left);
      if (wordA != wordB) {
        return Long.compareUnsigned(Long.reverseBytes(wordA), Long.reverseBytes(wordB));
      }
    }
    return Integer.compare(lengthA, lengthB);
  }
}
