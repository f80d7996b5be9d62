// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;

/// The order of values, row against row: of one type, or whole numbers and decimals of any. NULL is
/// above everything; of floats, -0 equals 0 and NaN is above all numbers; a list goes by its
/// elements.
public final class ValueOrder {
  private ValueOrder() {}

  public static int compare(Vector left, int leftRow, Vector right, int rightRow) {
    boolean leftNull = left.isNull(leftRow);
    boolean rightNull = right.isNull(rightRow);
    if (leftNull || rightNull) {
      return Boolean.compare(leftNull, rightNull);
    }
    return comparePresent(
        left.base(), left.valueRow(leftRow), right.base(), right.valueRow(rightRow));
  }

  private static int comparePresent(Vector left, int a, Vector right, int b) {
    return switch (left.physical()) {
      case INT8, INT16, INT32, INT64, INT128, INT256 ->
          compareExact(left, a, scale(left), right, b, scale(right));
      case FLOAT32, FLOAT64 -> Double.compare(left.getDouble(a) + 0.0, right.getDouble(b) + 0.0);
      case BYTES, FIXED -> compareBytes(left.getSegment(a), right.getSegment(b));
      case LIST -> compareLists(left, a, right, b);
      case STRUCT -> {
        for (int f = 0; f < left.children().size(); f++) {
          int order = compare(left.children().get(f), a, right.children().get(f), b);
          if (order != 0) {
            yield order;
          }
        }
        yield 0;
      }
    };
  }

  private static int scale(Vector vector) {
    return vector.type().unwrapped() instanceof DataType.Decimal d ? d.scale() : 0;
  }

  /// Of numbers that have so many digits behind the point, whatever the width of each.
  public static int compareExact(
      Vector left, int a, int leftScale, Vector right, int b, int rightScale) {
    if (leftScale == rightScale && left.physical().isLong() && right.physical().isLong()) {
      long x = left.getLong(a);
      long y = right.getLong(b);
      boolean hugeLeft = x < 0 && left.type().isUnsigned();
      boolean hugeRight = y < 0 && right.type().isUnsigned();
      return hugeLeft == hugeRight ? Long.compare(x, y) : Boolean.compare(hugeLeft, hugeRight);
    }
    BigInteger x = left.getInteger(a);
    BigInteger y = right.getInteger(b);
    return leftScale == rightScale
        ? x.compareTo(y)
        : new BigDecimal(x, leftScale).compareTo(new BigDecimal(y, rightScale));
  }

  private static int compareBytes(MemorySegment a, MemorySegment b) {
    long at = a.mismatch(b);
    if (at < 0) {
      return 0;
    }
    if (at >= a.byteSize() || at >= b.byteSize()) {
      return Long.compare(a.byteSize(), b.byteSize());
    }
    return Byte.compareUnsigned(a.get(ValueLayout.JAVA_BYTE, at), b.get(ValueLayout.JAVA_BYTE, at));
  }

  private static int compareLists(Vector left, int a, Vector right, int b) {
    int i = left.listFrom(a);
    int j = right.listFrom(b);
    for (; i < left.listTo(a) && j < right.listTo(b); i++, j++) {
      int order = compare(left.elements(), i, right.elements(), j);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.listTo(a) - i, right.listTo(b) - j);
  }

  /// Whether a value beats another as the greatest (or least) so far; neither is NULL. NaN never
  /// beats a number, and every number beats NaN.
  public static boolean isBetter(
      Vector values, int row, Vector bestValues, int bestRow, boolean greatest) {
    if (values.physical().isFloat()) {
      boolean nan = Double.isNaN(values.getDouble(row));
      boolean bestNan = Double.isNaN(bestValues.getDouble(bestRow));
      if (nan || bestNan) {
        return !nan;
      }
    }
    int order = compare(values, row, bestValues, bestRow);
    return greatest ? order > 0 : order < 0;
  }
}
