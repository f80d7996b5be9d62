// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Types of numbers as a query writes them.
public final class NumberTypes {
  private NumberTypes() {}

  /// The narrowest type that holds a number.
  public static DataType of(BigDecimal value) {
    if (value.scale() > 0) {
      int scale = value.scale();
      int precision = Math.max(value.precision(), scale);
      return precision > 76 ? DataTypes.FLOAT64 : new DataType.Decimal(precision, scale);
    }
    BigInteger whole = value.toBigIntegerExact();
    boolean signed = whole.signum() < 0;
    int needed = whole.bitLength() + (signed ? 1 : 0);
    for (int bits = 8; bits <= 256; bits *= 2) {
      if (needed <= bits) {
        return new DataType.Int(bits, signed);
      }
    }
    return DataTypes.FLOAT64;
  }

  /// Whether a type of integers or decimals holds a number as it is.
  public static boolean holds(DataType type, BigDecimal number) {
    return switch (type) {
      case DataType.Int(int bits, boolean signed) -> {
        if (number.stripTrailingZeros().scale() > 0) {
          yield false;
        }
        BigInteger whole = number.toBigInteger();
        yield signed ? whole.bitLength() < bits : whole.signum() >= 0 && whole.bitLength() <= bits;
      }
      case DataType.Decimal(int precision, int scale) -> {
        BigDecimal plain = number.stripTrailingZeros();
        yield plain.scale() <= scale && plain.precision() - plain.scale() <= precision - scale;
      }
      default -> false;
    };
  }
}
