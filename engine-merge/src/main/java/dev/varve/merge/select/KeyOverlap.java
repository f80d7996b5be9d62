// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.select;

import java.util.Arrays;
import java.util.List;

/// How many parts of a partition hold keys between the first and the last key of each other. Told
/// from the ends of their ranges alone. Pure.
public final class KeyOverlap {
  private KeyOverlap() {}

  /// A part's range of keys, in their byte order.
  ///
  /// @param first the least key
  /// @param last the greatest key
  public record Range(byte[] first, byte[] last) {}

  /// For each range, the share of the others that meet it: 0 for none, 1 for all.
  public static double[] of(List<Range> ranges) {
    int count = ranges.size();
    byte[][] firsts = ranges.stream().map(Range::first).toArray(byte[][]::new);
    byte[][] lasts = ranges.stream().map(Range::last).toArray(byte[][]::new);
    Arrays.sort(firsts, Arrays::compareUnsigned);
    Arrays.sort(lasts, Arrays::compareUnsigned);
    double[] shares = new double[count];
    for (int i = 0; i < count && count > 1; i++) {
      int before = below(lasts, ranges.get(i).first(), false);
      int behind = count - below(firsts, ranges.get(i).last(), true);
      shares[i] = (double) (count - 1 - before - behind) / (count - 1);
    }
    return shares;
  }

  /// How many of the sorted keys are below one.
  private static int below(byte[][] sorted, byte[] key, boolean orEqual) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(sorted[middle], key);
      if (order < 0 || (orEqual && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
