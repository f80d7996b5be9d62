// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Statistics of samples of numbers.
final class Samples {
  private Samples() {}

  /// Ranks from 1; equal values share the mean of theirs.
  private static double[] ranks(double[] values) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    java.util.Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    double[] ranks = new double[values.length];
    int i = 0;
    while (i < order.length) {
      int end = i;
      while (end < order.length && values[order[end]] == values[order[i]]) {
        end++;
      }
      for (int k = i; k < end; k++) {
        ranks[order[k]] = (i + end + 1) / 2.0;
      }
      i = end;
    }
    return ranks;
  }

  static double rankCorrelation(double[] x, double[] y) {
    double n = x.length;
    double[] a = ranks(x);
    double[] b = ranks(y);
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return 1 - 6 * squares / (n * (n * n - 1));
  }

  /// Statistic and two-sided p-value of Student's or Welch's test that both groups have one mean.
  static double[] meansTest(double[] x, double[] group, boolean welch) {
    double[] count = new double[2];
    double[] sum = new double[2];
    for (int i = 0; i < x.length; i++) {
      int g = group[i] != 0 ? 1 : 0;
      count[g]++;
      sum[g] += x[i];
    }
    double[] squares = new double[2];
    for (int i = 0; i < x.length; i++) {
      int g = group[i] != 0 ? 1 : 0;
      double off = x[i] - sum[g] / count[g];
      squares[g] += off * off;
    }
    double difference = sum[0] / count[0] - sum[1] / count[1];
    double error;
    double freedom;
    if (welch) {
      double a = squares[0] / (count[0] - 1) / count[0];
      double b = squares[1] / (count[1] - 1) / count[1];
      error = a + b;
      freedom = error * error / (a * a / (count[0] - 1) + b * b / (count[1] - 1));
    } else {
      freedom = count[0] + count[1] - 2;
      error = (squares[0] + squares[1]) / freedom * (1 / count[0] + 1 / count[1]);
    }
    double t = difference / Math.sqrt(error);
    return new double[] {t, incompleteBeta(freedom / (t * t + freedom), freedom / 2, 0.5)};
  }

  /// Statistic U and p-value of the rank test, by the normal approximation.
  static double[] mannWhitney(double[] x, double[] group, String alternative, boolean corrected) {
    double[] ranks = ranks(x);
    double n1 = 0;
    double sum1 = 0;
    for (int i = 0; i < x.length; i++) {
      n1 += group[i] != 0 ? 0 : 1;
      sum1 += group[i] != 0 ? 0 : ranks[i];
    }
    double n2 = x.length - n1;
    double u1 = n1 * n2 + n1 * (n1 + 1) / 2 - sum1;
    double u2 = n1 * n2 - u1;
    double ties = 1 - tied(x) / (Math.pow(x.length, 3) - x.length);
    double deviation = Math.sqrt(ties * n1 * n2 * (x.length + 1) / 12);
    double mean = n1 * n2 / 2 + (corrected ? 0.5 : 0);
    double u =
        switch (alternative) {
          case "greater" -> u2;
          case "less" -> u1;
          default -> Math.max(u1, u2);
        };
    double z = (u - mean) / deviation;
    double p = alternative.equals("two-sided") ? 2 * normalTail(Math.abs(z)) : normalTail(z);
    return new double[] {u2, p};
  }

  private static double tied(double[] x) {
    double[] sorted = x.clone();
    java.util.Arrays.sort(sorted);
    double tied = 0;
    int i = 0;
    while (i < sorted.length) {
      int end = i;
      while (end < sorted.length && sorted[end] == sorted[i]) {
        end++;
      }
      double size = end - i;
      tied += size * size * size - size;
      i = end;
    }
    return tied;
  }

  private static double normalTail(double z) {
    double half = 0.5 * (1 - Math.signum(z) * (1 - incompleteGammaTail(z * z / 2)));
    return half;
  }

  // The upper tail of the gamma distribution of shape one half: erfc of the root.
  private static double incompleteGammaTail(double x) {
    if (x < 1.5) {
      double term = 1 / 0.5;
      double sum = term;
      for (int i = 1; i < 500 && Math.abs(term) > sum * 1e-17; i++) {
        term *= x / (0.5 + i);
        sum += term;
      }
      return 1
          - sum
              * Math.exp(-x + 0.5 * Math.log(x == 0 ? 1 : x))
              / Math.sqrt(Math.PI)
              * (x == 0 ? 0 : 1);
    }
    double b = x + 0.5;
    double c = 1e300;
    double d = 1 / b;
    double h = d;
    for (int i = 1; i < 500; i++) {
      double an = -i * (i - 0.5);
      b += 2;
      d = 1 / (an * d + b);
      c = b + an / c;
      double step = d * c;
      h *= step;
      if (Math.abs(step - 1) < 1e-16) {
        break;
      }
    }
    return Math.exp(-x + 0.5 * Math.log(x)) / Math.sqrt(Math.PI) * h;
  }

  /// The regularized incomplete beta function, by its continued fraction.
  private static double incompleteBeta(double x, double a, double b) {
    if (Double.isNaN(x) || x <= 0 || x >= 1) {
      return Double.isNaN(x) ? x : x <= 0 ? 0 : 1;
    }
    double front =
        Math.exp(
            logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
    return x < (a + 1) / (a + b + 2)
        ? front * fraction(x, a, b) / a
        : 1 - front * fraction(1 - x, b, a) / b;
  }

  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / (1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m < 1000; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / (1 + even * d);
      c = 1 + even / c;
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / (1 + odd * d);
      c = 1 + odd / c;
      double step = d * c;
      h *= step;
      if (Math.abs(step - 1) < 1e-16) {
        break;
      }
    }
    return h;
  }

  // Stirling's series, after moving the argument to where it is exact.
  private static double logGamma(double x) {
    double shift = 0;
    double at = x;
    while (at < 20) {
      shift += Math.log(at++);
    }
    double inverse = 1 / (at * at);
    double series =
        (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse / 1680))) / at;
    return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
  }

  /// Points that keep the shape of a line: of each bucket the one of the largest triangle with its
  /// neighbours.
  static List<double[]> largestTriangles(double[] x, double[] y, int most) {
    Integer[] order = IntStream.range(0, x.length).boxed().toArray(Integer[]::new);
    java.util.Arrays.sort(order, Comparator.comparingDouble(i -> x[i]));
    List<double[]> points = new ArrayList<>();
    for (int i : order) {
      points.add(new double[] {x[i], y[i]});
    }
    if (most >= points.size()) {
      return points;
    }
    List<double[]> kept = new ArrayList<>();
    if (most < 3) {
      kept.add(points.getFirst());
      if (most == 2) {
        kept.add(points.getLast());
      }
      return kept;
    }
    double wide = (points.size() - 2.0) / (most - 2);
    kept.add(points.getFirst());
    for (int bucket = 0; bucket < most - 2; bucket++) {
      int from = (int) (bucket * wide) + 1;
      int to = (int) ((bucket + 1) * wide) + 1;
      int end = Math.min((int) ((bucket + 2) * wide) + 1, points.size());
      kept.add(largest(points, kept.getLast(), from, to, end));
    }
    kept.add(points.getLast());
    return kept;
  }

  private static double[] largest(List<double[]> points, double[] last, int from, int to, int end) {
    double nextX = points.subList(to, end).stream().mapToDouble(p -> p[0]).average().orElse(0);
    double nextY = points.subList(to, end).stream().mapToDouble(p -> p[1]).average().orElse(0);
    double[] best = points.get(from);
    double area = -1;
    for (double[] point : points.subList(from, to)) {
      double now =
          Math.abs(
              (last[0] - nextX) * (point[1] - last[1]) - (last[0] - point[0]) * (nextY - last[1]));
      if (now > area) {
        area = now;
        best = point;
      }
    }
    return best;
  }
}
