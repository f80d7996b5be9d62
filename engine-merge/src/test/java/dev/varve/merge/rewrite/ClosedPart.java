// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.index.SparseIndex;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartReader;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// A part that fails whoever reads its rows, as long as it is not open.
final class ClosedPart implements Part {
  private final Part part;
  boolean open;

  ClosedPart(Part part) {
    this.part = part;
  }

  @Override
  public PartInfo info() {
    return part.info();
  }

  @Override
  public List<ColumnDefinition> columns() {
    return part.columns();
  }

  @Override
  public boolean hasColumn(String name) {
    return part.hasColumn(name);
  }

  @Override
  public int granules() {
    return part.granules();
  }

  @Override
  public int granuleRows(int granule) {
    return part.granuleRows(granule);
  }

  @Override
  public long granuleFirstRow(int granule) {
    return part.granuleFirstRow(granule);
  }

  @Override
  public byte[] firstKey(int granule) {
    return part.firstKey(granule);
  }

  @Override
  public byte[] lastKey() {
    return part.lastKey();
  }

  @Override
  public SparseIndex index() {
    return part.index();
  }

  @Override
  public ColumnStats stats(String column, int granule) {
    return part.stats(column, granule);
  }

  @Override
  public PartReader open(List<String> columns, BufferAllocator allocator) {
    if (!open) {
      throw new AssertionError("columns " + columns + " were read for nothing");
    }
    return part.open(columns, allocator);
  }

  @Override
  public ColumnBytes columnBytes(String column) {
    return part.columnBytes(column);
  }
}
