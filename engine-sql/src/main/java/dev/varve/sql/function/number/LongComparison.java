// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.sql.expression.Masks;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Comparison of runs of longs to a bitmask, by arithmetic on the sign bit: on random data a jump
/// per row costs ten times as much. All six comparisons are made of "less" and "equal".
final class LongComparison {
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LongComparison() {}

  static void test(
      Comparison.Kind kind,
      Vector a,
      Vector b,
      boolean unsigned,
      int rows,
      Scratch scratch,
      long[] mask) {
    long flip = unsigned ? Long.MIN_VALUE : 0;
    if (b.isConstant()) {
      constant(kind, VectorOps.flatten(a, scratch), b.getLong(0), flip, rows, mask);
    } else if (a.isConstant()) {
      constant(kind.swapped(), VectorOps.flatten(b, scratch), a.getLong(0), flip, rows, mask);
    } else {
      columns(
          kind,
          VectorOps.flatten(a, scratch),
          VectorOps.flatten(b, scratch),
          flip,
          rows,
          scratch,
          mask);
    }
  }

  private static void columns(
      Comparison.Kind kind, Vector a, Vector b, long flip, int rows, Scratch scratch, long[] mask) {
    byte[] flags = new byte[rows + 63 & -64];
    if (a.physical() == Physical.INT32 && b.physical() == Physical.INT32) {
      long widenA = a.type().isUnsigned() ? 0xFFFFFFFFL : -1L;
      long widenB = b.type().isUnsigned() ? 0xFFFFFFFFL : -1L;
      NarrowComparison.both32(kind, a.values(), widenA, b.values(), widenB, rows, flags);
    } else {
      MemorySegment x = Longs.of(a, scratch);
      MemorySegment y = Longs.of(b, scratch);
      switch (kind) {
        case EQUALS, NOT_EQUALS -> equal(x, y, rows, flags);
        case LESS, GREATER_OR_EQUALS -> less(x, y, flip, rows, flags);
        case GREATER, LESS_OR_EQUALS -> less(y, x, flip, rows, flags);
      }
    }
    pack(flags, rows, mask);
    complement(kind, rows, mask);
  }

  /// Each row's answer goes to a byte first, in a plain loop over all rows, and eight bytes then to
  /// eight bits by one multiplication: gathering bits in the loop itself costs three times as much.
  private static void constant(
      Comparison.Kind kind, Vector x, long c, long flip, int rows, long[] mask) {
    byte[] flags = new byte[rows + 63 & -64];
    boolean unsigned = x.type().isUnsigned();
    MemorySegment values = x.values();
    switch (x.physical()) {
      case INT8 -> NarrowComparison.test8(kind, values, unsigned ? 0xFFL : -1L, c, rows, flags);
      case INT16 -> NarrowComparison.test16(kind, values, unsigned ? 0xFFFFL : -1L, c, rows, flags);
      case INT32 ->
          NarrowComparison.test32(kind, values, unsigned ? 0xFFFFFFFFL : -1L, c, rows, flags);
      default -> {
        switch (kind) {
          case EQUALS, NOT_EQUALS -> equalTo(values, c, rows, flags);
          case LESS, GREATER_OR_EQUALS -> lessThan(values, c ^ flip, flip, rows, flags);
          case GREATER, LESS_OR_EQUALS -> greaterThan(values, c ^ flip, flip, rows, flags);
        }
      }
    }
    pack(flags, rows, mask);
    complement(kind, rows, mask);
  }

  private static void pack(byte[] flags, int rows, long[] mask) {
    int words = rows + 63 >>> 6;
    for (int w = 0; w < words; w++) {
      long word = 0;
      for (int k = 0; k < 8; k++) {
        long eight = (long) EIGHT_BYTES.get(flags, (w << 6) + (k << 3));
        word |= (eight * 0x0102040810204080L >>> 56) << (k << 3);
      }
      mask[w] = word;
    }
  }

  private static void complement(Comparison.Kind kind, int rows, long[] mask) {
    switch (kind) {
      case NOT_EQUALS, LESS_OR_EQUALS, GREATER_OR_EQUALS -> Masks.not(mask, rows);
      case EQUALS, LESS, GREATER -> {}
    }
  }

  /// The sign bit of "x is less than y", moved down to bit 0.
  private static long lessBit(long x, long y) {
    return (x & ~y | ~(x ^ y) & x - y) >>> 63;
  }

  private static long equalBit(long x, long y) {
    long difference = x ^ y;
    return ~(difference | -difference) >>> 63;
  }

  private static void lessThan(MemorySegment x, long c, long flip, int rows, byte[] flags) {
    for (int i = 0; i < rows; i++) {
      flags[i] = (byte) lessBit(x.get(Vector.I64, i * 8L) ^ flip, c);
    }
  }

  private static void greaterThan(MemorySegment x, long c, long flip, int rows, byte[] flags) {
    for (int i = 0; i < rows; i++) {
      flags[i] = (byte) lessBit(c, x.get(Vector.I64, i * 8L) ^ flip);
    }
  }

  private static void equalTo(MemorySegment x, long c, int rows, byte[] flags) {
    for (int i = 0; i < rows; i++) {
      flags[i] = (byte) equalBit(x.get(Vector.I64, i * 8L), c);
    }
  }

  private static void less(MemorySegment x, MemorySegment y, long flip, int rows, byte[] flags) {
    for (int i = 0; i < rows; i++) {
      flags[i] = (byte) lessBit(x.get(Vector.I64, i * 8L) ^ flip, y.get(Vector.I64, i * 8L) ^ flip);
    }
  }

  private static void equal(MemorySegment x, MemorySegment y, int rows, byte[] flags) {
    for (int i = 0; i < rows; i++) {
      flags[i] = (byte) equalBit(x.get(Vector.I64, i * 8L), y.get(Vector.I64, i * 8L));
    }
  }
}
