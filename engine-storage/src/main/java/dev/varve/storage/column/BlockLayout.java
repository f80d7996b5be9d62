// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Layout of a block: some granules of one column, self-contained. Little-endian.
///
/// | bytes | field | meaning |
/// |-------|-------|---------|
/// | 0-3 | checksum | CRC32C of the block from byte 4 to its end |
/// | 4-7 | length | bytes of the whole block |
/// | 8-11 | rows | rows of all granules |
/// | 12-13 | granules | number of granules, at least 1 |
/// | 14 | compression | of the body of a block that is not framed: 0 none, 1 LZ4, 2 ZSTD |
/// | 15 | framed | 1 where the body is frames, else 0 |
/// | 16-19 | plain bytes | bytes of the body before compression |
/// | 20-23 | | 0 |
/// | 24- | granule rows | `u32` for each granule, zeros to a multiple of eight |
/// | | frames | where framed: for the head and each granule's piece `u32` stored bytes and `u32` plain bytes, then a `u8` compression of each, zeros to a multiple of eight |
/// | | body | the head and the pieces, compressed each on its own and filled to a multiple of eight; or the nodes in one |
final class BlockLayout {
  static final int HEADER_BYTES = 24;

  private BlockLayout() {}

  static int checksum(MemorySegment block) {
    return block.get(Vector.I32, 0);
  }

  static int length(MemorySegment block) {
    return block.get(Vector.I32, 4);
  }

  static int rows(MemorySegment block) {
    return block.get(Vector.I32, 8);
  }

  static int granules(MemorySegment block) {
    return block.get(Vector.I16, 12) & 0xFFFF;
  }

  static int compression(MemorySegment block) {
    return block.get(JAVA_BYTE, 14);
  }

  static boolean isFramed(MemorySegment block) {
    return block.get(JAVA_BYTE, 15) == 1;
  }

  static int plainBytes(MemorySegment block) {
    return block.get(Vector.I32, 16);
  }

  static int granuleRows(MemorySegment block, int granule) {
    return block.get(Vector.I32, HEADER_BYTES + granule * 4L);
  }

  /// Where the table of frames begins, or the body of a block that has none.
  static int framesOffset(int granules) {
    return HEADER_BYTES + (4 * granules + 7 & ~7);
  }

  /// Where the first frame begins in a framed block of this many granules.
  static int bodyOffset(int granules) {
    int frames = granules + 1;
    return framesOffset(granules) + 8 * frames + (frames + 7 & ~7);
  }

  static int storedBytes(MemorySegment block, int granules, int frame) {
    return block.get(Vector.I32, framesOffset(granules) + 8L * frame);
  }

  static int plainBytes(MemorySegment block, int granules, int frame) {
    return block.get(Vector.I32, framesOffset(granules) + 8L * frame + 4);
  }

  static int compression(MemorySegment block, int granules, int frame) {
    return block.get(JAVA_BYTE, framesOffset(granules) + 8L * (granules + 1) + frame);
  }

  static void setFrame(
      MemorySegment block, int granules, int frame, int stored, int plain, int compression) {
    long at = framesOffset(granules) + 8L * frame;
    block.set(Vector.I32, at, stored);
    block.set(Vector.I32, at + 4, plain);
    block.set(JAVA_BYTE, framesOffset(granules) + 8L * (granules + 1) + frame, (byte) compression);
  }
}
