// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// The sum of a run of doubles with four sums at once: the chain of one addition after another is
/// what would cost.
final class DoubleSums {
  private DoubleSums() {}

  static double sum(MemorySegment doubles, int rows) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 4 <= rows; i += 4) {
      a += doubles.get(Vector.F64, i * 8L);
      b += doubles.get(Vector.F64, i * 8L + 8);
      c += doubles.get(Vector.F64, i * 8L + 16);
      d += doubles.get(Vector.F64, i * 8L + 24);
    }
    for (; i < rows; i++) {
      a += doubles.get(Vector.F64, i * 8L);
    }
    return a + b + (c + d);
  }
}
