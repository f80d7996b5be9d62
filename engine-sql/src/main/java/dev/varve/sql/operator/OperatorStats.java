// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.memory.BufferAllocator;

/// What one operator of a measured query did: rows given, batches, time of all workers with the
/// inputs' time in it, and the memory that was asked for while it and none of its inputs was at
/// work. Safe for threads.
public final class OperatorStats {
  private final BufferAllocator allocator;
  private final AtomicLong heap = new AtomicLong();
  private final AtomicLong heapPeak = new AtomicLong();
  private final LongAdder rows = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /// @param allocator of this operator alone
  OperatorStats(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  void addHeap(long bytes) {
    long held = heap.addAndGet(bytes);
    heapPeak.accumulateAndGet(held, Math::max);
  }

  void addBatch(int batchRows) {
    rows.add(batchRows);
    batches.increment();
  }

  void addNanos(long more) {
    nanos.add(more);
  }

  public long rows() {
    return rows.sum();
  }

  public long batches() {
    return batches.sum();
  }

  public long nanos() {
    return nanos.sum();
  }

  /// The most bytes held off the heap and the most held on it, of which the moments may differ.
  public long peakBytes() {
    return allocator.getPeakMemoryAllocation() + heapPeak.get();
  }
}
