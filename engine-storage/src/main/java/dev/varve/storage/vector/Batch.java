// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import java.util.List;

/// Rows as columns: at most [#MAX_ROWS] rows, all columns of the same length. What operators pass
/// on. Every row of a batch counts: a filter hands on a smaller batch, never a batch with a mask.
public record Batch(int rows, List<Vector> columns) {
  /// Rows of a full granule, and of a full batch.
  public static final int MAX_ROWS = 8192;

  public Batch {
    columns = List.copyOf(columns);
    for (Vector column : columns) {
      if (column.rows() != rows) {
        throw new IllegalArgumentException(
            "a column of " + column.rows() + " rows in a batch of " + rows);
      }
    }
  }

  public Vector column(int index) {
    return columns.get(index);
  }
}
