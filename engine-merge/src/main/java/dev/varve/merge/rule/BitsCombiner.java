// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;

/// Joins the bits of integers: `groupBitAnd`, `groupBitOr`, `groupBitXor`. NULLs are skipped.
record BitsCombiner(Join join) implements ColumnCombiner {
  enum Join {
    AND,
    OR,
    XOR
  }

  @Override
  public Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch) {
    Vector from = VectorOps.flatten(values, scratch);
    int[] rows = ColumnCombiner.presentRows(from, groups, base);
    Vector joined = VectorOps.gather(from, rows, groups.count(), scratch);
    int width = from.width();
    for (int g = 0; g < groups.count(); g++) {
      for (int i = groups.start(g); i < groups.end(g); i++) {
        if (i == rows[g] || from.isNull(i)) {
          continue;
        }
        for (int b = 0; b < width; b++) {
          long at = (long) g * width + b;
          int mine = joined.values().get(JAVA_BYTE, at);
          int other = from.values().get(JAVA_BYTE, (long) i * width + b);
          joined.values().set(JAVA_BYTE, at, (byte) joined(mine, other));
        }
      }
    }
    return joined;
  }

  private int joined(int a, int b) {
    return switch (join) {
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
    };
  }
}
