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
/// | 14 | compression | of the body: 0 none, 1 LZ4, 2 ZSTD |
/// | 15 | | 0 |
/// | 16-19 | plain bytes | bytes of the body before compression |
/// | 20-23 | | 0 |
/// | 24- | granule rows | `u32` for each granule, zeros to a multiple of eight |
/// | | body | the nodes, compressed |
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

  static int plainBytes(MemorySegment block) {
    return block.get(Vector.I32, 16);
  }

  static int granuleRows(MemorySegment block, int granule) {
    return block.get(Vector.I32, HEADER_BYTES + granule * 4L);
  }

  /// Where the body begins in a block of this many granules.
  static int bodyOffset(int granules) {
    return HEADER_BYTES + (4 * granules + 7 & ~7);
  }
}
