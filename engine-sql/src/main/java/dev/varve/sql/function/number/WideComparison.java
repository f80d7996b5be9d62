// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Comparisons of signed numbers of 128 bits with each other and with narrower ones, as of sums of
/// decimals with a constant.
final class WideComparison {
  private WideComparison() {}

  /// Whether [#test] can compare these, which have equally many digits behind the point.
  static boolean fits(Vector a, Vector b) {
    return isWide(a) && (isWide(b) || isNarrow(b)) || isNarrow(a) && isWide(b);
  }

  private static boolean isWide(Vector vector) {
    return vector.physical() == Physical.INT128 && !vector.type().isUnsigned();
  }

  private static boolean isNarrow(Vector vector) {
    return vector.physical().isLong()
        && (vector.physical() != Physical.INT64 || !vector.type().isUnsigned());
  }

  /// Sets the bits of rows for which the comparison holds.
  static void test(Comparison.Kind kind, Vector a, Vector b, int rows, long[] mask) {
    long[] left = new long[2 * rows];
    long[] right = new long[2 * rows];
    read(a, rows, left);
    read(b, rows, right);
    boolean mayBeNull = a.mayHaveNulls() || b.mayHaveNulls();
    for (int i = 0; i < rows; i++) {
      int high = Long.compare(left[2 * i + 1], right[2 * i + 1]);
      int order = high != 0 ? high : Long.compareUnsigned(left[2 * i], right[2 * i]);
      boolean holds = kind.holds(order) && !(mayBeNull && (a.isNull(i) || b.isNull(i)));
      mask[i >>> 6] |= holds ? 1L << i : 0;
    }
  }

  // The low and the high half of each row; of a NULL whatever stands there.
  private static void read(Vector vector, int rows, long[] halves) {
    Vector base = vector.base();
    boolean wide = isWide(vector);
    MemorySegment values = base.values();
    for (int i = 0; i < rows; i++) {
      int at = vector.valueRow(i);
      if (at < 0) {
        continue;
      }
      halves[2 * i] = wide ? values.get(Vector.I64, at * 16L) : base.getLong(at);
      halves[2 * i + 1] = wide ? values.get(Vector.I64, at * 16L + 8) : halves[2 * i] >> 63;
    }
  }
}
