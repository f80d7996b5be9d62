// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.NodeDecoder;
import java.util.concurrent.atomic.AtomicInteger;

/// A block that the cache keeps, and whoever reads it holds. Its memory goes when nobody does any
/// more. Safe for threads; its place among others belongs to the lock of the cache.
final class CachedBlock {
  private static final int MOST_USES = 3;

  final BlockSlots slots;
  final int number;

  /// Bytes it was counted with when it came, in the queues; what it takes may grow later.
  final long weight;

  // Of the queue it stands in.
  BlockQueue queue;
  CachedBlock before;
  CachedBlock behind;

  private final LoadedBlock block;
  private final AtomicInteger holders = new AtomicInteger(1);
  // Lost updates of threads that come at once do no harm.
  private volatile int uses;

  CachedBlock(BlockSlots slots, int number, LoadedBlock block, long weight) {
    this.slots = slots;
    this.number = number;
    this.block = block;
    this.weight = weight;
  }

  NodeDecoder decoder() {
    return block.decoder();
  }

  /// False where its memory is gone.
  boolean hold() {
    int count = holders.get();
    while (count > 0) {
      if (holders.compareAndSet(count, count + 1)) {
        return true;
      }
      count = holders.get();
    }
    return false;
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      block.close();
    }
  }

  /// Whether readers hold it, so that throwing it out would free nothing yet.
  boolean isRead() {
    return holders.get() > 1;
  }

  void used() {
    int now = uses;
    if (now < MOST_USES) {
      uses = now + 1;
    }
  }

  boolean wasUsed() {
    return uses > 0;
  }

  void forgetUse() {
    uses = Math.max(0, uses - 1);
  }
}
