// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that all caches of decoded keys of an engine may hold together. Safe for threads.
public final class KeyBudget {
  private final AtomicLong left;

  public KeyBudget(long bytes) {
    left = new AtomicLong(bytes);
  }

  /// Takes these bytes, or nothing where fewer are left.
  boolean take(long bytes) {
    long before = left.get();
    while (before >= bytes) {
      if (left.compareAndSet(before, before - bytes)) {
        return true;
      }
      before = left.get();
    }
    return false;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  /// Bytes that nobody has taken.
  public long left() {
    return left.get();
  }
}
