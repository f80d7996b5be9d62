// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import java.util.Arrays;
import java.util.List;

/// How far a chain of conditions was met within a window of time from its first one.
final class Funnel {
  private Funnel() {}

  /// @param modes of `strict_deduplication`, `strict_order`, `strict_increase`, `strict_once`
  static int level(List<HeapValue[]> rows, long window, List<String> modes) {
    List<HeapValue[]> sorted = Deltas.byTime(rows, 0);
    if (sorted.isEmpty()) {
      return 0;
    }
    int conditions = sorted.getFirst().length - 1;
    boolean increase = modes.contains("strict_increase");
    boolean strictOrder = modes.contains("strict_order");
    boolean deduplicates = modes.contains("strict_deduplication") || modes.contains("strict");
    double[] starts = new double[conditions];
    double[] lasts = new double[conditions];
    Arrays.fill(starts, Double.NaN);
    for (HeapValue[] row : sorted) {
      double time = row[0].asDouble();
      boolean any = false;
      // From the last condition on, so that one row is not two steps of the chain.
      for (int step = conditions - 1; step >= 0; step--) {
        if (row[step + 1].vector().getLong(0) == 0) {
          continue;
        }
        any = true;
        if (step == 0) {
          starts[0] = time;
          lasts[0] = time;
        } else if (deduplicates && !Double.isNaN(starts[step])) {
          return step;
        } else if (strictOrder && !Double.isNaN(starts[0]) && Double.isNaN(starts[step - 1])) {
          return reached(starts);
        } else if (!Double.isNaN(starts[step - 1])
            && time <= starts[step - 1] + window
            && (!increase || lasts[step - 1] < time)) {
          starts[step] = starts[step - 1];
          lasts[step] = time;
          if (step + 1 == conditions) {
            return conditions;
          }
        }
      }
      if (strictOrder && !any && !Double.isNaN(starts[0])) {
        return reached(starts);
      }
    }
    return reached(starts);
  }

  private static int reached(double[] starts) {
    for (int step = starts.length; step > 0; step--) {
      if (!Double.isNaN(starts[step - 1])) {
        return step;
      }
    }
    return 0;
  }
}
