// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Lets rows of sign 1 and -1 cancel. A stored row stands for all rows of its key so far: how many
/// plus rows more than minus rows, the sign of the last row, and the last plus row (a minus row
/// only where there was no plus). It counts if more plus than minus rows came; where the order of
/// arrival means something, also if as many came and a plus last: the minus before it took back
/// what had been lost or is yet to come, and the plus is what holds since. Under a version each
/// pair of signs cancels in whatever order it came.
///
/// "Last" is by `_seq`, kept for the last plus row and for the last row apart, so that merging
/// parts that are not neighbours gives the same.
final class CollapsingMerger implements RowMerger {
  private final String sign;
  private final boolean inOrder;

  /// @param inOrder whether the order in which signs came means something
  CollapsingMerger(String sign, boolean inOrder) {
    this.sign = sign;
    this.inOrder = inOrder;
  }

  @Override
  public List<String> decidingColumns() {
    return List.of(sign, Part.SEQ, RowLayout.NET, RowLayout.LAST_SIGN, RowLayout.LAST_SEQ);
  }

  @Override
  public Outcome decide(KeyGroups groups, SortedColumns rows, Scratch scratch) {
    Outcome outcome = Outcome.lastRows(groups);
    long[] signs = LongValues.of(rows.column(sign));
    long[] net = LongValues.of(rows.column(RowLayout.NET));
    long[] lastSign = LongValues.of(rows.column(RowLayout.LAST_SIGN));
    if (!groups.isUnique()) {
      long[] seq = LongValues.of(rows.column(Part.SEQ));
      long[] lastSeq = LongValues.of(rows.column(RowLayout.LAST_SEQ));
      for (int g = 0; g < groups.count(); g++) {
        collapse(
            g, groups.start(g), groups.end(g), outcome.base, signs, seq, net, lastSign, lastSeq);
      }
      outcome.combined.put(RowLayout.LAST_SEQ, LongValues.int64(lastSeq, groups.count(), scratch));
    }
    for (int g = 0; g < groups.count(); g++) {
      boolean counts =
          signs[outcome.base[g]] > 0 && (net[g] > 0 || (inOrder && net[g] == 0 && lastSign[g] > 0));
      if (!counts) {
        outcome.hidden.set(g);
        // A balance of zero that is hidden is the neutral element: rows that come later give the
        // same answer alone.
        outcome.disposable.set(g, net[g] == 0);
      }
    }
    outcome.combined.put(RowLayout.NET, LongValues.int64(net, groups.count(), scratch));
    outcome.combined.put(RowLayout.LAST_SIGN, LongValues.int8(lastSign, groups.count(), scratch));
    return outcome;
  }

  /// Writes the state of a group over entry `g` of the arrays, which no later group reads.
  private static void collapse(
      int g,
      int start,
      int end,
      int[] base,
      long[] signs,
      long[] seq,
      long[] net,
      long[] lastSign,
      long[] lastSeq) {
    int plus = -1;
    int last = start;
    int row = start;
    long sum = 0;
    for (int i = start; i < end; i++) {
      sum += net[i];
      if (lastSeq[i] >= lastSeq[last]) {
        last = i;
      }
      if (seq[i] >= seq[row]) {
        row = i;
      }
      if (signs[i] > 0 && (plus < 0 || seq[i] >= seq[plus])) {
        plus = i;
      }
    }
    base[g] = plus >= 0 ? plus : row;
    net[g] = sum;
    lastSign[g] = lastSign[last];
    lastSeq[g] = lastSeq[last];
  }

  @Override
  public boolean combines(String column) {
    return switch (column) {
      case RowLayout.NET, RowLayout.LAST_SIGN, RowLayout.LAST_SEQ -> true;
      default -> false;
    };
  }

  @Override
  public Vector combine(
      ColumnDefinition column,
      KeyGroups groups,
      SortedColumns rows,
      Outcome outcome,
      Scratch scratch) {
    Vector combined = outcome.combined.get(column.name());
    return combined != null ? combined : rows.column(column.name());
  }
}
