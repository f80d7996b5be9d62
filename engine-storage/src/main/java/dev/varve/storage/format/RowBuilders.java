// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The columns of a batch while a reader fills it row by row. One thread; the batch lives in the
/// scratch memory given.
///
/// A reader appends to the builders of the columns that a row names and then calls [#endRow()],
/// which fills the others with their type's default and remembers them, so that [RowDefaults] can
/// put a DEFAULT expression's value there.
public final class RowBuilders {
  private final List<ColumnDefinition> columns;
  private final VectorBuilder[] builders;
  private final BitSet[] omitted;
  private final boolean[] computed;
  private int rows;
  private Filler filler;

  /// Gives columns of a row what does not stand in the row itself.
  @FunctionalInterface
  public interface Filler {
    /// Appends values to builders whose column is not given yet.
    void fill(RowBuilders rows);
  }

  public RowBuilders(List<ColumnDefinition> columns, Scratch scratch) {
    this.columns = List.copyOf(columns);
    this.builders = new VectorBuilder[columns.size()];
    this.omitted = new BitSet[columns.size()];
    this.computed = new boolean[columns.size()];
    for (int i = 0; i < builders.length; i++) {
      builders[i] = new VectorBuilder(columns.get(i).type(), scratch);
      computed[i] = !NestedColumns.defaultOf(columns.get(i), columns).isEmpty();
    }
  }

  /// Asks for more values at the end of each row.
  public void fillWith(Filler values) {
    filler = values;
  }

  public List<ColumnDefinition> columns() {
    return columns;
  }

  /// Complete rows.
  public int rows() {
    return rows;
  }

  public VectorBuilder builder(int column) {
    return builders[column];
  }

  /// Whether the row under way has its value of this column.
  public boolean isGiven(int column) {
    return builders[column].rows() > rows;
  }

  public void endRow() {
    if (filler != null) {
      filler.fill(this);
    }
    for (int i = 0; i < builders.length; i++) {
      if (builders[i].rows() == rows) {
        builders[i].appendDefault();
        if (computed[i]) {
          omit(i);
        }
      }
    }
    rows++;
  }

  private void omit(int column) {
    if (omitted[column] == null) {
      omitted[column] = new BitSet();
    }
    omitted[column].set(rows);
  }

  /// Drops the row under way, and complete rows from `count` on.
  public void truncate(int count) {
    rows = Math.min(rows, count);
    for (int i = 0; i < builders.length; i++) {
      builders[i].truncate(rows);
      if (omitted[i] != null) {
        omitted[i].clear(rows, Integer.MAX_VALUE);
      }
    }
  }

  /// Rows that left out a column whose default is computed, or null where none did.
  public BitSet omitted(int column) {
    return omitted[column] == null || omitted[column].isEmpty() ? null : omitted[column];
  }

  /// The rows as they stand, without DEFAULT expressions; see [RowDefaults#fill]. Builders must not
  /// be used afterwards.
  public Batch build() {
    List<Vector> vectors = new ArrayList<>(builders.length);
    for (VectorBuilder builder : builders) {
      vectors.add(builder.build());
    }
    return new Batch(rows, vectors);
  }
}
