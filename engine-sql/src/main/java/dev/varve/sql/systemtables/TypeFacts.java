// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.systemtables;

import dev.varve.storage.type.DataType;
import java.math.BigInteger;

/// What drivers ask of a column's type beside its name; null where it does not apply.
///
/// @param octets bytes of a fixed string
/// @param precision digits of a number, in its radix
/// @param radix 2 for integers and floats, 10 for decimals
/// @param scale digits behind the point
/// @param timePrecision digits of a second
record TypeFacts(
    BigInteger octets,
    BigInteger precision,
    BigInteger radix,
    BigInteger scale,
    BigInteger timePrecision) {
  private static final TypeFacts NONE = new TypeFacts(null, null, null, null, null);

  static TypeFacts of(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Int(int bits, boolean _) -> number(bits, 2, 0);
      case DataType.Float(int bits) -> number(bits, 2, -1);
      case DataType.Decimal(int precision, int scale) -> number(precision, 10, scale);
      case DataType.FixedText(int bytes) -> new TypeFacts(count(bytes), null, null, null, null);
      case DataType.Date _, DataType.Date32 _, DataType.DateTime _, DataType.Time _ ->
          new TypeFacts(null, null, null, null, count(0));
      case DataType.DateTime64(int precision, String _) ->
          new TypeFacts(null, null, null, null, count(precision));
      case DataType.Time64(int precision) ->
          new TypeFacts(null, null, null, null, count(precision));
      default -> NONE;
    };
  }

  /// @param scale negative for none
  private static TypeFacts number(int precision, int radix, int scale) {
    return new TypeFacts(
        null, count(precision), count(radix), scale < 0 ? null : count(scale), null);
  }

  private static BigInteger count(int value) {
    return BigInteger.valueOf(value);
  }
}
