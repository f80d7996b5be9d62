// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

/// Tails of the normal and the beta distribution, which the tests of samples need.
final class Probabilities {
  private Probabilities() {}

  /// How likely a standard normal variable is above z.
  static double normalTail(double z) {
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
  static double incompleteBeta(double x, double a, double b) {
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

  /// The z that a standard normal variable is below with this probability.
  static double normalQuantile(double probability) {
    double low = -40;
    double high = 40;
    for (int i = 0; i < 200; i++) {
      double middle = (low + high) / 2;
      if (1 - normalTail(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
