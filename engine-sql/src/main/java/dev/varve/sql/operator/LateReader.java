// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Reads granules of one column here and there, the parts in rising order. One thread.
final class LateReader implements AutoCloseable {
  private final TableScan.Column column;
  private final TableScan scan;
  private final QueryContext context;
  private int part = -1;
  private PartReader reader;

  LateReader(TableScan.Column column, TableScan scan, QueryContext context) {
    this.column = column;
    this.scan = scan;
    this.context = context;
  }

  /// All rows of a granule, or null where the part lacks the column. Gone with the next call.
  Vector read(int index, int granule) {
    Part stored = scan.view().parts().get(index).part();
    if (!stored.hasColumn(column.name())) {
      return null;
    }
    if (index != part) {
      close();
      reader = stored.openCached(List.of(column.name()), context.allocator());
      part = index;
    }
    reader.seek(granule);
    Vector vector = reader.read(0);
    context.addRead(vector.rows(), (long) vector.rows() * Math.max(1, vector.width()));
    return vector;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
      part = -1;
    }
  }
}
