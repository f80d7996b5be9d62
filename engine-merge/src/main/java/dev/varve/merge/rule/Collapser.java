// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.KeyBlock;
import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Collapses the rows of a sorted block so that each key stands once, as a merge of one-row parts
/// would. Used at insert and when memory runs are built. Safe for threads.
public final class Collapser {
  private final RowLayout layout;
  private final RowMerger merger;
  private final KeyEncoder encoder;
  private final Map<String, Integer> positions = new HashMap<>();

  public Collapser(RowLayout layout) {
    this.layout = layout;
    this.merger = RowMerger.of(layout);
    this.encoder = KeyEncoder.ascending(layout.keyTypes());
    for (int c = 0; c < layout.columns().size(); c++) {
      positions.put(layout.columns().get(c).name(), c);
    }
  }

  /// Cuts sorted rows where the key changes; rows of a plain table stay apart.
  ///
  /// @param columns the columns of [RowLayout#columns()]
  public KeyGroups groups(List<Vector> columns, int rows) {
    if (!layout.rule().collapsesKeys()) {
      return KeyGroups.unique(rows);
    }
    List<Vector> keys = layout.key().stream().map(k -> columns.get(positions.get(k))).toList();
    return KeyBlock.of(encoder, keys, rows).groups();
  }

  /// @param columns the columns of [RowLayout#columns()], sorted by key, equal keys in insert order
  /// @param groups where the key changes
  /// @param scratch holds what is new in the result; columns that stay are passed on
  public Collapsed collapse(List<Vector> columns, KeyGroups groups, Scratch scratch) {
    if (groups.isUnique()) {
      return new Collapsed(groups.count(), layout.columns(), columns);
    }
    SortedColumns rows = new Block(columns, groups.rows(), scratch);
    Outcome outcome = merger.decide(groups, rows, scratch);
    List<ColumnDefinition> definitions = new ArrayList<>(layout.columns());
    List<Vector> collapsed = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      collapsed.add(
          column(layout.columns().get(c), columns.get(c), groups, rows, outcome, scratch));
    }
    for (ColumnDefinition state : layout.stateColumns()) {
      Vector combined = merger.combine(state, groups, rows, outcome, scratch);
      Vector fallback = collapsed.get(positions.get(layout.fallback(state.name())));
      if (!Arrays.equals(LongValues.of(combined), LongValues.of(fallback))) {
        definitions.add(state);
        collapsed.add(combined);
      }
    }
    return new Collapsed(groups.count(), definitions, collapsed);
  }

  private Vector column(
      ColumnDefinition definition,
      Vector values,
      KeyGroups groups,
      SortedColumns rows,
      Outcome outcome,
      Scratch scratch) {
    return merger.combines(definition.name())
        ? merger.combine(definition, groups, rows, outcome, scratch)
        : VectorOps.gather(values, outcome.base(), groups.count(), scratch);
  }

  /// @param definitions the layout's columns, then those state columns that some row needs
  public record Collapsed(int rows, List<ColumnDefinition> definitions, List<Vector> columns) {}

  /// The rows of an insert, which hold no state yet.
  private final class Block implements SortedColumns {
    private final List<Vector> columns;
    private final int rows;
    private final Scratch scratch;

    Block(List<Vector> columns, int rows, Scratch scratch) {
      this.columns = columns;
      this.rows = rows;
      this.scratch = scratch;
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public Vector column(String name) {
      Integer position = positions.get(name);
      if (position != null) {
        return columns.get(position);
      }
      Vector fallback = columns.get(positions.get(layout.fallback(name)));
      ColumnDefinition state = layout.column(name).orElseThrow();
      return fallback.physical() == state.type().physical()
          ? fallback.as(state.type())
          : VectorOps.widen(fallback, state.type().physical(), scratch).as(state.type());
    }
  }
}
