// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Numbers from text, exact: no digit is dropped, no value wraps around.
final class NumberParser {
  private static final double[] EXACT_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final int MAX_EXPONENT = 1_000;

  /// So many digits are a long, whatever they are.
  private static final int MOST_PLAIN_DIGITS = 18;

  private static final long[] POWERS = new long[MOST_PLAIN_DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private NumberParser() {}

  /// A signed integer between `min` and `max`, which are of a type of at most 64 bits.
  static long signed(byte[] text, int from, int end, long min, long max) {
    int at = from;
    boolean negative = false;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      negative = text[at++] == '-';
    }
    if (at == end) {
      throw new BadValueException("");
    }
    if (end - at <= MOST_PLAIN_DIGITS) {
      long plain = ByteSearch.number(text, at, end);
      if (plain < 0) {
        throw new BadValueException("");
      }
      return between(negative ? -plain : plain, min, max);
    }
    // Counts downwards: the smallest long has no positive twin.
    long value = 0;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        throw new BadValueException("");
      }
      if (value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit) {
        throw outOfRange(min, max);
      }
      value = value * 10 - digit;
    }
    if (!negative) {
      if (value == Long.MIN_VALUE) {
        throw outOfRange(min, max);
      }
      value = -value;
    }
    return between(value, min, max);
  }

  private static long between(long value, long min, long max) {
    if (value < min || value > max) {
      throw outOfRange(min, max);
    }
    return value;
  }

  /// An unsigned integer of at most 64 bits, as its bits.
  static long unsigned(byte[] text, int from, int end, int bits) {
    int at = from;
    if (at < end && text[at] == '+') {
      at++;
    }
    if (at == end) {
      throw new BadValueException("");
    }
    long value = end - at <= MOST_PLAIN_DIGITS ? ByteSearch.number(text, at, end) : -1;
    if (value >= 0 && (bits == 64 || value >>> bits == 0)) {
      return value;
    }
    value = 0;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        throw text[from] == '-' ? outOfUnsignedRange(bits) : new BadValueException("");
      }
      long next = value * 10 + digit;
      boolean wrapped =
          Long.compareUnsigned(value, 1844674407370955161L) > 0
              || Long.compareUnsigned(next, digit) < 0;
      if (wrapped) {
        throw outOfUnsignedRange(bits);
      }
      value = next;
    }
    if (bits < 64 && value >>> bits != 0) {
      throw outOfUnsignedRange(bits);
    }
    return value;
  }

  private static BadValueException outOfRange(long min, long max) {
    return new BadValueException("it is out of the range " + min + " to " + max);
  }

  private static BadValueException outOfUnsignedRange(int bits) {
    return new BadValueException(
        "it is out of the range 0 to " + BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
  }

  /// An integer of 128 or 256 bits.
  static BigInteger wide(byte[] text, int from, int end, int bits, boolean signed) {
    int at = from;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      at++;
    }
    // 78 digits are 256 bits; zeros in front are allowed but bounded like everything else.
    if (at == end || end - at > MAX_EXPONENT) {
      throw new BadValueException("");
    }
    for (int i = at; i < end; i++) {
      if (text[i] < '0' || text[i] > '9') {
        throw new BadValueException("");
      }
    }
    BigInteger value = new BigInteger(ascii(text, from, end));
    BigInteger limit = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits);
    BigInteger least = signed ? limit.negate() : BigInteger.ZERO;
    if (value.compareTo(least) < 0 || value.compareTo(limit) >= 0) {
      throw new BadValueException("it is out of range");
    }
    return value;
  }

  /// The unscaled value of a decimal of at most 18 digits.
  static long decimal(byte[] text, int from, int end, int precision, int scale) {
    int at = from;
    boolean negative = false;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      negative = text[at++] == '-';
    }
    long value = 0;
    int digits = 0;
    int fraction = -1;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        if (value > (Long.MAX_VALUE - 9) / 10 || fraction >= scale) {
          return wideDecimal(text, from, end, precision, scale).longValueExact();
        }
        value = value * 10 + digit;
        digits++;
        fraction += fraction >= 0 ? 1 : 0;
      } else if (text[at] == '.' && fraction < 0) {
        fraction = 0;
      } else {
        return wideDecimal(text, from, end, precision, scale).longValueExact();
      }
    }
    if (digits == 0) {
      throw new BadValueException("");
    }
    // What is left of the precision once the scale is filled up bounds the digits, and the product.
    int missing = scale - Math.max(fraction, 0);
    if (value >= POWERS[precision - missing]) {
      throw tooManyDigits(precision, scale);
    }
    value *= POWERS[missing];
    return negative ? -value : value;
  }

  /// The unscaled value of a decimal of any precision, an exponent allowed. Digits behind the scale
  /// are refused unless they are zeros: rounding would change the user's money.
  static BigInteger wideDecimal(byte[] text, int from, int end, int precision, int scale) {
    int at = from;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      at++;
    }
    StringBuilder digits = new StringBuilder(end - from);
    int exponent = 0;
    boolean point = false;
    for (; at < end; at++) {
      byte b = text[at];
      if (b >= '0' && b <= '9') {
        digits.append((char) b);
        exponent -= point ? 1 : 0;
      } else if (b == '.' && !point) {
        point = true;
      } else if ((b == 'e' || b == 'E') && !digits.isEmpty()) {
        exponent += (int) signed(text, at + 1, end, -MAX_EXPONENT, MAX_EXPONENT);
        break;
      } else {
        throw new BadValueException("");
      }
    }
    if (digits.isEmpty() || digits.length() > MAX_EXPONENT) {
      throw new BadValueException("");
    }
    BigInteger value = new BigInteger(digits.toString());
    int shift = exponent + scale;
    if (shift >= 0) {
      value = value.signum() == 0 ? value : value.multiply(BigInteger.TEN.pow(shift));
    } else {
      BigInteger[] cut = value.divideAndRemainder(BigInteger.TEN.pow(-shift));
      if (cut[1].signum() != 0) {
        throw new BadValueException("it has more than " + scale + " digits after the point");
      }
      value = cut[0];
    }
    if (value.compareTo(BigInteger.TEN.pow(precision)) >= 0) {
      throw tooManyDigits(precision, scale);
    }
    return text[from] == '-' ? value.negate() : value;
  }

  private static BadValueException tooManyDigits(int precision, int scale) {
    return new BadValueException(
        "it has more than " + (precision - scale) + " digits before the point");
  }

  /// A float, correctly rounded. `inf`, `infinity` and `nan` are read in any case.
  static double floating(byte[] text, int from, int end) {
    int at = from;
    boolean negative = false;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      negative = text[at++] == '-';
    }
    long mantissa = 0;
    int digits = 0;
    int point = -1;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits++;
      } else if (text[at] == '.' && point < 0) {
        point = digits;
      } else {
        break;
      }
    }
    int fraction = point < 0 ? 0 : digits - point;
    // Both operands are exact, so the one division is correctly rounded.
    if (at == end && digits > 0 && digits <= 15 && fraction < EXACT_POWERS.length) {
      double value = mantissa / EXACT_POWERS[fraction];
      return negative ? -value : value;
    }
    if (at == end && digits > 0 && digits <= MOST_PLAIN_DIGITS + 1) {
      double value = FloatText.nearest(mantissa, -fraction);
      if (!Double.isNaN(value)) {
        return negative ? -value : value;
      }
    }
    return floatingByLibrary(text, from, end);
  }

  private static double floatingByLibrary(byte[] text, int from, int end) {
    String spelling = ascii(text, from, end);
    int sign = spelling.startsWith("-") || spelling.startsWith("+") ? 1 : 0;
    String unsigned = spelling.substring(sign);
    if (unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity")) {
      return spelling.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (unsigned.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    // The library also takes hexadecimal floats, type suffixes and blanks; SQL does not.
    for (int i = from; i < end; i++) {
      byte b = text[i];
      boolean known = b >= '0' && b <= '9' || b == '.' || b == '-' || b == '+' || (b | 32) == 'e';
      if (!known) {
        throw new BadValueException("");
      }
    }
    try {
      return Double.parseDouble(spelling);
    } catch (NumberFormatException e) {
      throw new BadValueException("");
    }
  }

  static String ascii(byte[] text, int from, int end) {
    return new String(text, from, end - from, StandardCharsets.ISO_8859_1);
  }
}
