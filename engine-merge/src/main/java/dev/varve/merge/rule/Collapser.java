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
import java.util.function.IntFunction;

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
    Plan plan = plan(columns::get, groups, scratch);
    List<Vector> collapsed = new ArrayList<>(plan.combined());
    for (int c = 0; c < columns.size(); c++) {
      if (collapsed.get(c) == null) {
        collapsed.set(c, VectorOps.gather(columns.get(c), plan.base(), plan.rows(), scratch));
      }
    }
    return new Collapsed(plan.rows(), plan.definitions(), collapsed);
  }

  /// As [#collapse], but of columns that are not combined only says whose values stay.
  ///
  /// @param sorted gives a column of [RowLayout#columns()], sorted; asked once for those that count
  public Plan plan(IntFunction<Vector> sorted, KeyGroups groups, Scratch scratch) {
    SortedColumns rows = new Block(sorted, groups.rows(), scratch);
    Outcome outcome = merger.decide(groups, rows, scratch);
    List<ColumnDefinition> definitions = new ArrayList<>(layout.columns());
    List<Vector> combined = new ArrayList<>();
    for (ColumnDefinition column : layout.columns()) {
      combined.add(
          merger.combines(column.name())
              ? merger.combine(column, groups, rows, outcome, scratch)
              : null);
    }
    for (ColumnDefinition state : layout.stateColumns()) {
      Vector values = merger.combine(state, groups, rows, outcome, scratch);
      String name = layout.fallback(state.name());
      Vector fallback = combined.get(positions.get(name));
      if (fallback == null) {
        fallback = VectorOps.gather(rows.column(name), outcome.base(), groups.count(), scratch);
      }
      if (!Arrays.equals(LongValues.of(values), LongValues.of(fallback))) {
        definitions.add(state);
        combined.add(values);
      }
    }
    return new Plan(groups.count(), outcome.base(), definitions, combined);
  }

  /// @param definitions the layout's columns, then those state columns that some row needs
  public record Collapsed(int rows, List<ColumnDefinition> definitions, List<Vector> columns) {}

  /// @param base for each row of the result the sorted row whose values it has
  /// @param definitions as of [Collapsed]
  /// @param combined for each of them its values, or null where they are those of the base rows
  public record Plan(
      int rows, int[] base, List<ColumnDefinition> definitions, List<Vector> combined) {}

  /// The rows of an insert, which hold no state yet.
  private final class Block implements SortedColumns {
    private final IntFunction<Vector> sorted;
    private final Map<Integer, Vector> known = new HashMap<>();
    private final int rows;
    private final Scratch scratch;

    Block(IntFunction<Vector> sorted, int rows, Scratch scratch) {
      this.sorted = sorted;
      this.rows = rows;
      this.scratch = scratch;
    }

    @Override
    public int rows() {
      return rows;
    }

    private Vector column(int position) {
      return known.computeIfAbsent(position, sorted::apply);
    }

    @Override
    public Vector column(String name) {
      Integer position = positions.get(name);
      if (position != null) {
        return column(position.intValue());
      }
      Vector fallback = column(positions.get(layout.fallback(name)).intValue());
      ColumnDefinition state = layout.column(name).orElseThrow();
      return fallback.physical() == state.type().physical()
          ? fallback.as(state.type())
          : VectorOps.widen(fallback, state.type().physical(), scratch).as(state.type());
    }
  }
}
