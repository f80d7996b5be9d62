// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import java.util.Arrays;

/// What became of some rows of an input that follow each other, as a number for each: the output
/// row that it became; -1 when its key was dropped; -2 - output row when another row of the key
/// stayed. Kept as runs where those are few, else as an array.
sealed interface TraceChunk {
  int ROWS = 1 << 16;

  int fate(int row);

  /// Copies.
  static TraceChunk of(int[] fates, int count) {
    int runs = 0;
    for (int i = 0; i < count; i++) {
      runs += startsRun(fates, i) ? 1 : 0;
    }
    if (runs > count / 4) {
      return new Dense(Arrays.copyOf(fates, count));
    }
    int[] starts = new int[runs];
    int[] firsts = new int[runs];
    int run = 0;
    for (int i = 0; i < count; i++) {
      if (startsRun(fates, i)) {
        starts[run] = i;
        firsts[run++] = fates[i];
      }
    }
    return new Runs(starts, firsts);
  }

  private static boolean startsRun(int[] fates, int i) {
    return i == 0 || fates[i] != fates[i - 1] + step(fates[i - 1]);
  }

  /// What follows in a run: the next output row, or the same nothing.
  private static int step(int fate) {
    return fate == MergeTrace.DROPPED ? 0 : fate < 0 ? -1 : 1;
  }

  /// A number for each row.
  record Dense(int[] fates) implements TraceChunk {
    @Override
    public int fate(int row) {
      return fates[row];
    }
  }

  /// Rows whose output rows follow each other as they do.
  record Runs(int[] starts, int[] firsts) implements TraceChunk {
    @Override
    public int fate(int row) {
      int found = Arrays.binarySearch(starts, row);
      int run = found >= 0 ? found : -found - 2;
      return firsts[run] + (row - starts[run]) * step(firsts[run]);
    }
  }
}
