// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/// The loop of [PieceSearch], 64 places a step, in a class of its own, as the Vector API is a
/// module that not every JVM was started with.
final class PieceKernels {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;

  private PieceKernels() {}

  /// Whether the processor compares 64 bytes at once.
  static boolean isSupported() {
    return ByteVector.SPECIES_PREFERRED.length() == BYTES.length();
  }

  /// Bit `i` of word `w`: whether `first` stands at `base + 64 * w + i`, and `last` so far behind.
  static void starts(
      MemorySegment bytes,
      long base,
      int from,
      int end,
      byte first,
      byte last,
      int distance,
      long[] starts) {
    for (int w = from; w < end; w++) {
      long at = base + w * 64L;
      ByteVector begins = ByteVector.fromMemorySegment(BYTES, bytes, at, ByteOrder.LITTLE_ENDIAN);
      ByteVector ends =
          ByteVector.fromMemorySegment(BYTES, bytes, at + distance, ByteOrder.LITTLE_ENDIAN);
      starts[w] = begins.eq(first).and(ends.eq(last)).toLong();
    }
  }
}
