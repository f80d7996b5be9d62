// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Off-heap bytes that live and die together: a bump allocator over slabs of an Arrow allocator, so
/// that the budget of a query is the limit of its allocator.
///
/// Not safe for threads: each worker owns one. After [#reset()] the slabs are used again and all
/// segments handed out before must not be touched; nothing checks that.
public final class Scratch implements AutoCloseable {
  // The first slabs are small: most queries need little, and a budget of some MiB has many users.
  private static final long FIRST_SLAB_BYTES = 1 << 16;
  private static final int DOUBLINGS = 4;
  private static final long ALIGNMENT = 64;
  private static final long MUCH_BYTES = 1 << 20;

  private final BufferAllocator allocator;
  private final Runnable check;
  private final List<ArrowBuf> slabs = new ArrayList<>();
  private int current = -1;
  private long position;
  private long end;

  public Scratch(BufferAllocator allocator) {
    this(allocator, () -> {});
  }

  /// @param check called before much is allocated, and by [#check()]; what it throws ends the work
  public Scratch(BufferAllocator allocator, Runnable check) {
    this.allocator = allocator;
    this.check = check;
  }

  /// For loops that may take long: throws where whoever owns this wants no more of them.
  public void check() {
    check.run();
  }

  /// A segment of this many bytes, aligned to 64, its contents undefined. It may be read and
  /// written eight bytes past its end, so that kernels need no tail.
  ///
  /// @throws org.apache.arrow.memory.OutOfMemoryException when the budget is used up
  public MemorySegment allocate(long bytes) {
    long size = (bytes + 8 + ALIGNMENT - 1) & -ALIGNMENT;
    if (size >= MUCH_BYTES) {
      check.run();
    }
    if (position + size > end) {
      nextSlab(size);
    }
    long address = position;
    position += size;
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /// As [#allocate(long)], filled with zeros.
  public MemorySegment allocateZeroed(long bytes) {
    MemorySegment segment = allocate(bytes);
    segment.fill((byte) 0);
    return segment;
  }

  private void nextSlab(long size) {
    while (++current < slabs.size()) {
      if (slabs.get(current).capacity() >= size + ALIGNMENT) {
        enter(slabs.get(current));
        return;
      }
    }
    long usual = FIRST_SLAB_BYTES << Math.min(slabs.size(), DOUBLINGS);
    ArrowBuf slab = allocator.buffer(Math.max(usual, size + ALIGNMENT));
    slabs.add(slab);
    current = slabs.size() - 1;
    enter(slab);
  }

  private void enter(ArrowBuf slab) {
    position = (slab.memoryAddress() + ALIGNMENT - 1) & -ALIGNMENT;
    end = slab.memoryAddress() + slab.capacity();
  }

  /// Forgets everything allocated; the slabs stay for the next round.
  public void reset() {
    current = -1;
    position = 0;
    end = 0;
  }

  /// Bytes held from the allocator.
  public long capacity() {
    long sum = 0;
    for (ArrowBuf slab : slabs) {
      sum += slab.capacity();
    }
    return sum;
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  @Override
  public void close() {
    slabs.forEach(ArrowBuf::close);
    slabs.clear();
    reset();
  }
}
