// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/// Lets a background merge rest while queries run, so that it takes them only a share of a core.
/// One thread.
final class MergePace {
  private static final long LONGEST_REST_NANOS = 50_000_000;

  private final BooleanSupplier isWanted;
  private final IntSupplier busyPercent;
  private long workSince = System.nanoTime();

  /// @param isWanted whether somebody else wants the cores
  /// @param busyPercent share of the time to work while somebody does; asked at each step
  MergePace(BooleanSupplier isWanted, IntSupplier busyPercent) {
    this.isWanted = isWanted;
    this.busyPercent = busyPercent;
  }

  /// Called after each piece of work of some milliseconds.
  void step() {
    int busy = busyPercent.getAsInt();
    if (busy < 100 && isWanted.getAsBoolean()) {
      long worked = System.nanoTime() - workSince;
      long rest = worked * (100 - busy) / busy;
      LockSupport.parkNanos(Math.min(LONGEST_REST_NANOS, rest));
    }
    workSince = System.nanoTime();
  }
}
