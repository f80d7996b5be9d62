// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Vector;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// What a [RowMerger] decided about the groups of some sorted rows.
public final class Outcome {
  final int[] base;
  final BitSet hidden;
  final BitSet disposable;
  final Map<String, Vector> combined = new HashMap<>();

  Outcome(int groups) {
    base = new int[groups];
    hidden = new BitSet(groups);
    disposable = new BitSet(groups);
  }

  /// Each group stands on its only, or its last, row.
  static Outcome lastRows(KeyGroups groups) {
    Outcome outcome = new Outcome(groups.count());
    for (int g = 0; g < groups.count(); g++) {
      outcome.base[g] = groups.end(g) - 1;
    }
    return outcome;
  }

  /// For each group, the row that stays: columns that are not combined take its values.
  public int[] base() {
    return base;
  }

  /// Groups whose row is stored but does not count.
  public BitSet hidden() {
    return hidden;
  }

  /// Hidden groups that leave no trace when they are dropped, provided that no other part holds
  /// their key: whatever comes later gives the same answer with them and without.
  public BitSet disposable() {
    return disposable;
  }
}
