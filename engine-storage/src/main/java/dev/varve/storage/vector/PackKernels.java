// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [RowPacking], 64 bytes a step: all that the Vector API is needed for, in a class of
/// its own, as the API is a module that not every JVM was started with.
final class PackKernels {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;

  private PackKernels() {}

  /// Whether the processor packs 64 bytes at once.
  static boolean isSupported() {
    return LongVector.SPECIES_PREFERRED.length() == LONGS.length();
  }

  /// Packs words `[first, end)` of a mask and the 64 rows of each; writes up to 63 bytes behind the
  /// last row.
  ///
  /// @param at rows that `to` has
  /// @return rows that `to` has now
  static int pack(
      MemorySegment from, int width, long[] mask, int first, int end, MemorySegment to, int at) {
    return switch (width) {
      case 1 -> packBytes(from, mask, first, end, to, at);
      case 2 -> packShorts(from, mask, first, end, to, at);
      case 4 -> packInts(from, mask, first, end, to, at);
      default -> packLongs(from, mask, first, end, to, at);
    };
  }

  private static int packBytes(
      MemorySegment from, long[] mask, int first, int end, MemorySegment to, int at) {
    int next = at;
    for (int w = first; w < end; w++) {
      ByteVector.fromMemorySegment(BYTES, from, w * 64L, ByteOrder.LITTLE_ENDIAN)
          .compress(VectorMask.fromLong(BYTES, mask[w]))
          .intoMemorySegment(to, next, ByteOrder.LITTLE_ENDIAN);
      next += Long.bitCount(mask[w]);
    }
    return next;
  }

  private static int packShorts(
      MemorySegment from, long[] mask, int first, int end, MemorySegment to, int at) {
    int next = at;
    for (int i = first * 2; i < end * 2; i++) {
      long bits = mask[i >> 1] >>> (i << 5) & 0xFFFF_FFFFL;
      ShortVector.fromMemorySegment(SHORTS, from, i * 64L, ByteOrder.LITTLE_ENDIAN)
          .compress(VectorMask.fromLong(SHORTS, bits))
          .intoMemorySegment(to, next * 2L, ByteOrder.LITTLE_ENDIAN);
      next += Long.bitCount(bits);
    }
    return next;
  }

  private static int packInts(
      MemorySegment from, long[] mask, int first, int end, MemorySegment to, int at) {
    int next = at;
    for (int i = first * 4; i < end * 4; i++) {
      long bits = mask[i >> 2] >>> (i << 4) & 0xFFFF;
      IntVector.fromMemorySegment(INTS, from, i * 64L, ByteOrder.LITTLE_ENDIAN)
          .compress(VectorMask.fromLong(INTS, bits))
          .intoMemorySegment(to, next * 4L, ByteOrder.LITTLE_ENDIAN);
      next += Long.bitCount(bits);
    }
    return next;
  }

  /// As [#pack]; `to` may be `from`, as what is written has been read by then.
  static int packInts(int[] from, long[] mask, int first, int end, int[] to, int at) {
    int next = at;
    for (int i = first * 4; i < end * 4; i++) {
      long bits = mask[i >> 2] >>> (i << 4) & 0xFFFF;
      IntVector.fromArray(INTS, from, i * 16)
          .compress(VectorMask.fromLong(INTS, bits))
          .intoArray(to, next);
      next += Long.bitCount(bits);
    }
    return next;
  }

  private static int packLongs(
      MemorySegment from, long[] mask, int first, int end, MemorySegment to, int at) {
    int next = at;
    for (int i = first * 8; i < end * 8; i++) {
      long bits = mask[i >> 3] >>> (i << 3) & 0xFF;
      LongVector.fromMemorySegment(LONGS, from, i * 64L, ByteOrder.LITTLE_ENDIAN)
          .compress(VectorMask.fromLong(LONGS, bits))
          .intoMemorySegment(to, next * 8L, ByteOrder.LITTLE_ENDIAN);
      next += Long.bitCount(bits);
    }
    return next;
  }
}
