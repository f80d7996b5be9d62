// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;

/// `any` and `anyLast` under the Aggregating rule: the value of the first or the last insert of a
/// key that has one. Beside the column its `_seq(column)` says of which insert the value is, as the
/// row's own `_seq` may be younger.
///
/// @param skipsEmpty whether NULL, or the state of no rows, is passed over
record OrderedChoice(String column, boolean last, boolean skipsEmpty) {
  static OrderedChoice of(String column, DataType type) {
    String function =
        switch (type) {
          case DataType.SimpleAggregate simple -> simple.functionName();
          case DataType.AggregateState state -> state.function();
          default -> throw new IllegalStateException(type + " has no order");
        };
    return new OrderedChoice(
        column, function.startsWith("anyLast"), !function.endsWith("_respect_nulls"));
  }

  /// For each group the row whose value stays.
  int[] choose(Vector values, long[] seq, KeyGroups groups) {
    int[] chosen = new int[groups.count()];
    for (int g = 0; g < groups.count(); g++) {
      int best = groups.start(g);
      for (int i = best + 1; i < groups.end(g); i++) {
        if (isBetter(values, seq, i, best)) {
          best = i;
        }
      }
      chosen[g] = best;
    }
    return chosen;
  }

  private boolean isBetter(Vector values, long[] seq, int row, int best) {
    if (skipsEmpty) {
      boolean empty = isEmpty(values, row);
      if (empty != isEmpty(values, best)) {
        return !empty;
      }
    }
    return last ? seq[row] >= seq[best] : seq[row] < seq[best];
  }

  private static boolean isEmpty(Vector values, int row) {
    return values.isNull(row)
        || (values.physical() == Physical.BYTES
            && values.type() instanceof DataType.AggregateState
            && values.getSegment(row).byteSize() == 0);
  }
}
