// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import java.util.Map;
import java.util.TreeMap;

/// Sums of y by x as a line of bars, eight heights and a blank.
final class Sparkbar {
  private static final String BARS = " ▁▂▃▄▅▆▇█";
  private static final int HEIGHTS = 8;

  private Sparkbar() {}

  /// @param bounds least and greatest x to show, or null for those there are
  static String of(double[] x, double[] y, int width, double[] bounds) {
    TreeMap<Double, Double> sums = new TreeMap<>();
    for (int i = 0; i < x.length; i++) {
      if (bounds == null || x[i] >= bounds[0] && x[i] <= bounds[1]) {
        sums.merge(x[i], y[i], Double::sum);
      }
    }
    if (sums.isEmpty()) {
      return "";
    }
    double least = bounds == null ? sums.firstKey() : bounds[0];
    double most = bounds == null ? sums.lastKey() : bounds[1];
    double values = most - least + 1;
    double[] heights =
        values <= width ? single(sums, least, (int) values) : shared(sums, least, values, width);
    return drawn(heights);
  }

  private static double[] single(Map<Double, Double> sums, double least, int width) {
    double[] heights = new double[width];
    sums.forEach((at, sum) -> heights[(int) (at - least)] += sum);
    return heights;
  }

  /// Bars that stand for several values: each gets its share of those at its ends, and shows the
  /// mean of those that are there.
  private static double[] shared(Map<Double, Double> sums, double least, double values, int width) {
    double[] heights = new double[width];
    double[] parts = new double[width];
    double each = values / width;
    for (Map.Entry<Double, Double> point : sums.entrySet()) {
      double from = (point.getKey() - least) / each;
      double to = (point.getKey() - least + 1) / each;
      for (int bar = (int) from; bar < Math.min(width, to); bar++) {
        double part = Math.min(bar + 1, to) - Math.max(bar, from);
        heights[bar] += point.getValue() * part;
        parts[bar] += part;
      }
    }
    for (int bar = 0; bar < width; bar++) {
      heights[bar] = parts[bar] == 0 ? 0 : heights[bar] / parts[bar];
    }
    return heights;
  }

  private static String drawn(double[] heights) {
    double highest = 0;
    for (double height : heights) {
      highest = Math.max(highest, height);
    }
    StringBuilder bars = new StringBuilder();
    for (double height : heights) {
      int level =
          height <= 0 || highest == 0
              ? 0
              : (int) Math.clamp(height / highest * (HEIGHTS - 1) + 1, 1, HEIGHTS);
      bars.append(BARS.charAt(level));
    }
    return bars.toString();
  }
}
