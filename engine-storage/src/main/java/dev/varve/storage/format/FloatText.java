// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.math.BigInteger;

/// The double nearest to a decimal number, by one or two multiplications of 64 bits (the algorithm
/// of Eisel and Lemire). What it cannot decide is told, not guessed.
final class FloatText {
  private static final int LEAST_POWER = -342;
  private static final int MOST_POWER = 308;
  private static final int STORED_BITS = 52;
  private static final int BIAS = 1023;

  /// Between these powers a long may be a multiple of the power of five.
  private static final int LEAST_EXACT = -27;

  private static final int MOST_EXACT = 55;

  /// The first 128 bits of each power of five, its highest bit set: high and low half in turns.
  private static final long[] POWERS = powers();

  /// What is given where the caller has to look at all digits.
  static final double UNDECIDED = Double.NaN;

  private FloatText() {}

  private static long[] powers() {
    long[] powers = new long[2 * (MOST_POWER - LEAST_POWER + 1)];
    BigInteger five = BigInteger.valueOf(5);
    for (int power = LEAST_POWER; power <= MOST_POWER; power++) {
      BigInteger bits;
      if (power >= 0) {
        bits = five.pow(power);
        bits = bits.shiftLeft(128 - bits.bitLength());
      } else {
        BigInteger divisor = five.pow(-power);
        int shift = divisor.bitLength() + 127;
        bits = BigInteger.ONE.shiftLeft(shift).divide(divisor);
        // Where the product can be exact, a quotient cut off would make it a little too small.
        bits = power < LEAST_EXACT ? bits : bits.add(BigInteger.ONE);
      }
      int at = 2 * (power - LEAST_POWER);
      powers[at] = bits.shiftRight(64).longValue();
      powers[at + 1] = bits.longValue();
    }
    return powers;
  }

  /// `digits` times ten to the power of `exponent`, correctly rounded, or [#UNDECIDED].
  ///
  /// @param digits unsigned, all digits of the number
  static double nearest(long digits, int exponent) {
    if (digits == 0) {
      return 0;
    }
    if (exponent < LEAST_POWER || exponent > MOST_POWER) {
      return UNDECIDED;
    }
    int leading = Long.numberOfLeadingZeros(digits);
    long mantissa = digits << leading;
    int at = 2 * (exponent - LEAST_POWER);
    long high = Math.unsignedMultiplyHigh(mantissa, POWERS[at]);
    long low = mantissa * POWERS[at];
    if ((high & 0x1ff) == 0x1ff) {
      // The bits below those that count are all ones: more of the power may carry into them.
      long more = Math.unsignedMultiplyHigh(mantissa, POWERS[at + 1]);
      low += more;
      if (Long.compareUnsigned(low, more) < 0) {
        high++;
      }
      if (low == -1 && (exponent < LEAST_EXACT || exponent > MOST_EXACT)) {
        return UNDECIDED;
      }
    }
    return rounded(high, low, leading, exponent);
  }

  private static double rounded(long high, long low, int leading, int exponent) {
    int upper = (int) (high >>> 63);
    int shift = upper + 64 - STORED_BITS - 3;
    long bits = high >>> shift;
    // 217706 / 65536 is a little less than log2(10); exact enough for all powers of the table.
    int power = (217_706 * exponent >> 16) + 63 + upper - leading + BIAS;
    if (power <= 0) {
      return UNDECIDED; // subnormal
    }
    // Half way between two doubles, the even one is the nearest. Only small powers get there.
    boolean maybeHalf = exponent >= -4 && exponent <= 23 && Long.compareUnsigned(low, 1) <= 0;
    if (maybeHalf && (bits & 3) == 1 && bits << shift == high) {
      bits &= ~1L;
    }
    bits += bits & 1;
    bits >>>= 1;
    if (bits >= 1L << STORED_BITS + 1) {
      bits = 1L << STORED_BITS;
      power++;
    }
    if (power >= 2 * BIAS + 1) {
      return UNDECIDED; // beyond the largest
    }
    return Double.longBitsToDouble((bits & ~(1L << STORED_BITS)) | (long) power << STORED_BITS);
  }
}
