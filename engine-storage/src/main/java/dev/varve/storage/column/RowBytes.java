// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.vector.Vector;

/// How many bytes rows take when they are laid out flat.
public final class RowBytes {
  private RowBytes() {}

  /// Bytes of `count` rows from `from` on; validity is not counted.
  public static long of(Vector vector, int from, int count) {
    if (vector.isConstant()) {
      return count * of(vector.single(), 0, 1);
    }
    if (vector.width() > 0) {
      return (long) count * vector.width();
    }
    if (vector.isDictionary()) {
      long sum = 0;
      for (int row = from; row < from + count; row++) {
        sum += vector.isNull(row) ? 4 : of(vector.dictionary(), vector.valueRow(row), 1);
      }
      return sum;
    }
    return switch (vector.physical()) {
      case BYTES -> 4L * count + between(vector, from, count);
      case LIST ->
          4L * count
              + of(
                  vector.elements(),
                  vector.offsets().get(Vector.I32, from * 4L),
                  between(vector, from, count));
      default -> {
        long sum = 0;
        for (Vector field : vector.children()) {
          sum += of(field, from, count);
        }
        yield sum;
      }
    };
  }

  private static int between(Vector vector, int from, int count) {
    return vector.offsets().get(Vector.I32, (from + count) * 4L)
        - vector.offsets().get(Vector.I32, from * 4L);
  }
}
