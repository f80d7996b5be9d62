// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Statistics of samples of numbers.
final class Samples {
  private Samples() {}

  /// Ranks from 1; equal values share the mean of theirs.
  private static double[] ranks(double[] values) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
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
    return new double[] {
      t, Probabilities.incompleteBeta(freedom / (t * t + freedom), freedom / 2, 0.5)
    };
  }

  /// Statistic and two-sided p-value of the test that the mean of all is the one given.
  static double[] meanTest(double[] x, double[] means) {
    double n = x.length;
    double mean = Arrays.stream(x).sum() / n;
    double squares = Arrays.stream(x).map(value -> (value - mean) * (value - mean)).sum();
    double t = (mean - (n == 0 ? 0 : means[0])) / Math.sqrt(squares / (n - 1) / n);
    return new double[] {
      t, Probabilities.incompleteBeta((n - 1) / (t * t + n - 1), (n - 1) / 2, 0.5)
    };
  }

  /// F and its p-value of the test that all groups have one mean.
  static double[] varianceTest(double[] x, double[] group) {
    Map<Double, double[]> groups = new TreeMap<>();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double[] countAndSum = groups.computeIfAbsent(group[i], _ -> new double[2]);
      countAndSum[0]++;
      countAndSum[1] += x[i];
      sum += x[i];
    }
    double mean = sum / x.length;
    double between = 0;
    for (double[] each : groups.values()) {
      double off = each[1] / each[0] - mean;
      between += each[0] * off * off;
    }
    double within = 0;
    for (int i = 0; i < x.length; i++) {
      double[] own = groups.get(group[i]);
      double off = x[i] - own[1] / own[0];
      within += off * off;
    }
    double d1 = groups.size() - 1;
    double d2 = x.length - groups.size();
    double f = between / d1 / (within / d2);
    return new double[] {f, Probabilities.incompleteBeta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2)};
  }

  /// Statistic, two-sided p-value and confidence interval of the difference of two groups' means.
  static double[] meanZTest(
      double[] x, double[] group, double varianceX, double varianceY, double confidence) {
    double[] count = new double[2];
    double[] sum = new double[2];
    for (int i = 0; i < x.length; i++) {
      int g = group[i] != 0 ? 1 : 0;
      count[g]++;
      sum[g] += x[i];
    }
    double difference = sum[0] / count[0] - sum[1] / count[1];
    double error = Math.sqrt(varianceX / count[0] + varianceY / count[1]);
    double z = difference / error;
    double reach = Probabilities.normalQuantile((1 + confidence) / 2) * error;
    return new double[] {
      z, 2 * Probabilities.normalTail(Math.abs(z)), difference - reach, difference + reach
    };
  }

  /// @param measure `corr`, `covarPop` or `covarSamp`
  static double covariance(double[] x, double[] y, String measure) {
    double n = x.length;
    double meanX = Arrays.stream(x).sum() / n;
    double meanY = Arrays.stream(y).sum() / n;
    double products = 0;
    double squaresX = 0;
    double squaresY = 0;
    for (int i = 0; i < n; i++) {
      products += (x[i] - meanX) * (y[i] - meanY);
      squaresX += (x[i] - meanX) * (x[i] - meanX);
      squaresY += (y[i] - meanY) * (y[i] - meanY);
    }
    return switch (measure) {
      case "corr" -> products / Math.sqrt(squaresX * squaresY);
      case "covarPop" -> products / n;
      default -> products / (n - 1);
    };
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
    double p =
        alternative.equals("two-sided")
            ? 2 * Probabilities.normalTail(Math.abs(z))
            : Probabilities.normalTail(z);
    return new double[] {u2, p};
  }

  private static double tied(double[] x) {
    double[] sorted = x.clone();
    Arrays.sort(sorted);
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

  /// Points that keep the shape of a line: of each bucket the one of the largest triangle with its
  /// neighbours.
  static List<double[]> largestTriangles(double[] x, double[] y, int most) {
    Integer[] order = IntStream.range(0, x.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> x[i]));
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
