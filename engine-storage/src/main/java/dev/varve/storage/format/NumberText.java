// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.math.BigInteger;

/// Floats and decimals as the shortest text that reads back to the same value.
public final class NumberText {
  private NumberText() {}

  public static String of(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    return plain(Double.toString(value));
  }

  public static String of(float value) {
    if (Float.isNaN(value)) {
      return "nan";
    }
    if (Float.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e7f) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    return plain(Float.toString(value));
  }

  /// Java's shortest digits, set as plain digits from 1e-6 to below 1e21 and with an exponent
  /// outside.
  private static String plain(String java) {
    boolean negative = java.charAt(0) == '-';
    String body = negative ? java.substring(1) : java;
    int e = body.indexOf('E');
    int exponent = e < 0 ? 0 : Integer.parseInt(body.substring(e + 1));
    String mantissa = e < 0 ? body : body.substring(0, e);
    int point = mantissa.indexOf('.');
    String digits = mantissa.substring(0, point) + mantissa.substring(point + 1);
    int before = point + exponent;
    int lead = 0;
    while (lead < digits.length() - 1 && digits.charAt(lead) == '0') {
      lead++;
    }
    digits = digits.substring(lead);
    before -= lead;
    int end = digits.length();
    while (end > 1 && digits.charAt(end - 1) == '0') {
      end--;
    }
    digits = digits.substring(0, end);
    return (negative ? "-" : "") + place(digits, before);
  }

  private static String place(String digits, int before) {
    if (before > 21 || before < -5) {
      String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
      return digits.charAt(0) + rest + "e" + (before - 1);
    }
    if (before <= 0) {
      return "0." + "0".repeat(-before) + digits;
    }
    if (before >= digits.length()) {
      return digits + "0".repeat(before - digits.length());
    }
    return digits.substring(0, before) + "." + digits.substring(before);
  }

  /// An unscaled decimal without trailing zeros behind the point.
  public static String ofDecimal(BigInteger unscaled, int scale) {
    String digits = unscaled.abs().toString();
    if (digits.length() <= scale) {
      digits = "0".repeat(scale - digits.length() + 1) + digits;
    }
    int point = digits.length() - scale;
    int end = digits.length();
    while (end > point && digits.charAt(end - 1) == '0') {
      end--;
    }
    String text =
        digits.substring(0, point) + (end > point ? "." + digits.substring(point, end) : "");
    return unscaled.signum() < 0 ? "-" + text : text;
  }
}
