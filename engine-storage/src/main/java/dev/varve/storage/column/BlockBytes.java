// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// A buffer off the heap, aligned to 64, that grows by forgetting what it held.
final class BlockBytes implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final BufferAllocator allocator;
  private ArrowBuf buffer;

  BlockBytes(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /// So many bytes, their contents undefined; readable eight bytes past the end.
  MemorySegment take(long bytes) {
    long wanted = bytes + 2 * ALIGNMENT;
    if (buffer == null || buffer.capacity() < wanted) {
      close();
      buffer = allocator.buffer(wanted);
    }
    long address = (buffer.memoryAddress() + ALIGNMENT - 1) & -ALIGNMENT;
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /// Bytes held from the allocator.
  long capacity() {
    return buffer == null ? 0 : buffer.capacity();
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
  }
}
