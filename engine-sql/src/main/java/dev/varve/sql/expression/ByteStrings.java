// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Hash, equality and order of byte strings that lie in segments.
///
/// Word loops rather than `MemorySegment.mismatch`, whose call costs more than most values are
/// long.
public final class ByteStrings {
  private static final long M1 = 0x9E3779B97F4A7C15L;
  private static final long M2 = 0xD6E8FEB86659FD93L;

  private ByteStrings() {}

  /// A 64-bit hash; equal bytes give equal hashes within this process, nothing more is promised.
  public static long hash64(MemorySegment bytes, long from, int length) {
    long hash = length * M2;
    int i = 0;
    for (; i + 16 <= length; i += 16) {
      hash = fold(bytes.get(Vector.I64, from + i) ^ M1, bytes.get(Vector.I64, from + i + 8) ^ hash);
    }
    int left = length - i;
    if (left >= 8) {
      hash = fold(bytes.get(Vector.I64, from + i) ^ M2, hash ^ M1);
      left -= 8;
    }
    if (left > 0) {
      // Where there are eight bytes at all, the last eight hold the rest.
      long rest =
          length >= 8
              ? bytes.get(Vector.I64, from + length - 8)
              : tail(bytes, from + length - left, left);
      hash = fold(rest ^ M1, hash ^ M2);
    }
    return mix(hash);
  }

  /// Both halves of a product: every bit of either factor reaches every bit.
  private static long fold(long a, long b) {
    return a * b ^ Math.multiplyHigh(a, b);
  }

  static int hash(MemorySegment bytes, long from, int length) {
    long hash = hash64(bytes, from, length);
    return (int) (hash ^ hash >>> 32);
  }

  private static long mix(long value) {
    long x = value * M1;
    return (x ^ x >>> 32) * M2;
  }

  /// Up to seven bytes as a number, least significant first; reads no byte beyond them.
  private static long tail(MemorySegment bytes, long from, int length) {
    long value = 0;
    int shift = 0;
    long at = from;
    if ((length & 4) != 0) {
      value = bytes.get(Vector.I32, at) & 0xFFFFFFFFL;
      at += 4;
      shift = 32;
    }
    if ((length & 2) != 0) {
      value |= (bytes.get(Vector.I16, at) & 0xFFFFL) << shift;
      at += 2;
      shift += 16;
    }
    if ((length & 1) != 0) {
      value |= (bytes.get(JAVA_BYTE, at) & 0xFFL) << shift;
    }
    return value;
  }

  public static boolean equal(
      MemorySegment a, long aFrom, MemorySegment b, long bFrom, int length) {
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      if (a.get(Vector.I64, aFrom + i) != b.get(Vector.I64, bFrom + i)) {
        return false;
      }
    }
    return i == length || tail(a, aFrom + i, length - i) == tail(b, bFrom + i, length - i);
  }

  /// Order of unsigned bytes, the shorter first where one begins the other.
  public static int compare(
      MemorySegment a, long aFrom, int aLength, MemorySegment b, long bFrom, int bLength) {
    int shared = Math.min(aLength, bLength);
    int i = 0;
    for (; i + 8 <= shared; i += 8) {
      long left = a.get(Vector.I64, aFrom + i);
      long right = b.get(Vector.I64, bFrom + i);
      if (left != right) {
        return Long.compareUnsigned(Long.reverseBytes(left), Long.reverseBytes(right));
      }
    }
    for (; i < shared; i++) {
      int left = a.get(JAVA_BYTE, aFrom + i) & 0xFF;
      int right = b.get(JAVA_BYTE, bFrom + i) & 0xFF;
      if (left != right) {
        return left - right;
      }
    }
    return aLength - bLength;
  }
}
