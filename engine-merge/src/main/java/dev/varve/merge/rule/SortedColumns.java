// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.order.RowGather;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Rows in key order, a column at a time, fetched when first asked for. What a [RowMerger] sees of
/// an insert block, of a stretch of a merge, or of the colliding rows of an exact read.
public interface SortedColumns {
  int rows();

  /// A column of the layout or a state column; one that a source does not store has its fallback.
  Vector column(String name);

  /// Columns fetched from parts.
  static SortedColumns of(int rows, List<RowGather.Wanted> wanted, List<Vector> vectors) {
    return new SortedColumns() {
      @Override
      public int rows() {
        return rows;
      }

      @Override
      public Vector column(String name) {
        for (int i = 0; i < wanted.size(); i++) {
          if (wanted.get(i).column().name().equals(name)) {
            return vectors.get(i);
          }
        }
        throw new IllegalStateException("column " + name + " was not fetched");
      }
    };
  }
}
