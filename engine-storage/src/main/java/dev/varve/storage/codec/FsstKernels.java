// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loop of [FsstSearch], 64 codes a step, in a class of its own, as the Vector API is a module
/// that not every JVM was started with.
final class FsstKernels {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;

  private FsstKernels() {}

  /// Whether the processor looks up 64 bytes at once.
  static boolean isSupported() {
    return ByteVector.SPECIES_PREFERRED.length() == BYTES.length();
  }

  /// Where a match may begin, for the 64 codes of each of the words `[from, end)`; one more code is
  /// read.
  ///
  /// @param opening codes, a bit for each, as are `following` and `holding`
  /// @param first the byte that begins a match behind an escape
  static void starts(
      MemorySegment codes,
      int from,
      int end,
      byte[] opening,
      byte[] following,
      byte[] holding,
      byte first,
      long[] starts) {
    ByteVector open = set(opening);
    ByteVector follow = set(following);
    ByteVector hold = set(holding);
    ByteVector bits = bits();
    for (int w = from; w < end; w++) {
      ByteVector code =
          ByteVector.fromMemorySegment(BYTES, codes, w * 64L, ByteOrder.LITTLE_ENDIAN);
      ByteVector next =
          ByteVector.fromMemorySegment(BYTES, codes, w * 64L + 1, ByteOrder.LITTLE_ENDIAN);
      ByteVector place = code.lanewise(VectorOperators.LSHR, 3);
      ByteVector bit = code.and((byte) 7).selectFrom(bits);
      VectorMask<Byte> opens = has(place.selectFrom(open), bit);
      VectorMask<Byte> holds = has(place.selectFrom(hold), bit);
      VectorMask<Byte> goesOn =
          has(
              next.lanewise(VectorOperators.LSHR, 3).selectFrom(follow),
              next.and((byte) 7).selectFrom(bits));
      VectorMask<Byte> escaped = code.eq((byte) FsstTable.ESCAPE).and(next.eq(first));
      starts[w] = opens.and(goesOn).or(holds).or(escaped).toLong();
    }
  }

  private static VectorMask<Byte> has(ByteVector eight, ByteVector bit) {
    return eight.and(bit).compare(VectorOperators.NE, (byte) 0);
  }

  private static ByteVector set(byte[] codes) {
    byte[] wide = new byte[BYTES.length()];
    System.arraycopy(codes, 0, wide, 0, codes.length);
    return ByteVector.fromArray(BYTES, wide, 0);
  }

  private static ByteVector bits() {
    byte[] wide = new byte[BYTES.length()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = (byte) (1 << (i & 7));
    }
    return ByteVector.fromArray(BYTES, wide, 0);
  }
}
