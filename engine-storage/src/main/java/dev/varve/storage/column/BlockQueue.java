// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

/// Blocks in the order in which they came, linked through themselves so that any of them can leave.
/// Belongs to the lock of its cache.
final class BlockQueue {
  private CachedBlock first;
  private CachedBlock last;
  private long weight;
  private int size;

  CachedBlock first() {
    return first;
  }

  long weight() {
    return weight;
  }

  int size() {
    return size;
  }

  void add(CachedBlock block) {
    block.queue = this;
    block.before = last;
    block.behind = null;
    if (last == null) {
      first = block;
    } else {
      last.behind = block;
    }
    last = block;
    weight += block.weight;
    size++;
  }

  void remove(CachedBlock block) {
    if (block.before == null) {
      first = block.behind;
    } else {
      block.before.behind = block.behind;
    }
    if (block.behind == null) {
      last = block.before;
    } else {
      block.behind.before = block.before;
    }
    block.queue = null;
    block.before = null;
    block.behind = null;
    weight -= block.weight;
    size--;
  }
}
