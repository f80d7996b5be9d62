// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.rule.CombinedColumns;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.table.TableDefinition;
import java.util.List;
import java.util.Optional;

/// One consistent state of a table for one query: the parts of a snapshot and the rows of them that
/// count. Holds a lease on the parts until it is closed. Safe for threads.
public interface TableView extends AutoCloseable {
  TableDefinition definition();

  /// Found out by the first who asks.
  List<VisiblePart> parts();

  /// The parts, with the rows of them that count as far as somebody has asked: rows that are beaten
  /// may seem to count. For estimates.
  default List<VisiblePart> partsRoughly() {
    return parts();
  }

  /// The same state for a reader who wants rows of some keys only: of other keys it may show too
  /// many rows, or none. Costs what the rows of the range cost, where nobody has found out more
  /// yet. Good as long as this view.
  default TableView within(KeyBounds range) {
    return this;
  }

  /// Whether every part can be read. If not, no number may be taken from bounds and counts alone.
  default boolean isReadable() {
    return parts().stream().noneMatch(visible -> visible.part() instanceof UnreadablePart);
  }

  /// Whether the union of the visible rows needs nothing more: every key stands once where the rule
  /// says so. False only for raw reads (`final = 0`).
  boolean isExact();

  /// What rows that count are combined of, where some of them are stored by no part.
  ///
  /// @param view all rows that are stored and not deleted; good as long as the view that gave it
  record Stored(TableView view, CombinedColumns columns) {}

  /// Empty where each row that counts is stored.
  default Optional<Stored> stored() {
    return Optional.empty();
  }

  @Override
  void close();
}
