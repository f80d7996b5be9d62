// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.vector.Scratch;
import java.util.Arrays;
import java.util.List;

/// Rows under way, each with the record that it came from. One thread.
final class RowTarget {
  private final RowBuilders rows;
  private int[] records = new int[64];

  RowTarget(List<ColumnDefinition> columns, Scratch scratch) {
    this.rows = new RowBuilders(columns, scratch);
  }

  RowBuilders rows() {
    return rows;
  }

  int count() {
    return rows.rows();
  }

  /// All rows from `before` on are of this record.
  void remember(int before, int record) {
    int count = rows.rows();
    if (count > records.length) {
      records = Arrays.copyOf(records, Math.max(count, records.length * 2));
    }
    Arrays.fill(records, before, count, record);
  }

  int record(int row) {
    return records[row];
  }

  int[] records() {
    return Arrays.copyOf(records, rows.rows());
  }
}
