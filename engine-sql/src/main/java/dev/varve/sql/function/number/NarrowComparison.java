// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Comparison of integers of at most four bytes with a constant, and of four bytes with each other,
/// in the width they lie in. `flags[i]` becomes 1 where "less" (for LESS and GREATER_OR_EQUALS),
/// "greater" or "equal" holds; the caller turns the answer round where the kind asks for it.
///
/// A difference of two such numbers cannot overflow a long, so its sign bit is the answer.
final class NarrowComparison {
  /// Beyond every number of four bytes, signed or not, and far from overflow.
  private static final long FAR = 1L << 40;

  private NarrowComparison() {}

  static void test8(
      Comparison.Kind kind, MemorySegment x, long widen, long constant, int rows, byte[] flags) {
    long c = Math.clamp(constant, -FAR, FAR);
    switch (kind) {
      case LESS, GREATER_OR_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = (byte) ((x.get(JAVA_BYTE, i) & widen) - c >>> 63);
        }
      }
      case GREATER, LESS_OR_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = (byte) (c - (x.get(JAVA_BYTE, i) & widen) >>> 63);
        }
      }
      case EQUALS, NOT_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = equal(x.get(JAVA_BYTE, i) & widen, c);
        }
      }
    }
  }

  static void test16(
      Comparison.Kind kind, MemorySegment x, long widen, long constant, int rows, byte[] flags) {
    long c = Math.clamp(constant, -FAR, FAR);
    switch (kind) {
      case LESS, GREATER_OR_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = (byte) ((x.get(Vector.I16, i * 2L) & widen) - c >>> 63);
        }
      }
      case GREATER, LESS_OR_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = (byte) (c - (x.get(Vector.I16, i * 2L) & widen) >>> 63);
        }
      }
      case EQUALS, NOT_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = equal(x.get(Vector.I16, i * 2L) & widen, c);
        }
      }
    }
  }

  static void test32(
      Comparison.Kind kind, MemorySegment x, long widen, long constant, int rows, byte[] flags) {
    long c = Math.clamp(constant, -FAR, FAR);
    switch (kind) {
      case LESS, GREATER_OR_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = (byte) ((x.get(Vector.I32, i * 4L) & widen) - c >>> 63);
        }
      }
      case GREATER, LESS_OR_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = (byte) (c - (x.get(Vector.I32, i * 4L) & widen) >>> 63);
        }
      }
      case EQUALS, NOT_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = equal(x.get(Vector.I32, i * 4L) & widen, c);
        }
      }
    }
  }

  static void both32(
      Comparison.Kind kind,
      MemorySegment x,
      long widenX,
      MemorySegment y,
      long widenY,
      int rows,
      byte[] flags) {
    switch (kind) {
      case LESS, GREATER_OR_EQUALS -> less32(x, widenX, y, widenY, rows, flags);
      case GREATER, LESS_OR_EQUALS -> less32(y, widenY, x, widenX, rows, flags);
      case EQUALS, NOT_EQUALS -> {
        for (int i = 0; i < rows; i++) {
          flags[i] = equal(x.get(Vector.I32, i * 4L) & widenX, y.get(Vector.I32, i * 4L) & widenY);
        }
      }
    }
  }

  private static void less32(
      MemorySegment x, long widenX, MemorySegment y, long widenY, int rows, byte[] flags) {
    for (int i = 0; i < rows; i++) {
      flags[i] =
          (byte)
              ((x.get(Vector.I32, i * 4L) & widenX) - (y.get(Vector.I32, i * 4L) & widenY) >>> 63);
    }
  }

  private static byte equal(long x, long c) {
    long difference = x ^ c;
    return (byte) (~(difference | -difference) >>> 63);
  }
}
