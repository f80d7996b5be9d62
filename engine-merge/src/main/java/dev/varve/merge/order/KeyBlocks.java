// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.part.Part;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/// Decoded keys of granules that small parts leap into again and again: without them each fresh row
/// would decode the 8,192 keys of another granule. Keys that eight bytes tell lie off the heap. Who
/// asks for keys, and as long as he looks at them, holds [#inUse()].
///
/// What does not fit into the budget any more is not kept, and pushes nothing out: upserts of
/// random keys visit all granules in turn, so that whatever went would be wanted before what came.
public final class KeyBlocks implements AutoCloseable {
  private static final long HEAP_BYTES = 64L << 20;

  private final KeyBudget budget;
  private final BufferAllocator allocator;
  private final Map<Part, Kept> parts = new IdentityHashMap<>();
  private final ReentrantLock inUse = new ReentrantLock();
  private long heapBytes;
  private boolean closed;

  /// Keys of one part.
  private static final class Kept {
    private final KeyBlock[] blocks;
    private final List<ArrowBuf> buffers = new ArrayList<>();
    private long bytes;
    private long heapBytes;

    Kept(int granules) {
      blocks = new KeyBlock[granules];
    }
  }

  public KeyBlocks(KeyBudget budget, BufferAllocator allocator) {
    this.budget = budget;
    this.allocator = allocator;
  }

  /// Keeps the keys from being freed.
  public ReentrantLock inUse() {
    return inUse;
  }

  KeyBlock get(Part part, int granule) {
    Kept kept = parts.get(part);
    return kept == null ? null : kept.blocks[granule];
  }

  void put(Part part, int granule, KeyBlock block) {
    if (closed) {
      return; // whoever compares still, nobody comes after him
    }
    if (block.isExact()) {
      ArrowBuf buffer = buffer(block.rows() * 8L);
      if (buffer != null) {
        Kept kept = keptOf(part);
        kept.buffers.add(buffer);
        kept.bytes += block.rows() * 8L;
        MemorySegment memory = MemorySegment.ofAddress(buffer.memoryAddress());
        kept.blocks[granule] = block.copyTo(memory.reinterpret(block.rows() * 8L));
      }
    } else if (heapBytes + block.bytes() <= HEAP_BYTES) {
      Kept kept = keptOf(part);
      kept.heapBytes += block.bytes();
      heapBytes += block.bytes();
      kept.blocks[granule] = block;
    }
  }

  private Kept keptOf(Part part) {
    return parts.computeIfAbsent(part, p -> new Kept(p.granules()));
  }

  /// Null where there is no room.
  private ArrowBuf buffer(long bytes) {
    if (!budget.take(bytes)) {
      return null;
    }
    try {
      return allocator.buffer(bytes);
    } catch (OutOfMemoryException queriesNeedIt) {
      budget.giveBack(bytes);
      return null;
    }
  }

  /// Forgets the keys of all other parts; not now, where somebody looks at keys.
  public void retain(Collection<Part> live) {
    if (!inUse.tryLock()) {
      return;
    }
    try {
      forgetAllBut(live);
    } finally {
      inUse.unlock();
    }
  }

  private void forgetAllBut(Collection<Part> live) {
    if (parts.isEmpty()) {
      return;
    }
    Map<Part, Kept> left = new IdentityHashMap<>();
    for (Part part : live) {
      Kept kept = parts.remove(part);
      if (kept != null) {
        left.put(part, kept);
      }
    }
    forgetAll();
    parts.putAll(left);
  }

  @Override
  public void close() {
    inUse.lock();
    try {
      closed = true;
      forgetAll();
    } finally {
      inUse.unlock();
    }
  }

  private void forgetAll() {
    for (Kept kept : parts.values()) {
      heapBytes -= kept.heapBytes;
      kept.buffers.forEach(ArrowBuf::close);
      budget.giveBack(kept.bytes);
    }
    parts.clear();
  }
}
