// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.util.Locale;

/// Large numbers as a reader says them: 12.35 million.
final class QuantityText {
  private static final String[] UNITS = {
    "",
    " thousand",
    " million",
    " billion",
    " trillion",
    " quadrillion",
    " quintillion",
    " sextillion",
    " septillion",
    " octillion",
    " nonillion",
    " decillion",
    " undecillion",
    " duodecillion",
    " tredecillion"
  };

  private static final double MOST_TOLD = 1e45;

  /// Numbers in between look like hashes, of which nobody wants to know how many there are.
  private static final double LEAST_HASH = 1e17;

  private static final double MOST_HASH = 0x1p64;

  private QuantityText() {}

  /// What stands behind a number that is larger than a threshold, which is 0 for none.
  static String tip(double value, double threshold) {
    double size = Math.abs(value);
    boolean told =
        threshold > 0
            && size > threshold
            && size < MOST_TOLD
            && (size <= LEAST_HASH || size > MOST_HASH);
    return told ? " -- " + of(value) : "";
  }

  static String of(double value) {
    int unit = 0;
    double rest = value;
    while (Math.abs(rest) >= 1000 && unit + 1 < UNITS.length) {
      rest /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f", rest) + UNITS[unit];
  }
}
