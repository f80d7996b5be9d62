// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.blocks;

import dev.varve.storage.hash.CityHash128;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What stands before the bytes of a compressed block, little-endian.
///
/// | bytes | field             | meaning                                            |
/// |-------|-------------------|----------------------------------------------------|
/// | 0-15  | checksum          | CityHash128 of everything behind it, low word first |
/// | 16    | method            | 0x82 LZ4, 0x90 ZSTD, 0x02 none                     |
/// | 17-20 | compressed size   | of the block with this header but the checksum     |
/// | 21-24 | uncompressed size | of what the block holds                            |
final class BlockLayout {
  static final int CHECKSUM_BYTES = 16;
  static final int HEADER_BYTES = 9;
  static final int BYTES = CHECKSUM_BYTES + HEADER_BYTES;
  static final byte LZ4 = (byte) 0x82;
  static final byte ZSTD = (byte) 0x90;
  static final byte NONE = 0x02;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private BlockLayout() {}

  static long checksumLow(byte[] block) {
    return (long) LONGS.get(block, 0);
  }

  static long checksumHigh(byte[] block) {
    return (long) LONGS.get(block, 8);
  }

  static byte method(byte[] block) {
    return block[CHECKSUM_BYTES];
  }

  /// With the header, without the checksum.
  static int compressedSize(byte[] block) {
    return (int) INTS.get(block, CHECKSUM_BYTES + 1);
  }

  static int uncompressedSize(byte[] block) {
    return (int) INTS.get(block, CHECKSUM_BYTES + 5);
  }

  /// Writes the header and then the checksum of a block whose bytes stand behind it already.
  static void put(byte[] block, byte method, int bytes, int uncompressed, CityHash128 hash) {
    block[CHECKSUM_BYTES] = method;
    INTS.set(block, CHECKSUM_BYTES + 1, HEADER_BYTES + bytes);
    INTS.set(block, CHECKSUM_BYTES + 5, uncompressed);
    hash.hash(block, CHECKSUM_BYTES, HEADER_BYTES + bytes);
    LONGS.set(block, 0, hash.low());
    LONGS.set(block, 8, hash.high());
  }
}
