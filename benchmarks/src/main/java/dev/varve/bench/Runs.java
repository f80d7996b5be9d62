// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.util.Arrays;
import java.util.Locale;

/// Times of one thing done several times, in nanoseconds.
record Runs(String name, long[] nanos) {
  double medianMillis() {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1e6;
  }

  /// The time within which this share of the runs ended.
  double percentileMillis(int percent) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
  }

  double minMillis() {
    return Arrays.stream(nanos).min().orElse(0) / 1e6;
  }

  double maxMillis() {
    return Arrays.stream(nanos).max().orElse(0) / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-8s median %8.1f ms  min %8.1f  max %8.1f  (%d runs)",
        name,
        medianMillis(),
        minMillis(),
        maxMillis(),
        nanos.length);
  }
}
