// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Makes one row of the rows that share a sorting key. Associative and independent of order: it
/// gives the same row for a key however its rows were grouped into parts before. Safe for threads.
///
/// Rows of a group that have the same `_seq` count as later the further back they stand, so that
/// callers keep insert order within a block.
public sealed interface RowMerger
    permits PlainMerger, ReplacingMerger, CollapsingMerger, CombiningMerger {

  /// Columns that [#decide] reads. Others are read only for the rows that stay.
  List<String> decidingColumns();

  Outcome decide(KeyGroups groups, SortedColumns rows, Scratch scratch);

  /// Whether the column's value may differ from the one in the base row.
  boolean combines(String column);

  /// A column that is combined: a row for each group. May be called in groups without doubles,
  /// where it gives the column as it is.
  Vector combine(
      ColumnDefinition column,
      KeyGroups groups,
      SortedColumns rows,
      Outcome outcome,
      Scratch scratch);

  /// The merger of a layout's rule.
  static RowMerger of(RowLayout layout) {
    // No `default`: a seventh rule does not compile until someone gives it a merger.
    return switch (layout.rule()) {
      case MergeRule.Plain _ -> new PlainMerger();
      case MergeRule.Replacing replacing -> new ReplacingMerger(replacing);
      case MergeRule.Collapsing(String sign) -> new CollapsingMerger(sign, true);
      case MergeRule.VersionedCollapsing(String sign, String _) ->
          new CollapsingMerger(sign, false);
      case MergeRule.Summing summing -> CombiningMerger.summing(layout, summing);
      case MergeRule.Aggregating _ -> CombiningMerger.aggregating(layout);
    };
  }
}
