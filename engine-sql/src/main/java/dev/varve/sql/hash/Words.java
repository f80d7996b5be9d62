// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// An array of 64-bit words that grows, in the memory of a table. One thread writes.
final class Words {
  private final KeyMemory memory;
  private KeyMemory.Block block = KeyMemory.Block.NONE;

  Words(KeyMemory memory) {
    this.memory = memory;
  }

  /// Where the words lie, until the next [#reserve].
  long address() {
    return block.address();
  }

  long get(long index) {
    return KeyMemory.ALL.get(Vector.I64, block.address() + (index << 3));
  }

  void set(long index, long word) {
    KeyMemory.ALL.set(Vector.I64, block.address() + (index << 3), word);
  }

  /// Bytes that [#reserve] of so many words would ask for.
  long growth(long words) {
    return words << 3 > block.bytes() ? Math.max(512, Math.max(words << 3, block.bytes() << 1)) : 0;
  }

  /// Makes room for so many words; those that are there stay.
  void reserve(long words) {
    long growth = growth(words);
    if (growth > 0) {
      KeyMemory.Block wider = memory.allocate(growth);
      MemorySegment.copy(
          KeyMemory.ALL, block.address(), KeyMemory.ALL, wider.address(), block.bytes());
      replace(wider);
    }
  }

  /// Gives all words back.
  void free() {
    replace(KeyMemory.Block.NONE);
  }

  /// Makes all words zero, exactly so many.
  void clear(long words) {
    free();
    block = memory.allocateZeroed(words << 3);
  }

  private void replace(KeyMemory.Block next) {
    memory.free(block);
    block = next;
  }
}
