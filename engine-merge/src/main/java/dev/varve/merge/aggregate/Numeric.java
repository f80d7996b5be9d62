// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import java.math.BigDecimal;

/// Numbers of a column as doubles.
public final class Numeric {
  private Numeric() {}

  /// A number, date or moment; a decimal with its scale.
  public static double doubleOf(Vector vector, int row) {
    if (vector.physical().isFloat()) {
      return vector.getDouble(row);
    }
    if (vector.type().unwrapped() instanceof DataType.Decimal decimal) {
      return new BigDecimal(vector.getInteger(row), decimal.scale()).doubleValue();
    }
    return vector.physical().isLong() && !(vector.width() == 8 && vector.type().isUnsigned())
        ? vector.getLong(row)
        : vector.getInteger(row).doubleValue();
  }

  /// A whole number; of one beyond a long, its low bits.
  public static long longOf(Vector vector, int row) {
    if (vector.physical().isFloat()) {
      return (long) vector.getDouble(row);
    }
    return vector.physical().isLong() ? vector.getLong(row) : vector.getInteger(row).longValue();
  }
}
