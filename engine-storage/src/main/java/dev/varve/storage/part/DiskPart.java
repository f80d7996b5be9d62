// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.index.SparseIndex;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// A part in its directory on disk. Columns are read when asked for. Safe for threads; whoever opened
/// it closes it when no reader is left.
public final class DiskPart implements Part, AutoCloseable {
  private DiskPart() {}

  /// Opens a part whose info a catalog holds.
  ///
  /// @throws dev.varve.storage.error.VarveException CORRUPTED_DATA, CHECKSUM_DOESNT_MATCH or
  ///     UNSUPPORTED_FORMAT_VERSION naming file and byte
  public static DiskPart open(Path directory) {
    throw new UnsupportedOperationException("not built yet");
  }

  public Path directory() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public PartInfo info() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public List<ColumnDefinition> columns() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public boolean hasColumn(String name) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public int granules() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public int granuleRows(int granule) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public long granuleFirstRow(int granule) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public byte[] firstKey(int granule) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public byte[] lastKey() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public SparseIndex index() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public ColumnStats stats(String column, int granule) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public PartReader open(List<String> columns, BufferAllocator allocator) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public ColumnBytes columnBytes(String column) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("not built yet");
  }
}
