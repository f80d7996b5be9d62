// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import java.util.concurrent.Semaphore;

/// The memory that requests may take at once. Whoever wants more waits, which is how a crowd of
/// producers is slowed down. A request larger than all of it takes all of it. Safe for threads.
final class RequestMemory {
  private static final int UNIT_BYTES = 1024;

  private final int all;
  private final Semaphore units;

  RequestMemory(long bytes) {
    all = Math.toIntExact(bytes / UNIT_BYTES);
    units = new Semaphore(all, true);
  }

  void take(int bytes) throws InterruptedException {
    units.acquire(units(bytes));
  }

  void giveBack(int bytes) {
    units.release(units(bytes));
  }

  private int units(int bytes) {
    return Math.min(all, bytes / UNIT_BYTES);
  }
}
