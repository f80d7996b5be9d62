// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// A kernel that gives Bool, and gives it as a bitmask: what filters want.
@SuppressWarnings(
    "FunctionalInterfaceMethodChanged") // a kernel of one kind among kernels; no caller casts
@FunctionalInterface
public interface PredicateKernel extends Kernel {
  /// Sets bit `i` where the predicate holds for row `i`. The mask comes zeroed. Bits of rows with a
  /// NULL argument do not matter.
  void test(List<Vector> arguments, int rows, Scratch scratch, long[] mask);

  @Override
  default Vector evaluate(List<Vector> arguments, int rows, Scratch scratch) {
    long[] mask = Masks.create(rows);
    test(arguments, rows, scratch, mask);
    return Masks.toVector(DataTypes.BOOL, mask, null, rows, scratch);
  }
}
