// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import java.util.concurrent.Semaphore;

/// The memory that requests may take at once, over all connections. Whoever wants more waits, which
/// is how a crowd of producers is slowed down. Safe for threads.
final class RequestMemory {
  private static final int UNIT_BYTES = 1024;

  private final Semaphore units;

  RequestMemory(long bytes) {
    units = new Semaphore(Math.toIntExact(bytes / UNIT_BYTES), true);
  }

  void take(int bytes) throws InterruptedException {
    units.acquire(units(bytes));
  }

  void giveBack(int bytes) {
    units.release(units(bytes));
  }

  private static int units(int bytes) {
    return bytes / UNIT_BYTES;
  }
}
