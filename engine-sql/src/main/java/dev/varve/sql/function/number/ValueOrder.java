// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;

/// The order of two values of one type, whatever the type: the slow path that is always right. NaN
/// comes after all numbers, NULL after all values, a list by its elements.
public final class ValueOrder {
  private ValueOrder() {}

  public static int compare(Vector a, int i, Vector b, int j) {
    boolean aNull = a.isNull(i);
    boolean bNull = b.isNull(j);
    if (aNull || bNull) {
      return Boolean.compare(aNull, bNull);
    }
    Vector x = a.base();
    Vector y = b.base();
    int p = a.valueRow(i);
    int q = b.valueRow(j);
    return switch (x.physical()) {
      case FLOAT32, FLOAT64 -> compareDoubles(x.getDouble(p), y.getDouble(q));
      case BYTES, FIXED -> {
        MemorySegment m = x.getSegment(p);
        MemorySegment n = y.getSegment(q);
        yield ByteStrings.compare(m, 0, (int) m.byteSize(), n, 0, (int) n.byteSize());
      }
      case LIST -> lists(x, p, y, q);
      case STRUCT -> {
        for (int f = 0; f < x.children().size(); f++) {
          int order = compare(x.children().get(f), p, y.children().get(f), q);
          if (order != 0) {
            yield order;
          }
        }
        yield 0;
      }
      default -> compareExact(x, p, scale(x), y, q, scale(y));
    };
  }

  private static int scale(Vector vector) {
    return vector.type().unwrapped() instanceof DataType.Decimal d ? d.scale() : 0;
  }

  private static int compareDoubles(double x, double y) {
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : Boolean.compare(Double.isNaN(x), Double.isNaN(y));
  }

  private static int lists(Vector x, int p, Vector y, int q) {
    int m = x.listTo(p) - x.listFrom(p);
    int n = y.listTo(q) - y.listFrom(q);
    for (int e = 0; e < Math.min(m, n); e++) {
      int order = compare(x.elements(), x.listFrom(p) + e, y.elements(), y.listFrom(q) + e);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(m, n);
  }

  static int compareExact(Vector a, int i, int aScale, Vector b, int j, int bScale) {
    if (aScale == bScale && a.physical().isLong() && b.physical().isLong()) {
      long x = a.getLong(i);
      long y = b.getLong(j);
      boolean aHuge = x < 0 && a.type().isUnsigned() && a.physical() == Physical.INT64;
      boolean bHuge = y < 0 && b.type().isUnsigned() && b.physical() == Physical.INT64;
      return aHuge || bHuge
          ? aHuge && bHuge ? Long.compareUnsigned(x, y) : Boolean.compare(aHuge, bHuge)
          : Long.compare(x, y);
    }
    BigInteger x = a.getInteger(i);
    BigInteger y = b.getInteger(j);
    return aScale == bScale
        ? x.compareTo(y)
        : new BigDecimal(x, aScale).compareTo(new BigDecimal(y, bScale));
  }
}
