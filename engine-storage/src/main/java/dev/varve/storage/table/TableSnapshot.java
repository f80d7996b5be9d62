// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The active parts of a table at one moment. While anybody holds a lease on it, no file of them
/// goes, whatever merges do. Immutable but for its leases; safe for threads.
public final class TableSnapshot {
  private final List<HeldPart> parts;
  private final long version;
  private final AtomicInteger leases = new AtomicInteger(1);

  TableSnapshot(List<HeldPart> parts, long version) {
    this.parts = List.copyOf(parts);
    this.version = version;
    this.parts.forEach(HeldPart::retain);
  }

  public List<HeldPart> parts() {
    return parts;
  }

  /// Grows with each change of the table's parts.
  public long version() {
    return version;
  }

  /// Takes a lease, unless the last one is gone already.
  boolean tryLease() {
    int before = leases.get();
    while (before > 0) {
      if (leases.compareAndSet(before, before + 1)) {
        return true;
      }
      before = leases.get();
    }
    return false;
  }

  /// Gives a lease back.
  public void release() {
    int left = leases.decrementAndGet();
    assert left >= 0 : "a snapshot was released too often";
    if (left == 0) {
      parts.forEach(HeldPart::release);
    }
  }
}
