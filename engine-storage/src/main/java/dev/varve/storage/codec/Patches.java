// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import java.util.Arrays;

/// Finds out whether a few values far from the others widen a run of integers, and how it is best
/// packed when those few are stored beside. One thread; holds the answer for the last run.
final class Patches {
  private static final int SAMPLE = 64;

  /// Of the sample, how many at each end may be far away.
  private static final int ENDS = 2;

  private static final int LEAST_ROWS = 256;

  private final long[] sample = new long[SAMPLE];
  private final int[] rowsOfWidth = new int[65];
  private long base;
  private int width;
  private int count;
  private long bytes;

  /// Whether patches may pay; the sample spares the pass over all values where they cannot.
  ///
  /// @param min least value
  /// @param fullWidth bits of a value without patches
  boolean find(long[] values, int rows, long min, int fullWidth) {
    if (rows < LEAST_ROWS || fullWidth < 4) {
      return false;
    }
    // Not a power of two, so that values which repeat in one do not all look alike.
    int step = (rows - 1) / SAMPLE;
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = values[i * step + (i & 1)];
    }
    Arrays.sort(sample);
    long low = sample[ENDS];
    long range = sample[SAMPLE - 1 - ENDS] - low;
    if (IntegerEncoder.width(range) > fullWidth - 3) {
      return false;
    }
    long floor = low - range;
    base = floor > low ? min : Math.max(min, floor);
    tally(values, rows);
    choose(rows, fullWidth);
    return count > 0;
  }

  private void tally(long[] values, int rows) {
    Arrays.fill(rowsOfWidth, 0);
    // Most values lie at or above the base; the others count as the widest.
    for (int i = 0; i < rows; i++) {
      rowsOfWidth[64 - Long.numberOfLeadingZeros(values[i] - base)]++;
    }
  }

  private void choose(int rows, int fullWidth) {
    bytes = Long.MAX_VALUE;
    count = 0;
    int wider = 0;
    for (int w = 64; w >= 0; w--) {
      if (w < fullWidth) {
        long cost = 48 + BitPacking.bytes(rows, w) + wider * (3L + (fullWidth + 7) / 8);
        if (cost < bytes) {
          bytes = cost;
          width = w;
          count = wider;
        }
      }
      wider += rowsOfWidth[w];
    }
  }

  long base() {
    return base;
  }

  /// Bits of a value that is not patched.
  int width() {
    return width;
  }

  /// Number of patches.
  int count() {
    return count;
  }

  /// Bytes of the run with patches, about.
  long bytes() {
    return bytes;
  }
}
