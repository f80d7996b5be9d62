// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;

/// Makes one value of a column's values in each group.
sealed interface ColumnCombiner
    permits SumCombiner,
        BitsCombiner,
        ExtremeCombiner,
        ArrayCombiner,
        FunctionCombiner,
        StateCombiner {
  /// @param values the column's values in key order
  /// @param base the row of each group that other columns are taken from
  Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch);

  /// For each group a row whose value is there, else the base row.
  static int[] presentRows(Vector values, KeyGroups groups, int[] base) {
    if (!values.mayHaveNulls()) {
      return base;
    }
    int[] rows = base.clone();
    for (int g = 0; g < groups.count(); g++) {
      for (int i = groups.start(g); i < groups.end(g) && values.isNull(rows[g]); i++) {
        rows[g] = i;
      }
    }
    return rows;
  }
}
