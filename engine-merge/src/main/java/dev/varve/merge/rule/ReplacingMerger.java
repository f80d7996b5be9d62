// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// Keeps the row with the greatest (version, `_seq`) of each key; a deleted winner hides the key.
///
/// A tombstone is never disposable: a row of a lower version that comes late would bring the key
/// back.
final class ReplacingMerger implements RowMerger {
  private final MergeRule.Replacing rule;
  private final Precedence precedence;

  ReplacingMerger(MergeRule.Replacing rule) {
    this.rule = rule;
    this.precedence = new Precedence(rule);
  }

  @Override
  public List<String> decidingColumns() {
    List<String> columns = new ArrayList<>(precedence.columns());
    rule.isDeleted().ifPresent(columns::add);
    return columns;
  }

  @Override
  public Outcome decide(KeyGroups groups, SortedColumns rows, Scratch scratch) {
    Outcome outcome = Outcome.lastRows(groups);
    if (!groups.isUnique()) {
      highest(groups, precedence.ranks(rows), outcome.base);
    }
    if (rule.isDeleted().isPresent()) {
      long[] deleted = LongValues.of(rows.column(rule.isDeleted().get()));
      for (int g = 0; g < groups.count(); g++) {
        if (deleted[outcome.base[g]] != 0) {
          outcome.hidden.set(g);
        }
      }
    }
    return outcome;
  }

  /// Ties keep the row further back, which is the later one of a block.
  static void latest(KeyGroups groups, long[] seq, int[] base) {
    for (int g = 0; g < groups.count(); g++) {
      int best = groups.start(g);
      for (int i = best + 1; i < groups.end(g); i++) {
        if (seq[i] >= seq[best]) {
          best = i;
        }
      }
      base[g] = best;
    }
  }

  private static void highest(KeyGroups groups, Precedence.Ranks ranks, int[] base) {
    for (int g = 0; g < groups.count(); g++) {
      int best = groups.start(g);
      for (int i = best + 1; i < groups.end(g); i++) {
        best = ranks.isAbove(best, i) ? best : i;
      }
      base[g] = best;
    }
  }

  @Override
  public boolean combines(String column) {
    return false;
  }

  @Override
  public Vector combine(
      ColumnDefinition column,
      KeyGroups groups,
      SortedColumns rows,
      Outcome outcome,
      Scratch scratch) {
    throw new IllegalStateException("a replacing table combines nothing, least of all " + column);
  }
}
