// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Memory of one table of keys, off the heap, where it neither moves nor is scanned by a collector.
///
/// Of an allocator it counts in the budget of a query and is given back by [#close()]; collected
/// memory goes with the table. Blocks are read by address through [#ALL]: that a table is still
/// open is for its owner to see to.
public final class KeyMemory implements AutoCloseable {
  /// All addresses; only for bytes of a block, or of a segment whose bounds were checked.
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  // Null for collected memory.
  private final BufferAllocator allocator;
  private final Set<Block> blocks = Collections.newSetFromMap(new IdentityHashMap<>());
  private long bytes;

  /// Bytes that lie together.
  ///
  /// @param keeper what gives them back or keeps them from being collected
  record Block(long address, long bytes, Object keeper) {
    static final Block NONE = new Block(0, 0, null);
  }

  private KeyMemory(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  public static KeyMemory of(BufferAllocator allocator) {
    return new KeyMemory(allocator);
  }

  /// For tables that nobody closes.
  public static KeyMemory collected() {
    return new KeyMemory(null);
  }

  /// Bytes held.
  long bytes() {
    return bytes;
  }

  boolean isCollected() {
    return allocator == null;
  }

  /// A block of so many bytes, aligned to 8, its contents undefined.
  Block allocate(long size) {
    Block block;
    if (allocator == null) {
      MemorySegment segment = Arena.ofAuto().allocate(size, 8);
      block = new Block(segment.address(), size, segment);
    } else {
      ArrowBuf buffer = allocator.buffer(size);
      block = new Block(buffer.memoryAddress(), size, buffer);
    }
    if (size >= HugePages.LEAST_BYTES) {
      HugePages.advise(block.address, size);
    }
    blocks.add(block);
    bytes += size;
    return block;
  }

  Block allocateZeroed(long size) {
    Block block = allocate(size);
    ALL.asSlice(block.address, size).fill((byte) 0);
    return block;
  }

  /// Gives a block back.
  void free(Block block) {
    if (blocks.remove(block)) {
      bytes -= block.bytes;
      release(block);
    }
  }

  private static void release(Block block) {
    if (block.keeper instanceof ArrowBuf buffer) {
      buffer.close();
    }
  }

  @Override
  public void close() {
    blocks.forEach(KeyMemory::release);
    blocks.clear();
    bytes = 0;
  }
}
