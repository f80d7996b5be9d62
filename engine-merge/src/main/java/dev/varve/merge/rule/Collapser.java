// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Collapses the rows of a sorted block so that each key stands once, as a merge of one-row parts
/// would. Used at insert and when memory runs are built. Safe for threads.
public final class Collapser {
  private final RowLayout layout;

  public Collapser(RowLayout layout) {
    this.layout = layout;
  }

  /// @param columns the columns of [RowLayout#columns()], sorted by key, equal keys in insert order
  /// @param groups where the key changes
  /// @param scratch holds what is new in the result; columns that stay are passed on
  public Collapsed collapse(List<Vector> columns, KeyGroups groups, Scratch scratch) {
    throw new UnsupportedOperationException("not built yet " + layout);
  }

  /// @param definitions the layout's columns, then those state columns that some row needs
  public record Collapsed(int rows, List<ColumnDefinition> definitions, List<Vector> columns) {}
}
