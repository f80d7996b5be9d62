// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import dev.varve.bench.micro.MemoryBandwidth;
import java.util.ArrayList;
import java.util.List;

/// What the memory gives to all threads together, measured beside what is held against it.
final class Bandwidth {
  private static final long BYTES = 1L << 28;
  private static final int ROUNDS = 6;

  private Bandwidth() {}

  /// Bytes per millisecond, the best of some rounds.
  static double bytesPerMilli(int threads) {
    List<MemoryBandwidth> memories = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      MemoryBandwidth memory = new MemoryBandwidth();
      memory.fill();
      memories.add(memory);
    }
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long started = System.nanoTime();
      long read = memories.parallelStream().mapToLong(MemoryBandwidth::read).sum();
      double millis = (System.nanoTime() - started) / 1e6;
      best = read == 0 ? best : Math.max(best, threads * BYTES / millis);
    }
    return best;
  }
}
