// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import java.util.Arrays;

/// Whether two samples come from one distribution: the test of Kolmogorov and Smirnov.
final class Distributions {
  /// Samples up to which `auto` counts paths.
  private static final int EXACT = 10_000;

  private static final double ROUNDING = 1e-7;

  private Distributions() {}

  /// The greatest distance of both distributions, and how probable one as great is.
  static double[] test(double[] x, double[] group, String alternative, String method) {
    double[] first = sample(x, group, false);
    double[] second = sample(x, group, true);
    if (first.length == 0 || second.length == 0) {
      return new double[] {Double.NaN, Double.NaN};
    }
    double distance = distance(first, second, alternative);
    boolean exact =
        method.equals("exact")
            || method.equals("auto") && Math.max(first.length, second.length) <= EXACT;
    boolean twoSided = alternative.equals("two-sided");
    double p =
        exact
            ? counted(distance, first.length, second.length, twoSided)
            : asymptotic(distance, first.length, second.length, twoSided);
    return new double[] {distance, Math.clamp(p, 0, 1)};
  }

  private static double[] sample(double[] x, double[] group, boolean second) {
    double[] values = new double[x.length];
    int size = 0;
    for (int i = 0; i < x.length; i++) {
      if (group[i] != 0 == second) {
        values[size++] = x[i];
      }
    }
    double[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return sorted;
  }

  private static double distance(double[] a, double[] b, String alternative) {
    double above = 0;
    double below = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      double at = Math.min(a[i], b[j]);
      while (i < a.length && a[i] == at) {
        i++;
      }
      while (j < b.length && b[j] == at) {
        j++;
      }
      double difference = (double) i / a.length - (double) j / b.length;
      above = Math.max(above, difference);
      below = Math.max(below, -difference);
    }
    return switch (alternative) {
      case "greater" -> above;
      case "less" -> below;
      default -> Math.max(above, below);
    };
  }

  /// The share of paths through the grid of both samples that leave the corridor.
  private static double counted(double distance, int first, int second, boolean twoSided) {
    double m = Math.min(first, second);
    double n = Math.max(first, second);
    double bound = (0.5 + Math.floor(distance * m * n - ROUNDING)) / (m * n);
    double[] inside = new double[(int) n + 1];
    for (int j = 0; j <= n; j++) {
      inside[j] = leaves(0, j / n, bound, twoSided) ? 0 : 1;
    }
    for (int i = 1; i <= m; i++) {
      double weight = i / (i + n);
      inside[0] = leaves(i / m, 0, bound, twoSided) ? 0 : weight * inside[0];
      for (int j = 1; j <= n; j++) {
        inside[j] = leaves(i / m, j / n, bound, twoSided) ? 0 : weight * inside[j] + inside[j - 1];
      }
    }
    return 1 - inside[(int) n];
  }

  private static boolean leaves(double x, double y, double bound, boolean twoSided) {
    return (twoSided ? Math.abs(x - y) : x - y) > bound;
  }

  private static double asymptotic(double distance, int first, int second, boolean twoSided) {
    double size = (double) first * second / (first + second);
    if (!twoSided) {
      return Math.exp(-2 * distance * distance * size);
    }
    double z = distance * Math.sqrt(size);
    double p = 0;
    for (int k = 1; k <= 100; k++) {
      p += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * z * z);
    }
    return z == 0 ? 1 : p;
  }
}
