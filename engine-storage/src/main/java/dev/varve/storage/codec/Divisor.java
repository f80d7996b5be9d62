// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

/// The greatest number that divides the distance of every value of a run from its least one, as in
/// prices in whole francs or times in whole minutes.
final class Divisor {
  private static final int LEAST_ROWS = 64;
  private static final int SAMPLE = 16;

  /// Bits that a value must become shorter by.
  static final int LEAST_SAVED = 2;

  private Divisor() {}

  /// 1 where there is none, or too few values to look for one. Some values are looked at first, so
  /// that a run without a divisor costs next to nothing.
  static long of(long[] values, int count, long min, long max) {
    // Distances of 2^63 and more would count as negative.
    if (count < LEAST_ROWS || max - min < 4) {
      return 1;
    }
    long divisor = 0;
    for (int i = 0; i < SAMPLE; i++) {
      divisor = common(divisor, values[(int) ((long) i * count / SAMPLE)] - min);
      if (divisor == 1) {
        return 1;
      }
    }
    for (int i = 0; i < count; i++) {
      long distance = values[i] - min;
      if (divisor == 0 || distance % divisor != 0) {
        divisor = common(divisor, distance);
        if (divisor == 1) {
          return 1;
        }
      }
    }
    return Math.max(1, divisor);
  }

  private static long common(long a, long b) {
    long greater = a;
    long rest = b;
    while (rest != 0) {
      long next = greater % rest;
      greater = rest;
      rest = next;
    }
    return greater;
  }

  static long[] quotients(long[] values, int count, long min, long divisor) {
    long[] quotients = new long[count];
    for (int i = 0; i < count; i++) {
      quotients[i] = (values[i] - min) / divisor;
    }
    return quotients;
  }
}
