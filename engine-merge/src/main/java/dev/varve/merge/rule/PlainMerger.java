// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Keeps every row: its groups are single rows, whatever their keys.
final class PlainMerger implements RowMerger {
  @Override
  public List<String> decidingColumns() {
    return List.of();
  }

  @Override
  public Outcome decide(KeyGroups groups, SortedColumns rows, Scratch scratch) {
    if (!groups.isUnique()) {
      throw new IllegalStateException("rows of a plain table are never grouped");
    }
    return Outcome.lastRows(groups);
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
    throw new IllegalStateException("a plain table combines nothing, least of all " + column);
  }
}
