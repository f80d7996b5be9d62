// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;

/// The least or the greatest value. NULLs are skipped; NaN loses to every number.
record ExtremeCombiner(boolean greatest) implements ColumnCombiner {
  @Override
  public Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch) {
    int[] best = ColumnCombiner.presentRows(values, groups, base).clone();
    if (LongValues.fits(values) && !values.mayHaveNulls()) {
      choose(LongValues.ordered(values), groups, best);
      return VectorOps.gather(values, best, groups.count(), scratch);
    }
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) == 1) {
        continue;
      }
      for (int i = groups.start(g); i < groups.end(g); i++) {
        if (!values.isNull(i) && ValueOrder.isBetter(values, i, values, best[g], greatest)) {
          best[g] = i;
        }
      }
    }
    return VectorOps.gather(values, best, groups.count(), scratch);
  }

  private void choose(long[] values, KeyGroups groups, int[] best) {
    for (int g = 0; g < groups.count(); g++) {
      for (int i = groups.start(g); groups.size(g) > 1 && i < groups.end(g); i++) {
        long known = values[best[g]];
        if (greatest ? values[i] > known : values[i] < known) {
          best[g] = i;
        }
      }
    }
  }
}
