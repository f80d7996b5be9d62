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
    " decillion"
  };

  private QuantityText() {}

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
