// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.spill.SpillSpace;
import dev.varve.storage.column.BlockCache;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/// What all queries of an engine hold together, off the heap and on it, and where they spill. Safe
/// for threads.
///
/// Two limits hold: heap and off-heap memory together stay within the allocator's limit, and heap
/// memory alone within a share of the Java heap, as a full heap would end the process. Cached
/// blocks count in neither: they go when queries need the bytes.
public final class EngineMemory {
  private final BufferAllocator allocator;
  private final BlockCache blocks;
  private final SpillSpace space;
  private final long heapLimit;
  private final AtomicLong heap = new AtomicLong();

  /// @param blocks gives bytes back when queries need them
  /// @param maxHeap bytes of the Java heap
  public EngineMemory(
      BufferAllocator allocator, BlockCache blocks, SpillSpace space, long maxHeap) {
    this.allocator = allocator;
    this.blocks = blocks;
    this.space = space;
    this.heapLimit = maxHeap / 2;
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  public SpillSpace space() {
    return space;
  }

  /// Bytes that queries hold on the Java heap.
  public long heapBytes() {
    return heap.get();
  }

  /// Whether queries should give memory back where they can.
  boolean isTight() {
    long onHeap = heap.get();
    long limit = allocator.getLimit();
    return onHeap > heapLimit / 2 || onHeap + allocator.getAllocatedMemory() > limit - limit / 4;
  }

  void reserveHeap(long bytes) {
    long held = heap.addAndGet(bytes);
    if (bytes > 0 && held > heapLimit) {
      heap.addAndGet(-bytes);
      throw new OutOfMemoryException("the queries' share of the Java heap is used up");
    }
    if (bytes > 0) {
      try {
        check(0);
      } catch (OutOfMemoryException e) {
        heap.addAndGet(-bytes);
        throw e;
      }
    }
  }

  /// @throws OutOfMemoryException where so many bytes more would be too many
  void check(long more) {
    blocks.shrinkTo(allocator.getLimit() - heap.get() - allocator.getAllocatedMemory() - more);
    if (heap.get() + allocator.getAllocatedMemory() + more > allocator.getLimit()) {
      throw new OutOfMemoryException("the engine's memory is used up");
    }
  }
}
