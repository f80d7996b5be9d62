// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import java.lang.foreign.MemorySegment;

/// The plain bytes of a block as its decoder asks for them. The segments live as long as the block.
public interface BlockFrames {
  /// The nodes, and what all granules share.
  MemorySegment head();

  /// Whether sections stand in the head, as in a block of format version 1.
  boolean isWhole();

  /// The sections of a granule, where the block is not whole.
  MemorySegment piece(int granule);

  /// A block whose sections stand in its head.
  static BlockFrames whole(MemorySegment body) {
    return new BlockFrames() {
      @Override
      public MemorySegment head() {
        return body;
      }

      @Override
      public boolean isWhole() {
        return true;
      }

      @Override
      public MemorySegment piece(int granule) {
        throw new IllegalStateException("a whole block has no pieces");
      }
    };
  }
}
