// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/// Writes one part. One thread; nothing is visible before [#finish], and [#close] without it leaves
/// nothing behind.
///
/// Rows come sorted by the sorting key, then by `_seq`; the writer does not sort. Either all columns
/// of a row at once ([#write(Batch)]), or column after column ([#write(int, Vector)]): then every
/// column must get the same rows in the end, and the column that is furthest ahead decides where
/// granules end.
public final class PartWriter implements AutoCloseable {
  private PartWriter() {}

  /// @param directory the directory in which `part-<id>` appears when the part is finished
  /// @param allocator memory for the blocks being built
  public static PartWriter create(
      Path directory,
      PartDraft draft,
      PartLayout layout,
      PartOptions options,
      BufferAllocator allocator) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Rows of all columns, in the order of the layout. The batch is copied; it may be of any length.
  public void write(Batch rows) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Rows of one column.
  ///
  /// @param column its position in the layout
  public void write(int column, Vector rows) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Ends the granule under way at the last row written.
  public void endGranule() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Makes the part durable under its name and opens it.
  ///
  /// @throws dev.varve.storage.error.VarveException NOT_ENOUGH_SPACE; nothing is left behind then
  public DiskPart finish() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("not built yet");
  }
}
