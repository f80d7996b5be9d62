// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.codec.Compressor;
import dev.varve.storage.column.BlockCopy;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnWriter;
import dev.varve.storage.column.GranuleRows;
import dev.varve.storage.column.RowBytes;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.OutputFile;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Rows of a part that follow each other. A part is written as one section, or as several by as
/// many threads: their blocks mix in the file, the part's metadata puts them in order. One thread;
/// belongs to a [PartWriter], which closes it.
public final class PartSection {
  /// Rows of a batch are taken in pieces of at most so many bytes a column.
  private static final long PIECE_BYTES = 32 << 20;

  /// A granule ends early where it would be larger than this: offsets in a block have 31 bits.
  private static final long GRANULE_BYTES = 256 << 20;

  private final PartLayout layout;
  private final GranuleRows granules = new GranuleRows();
  private final KeyFences fences;
  private final BufferAllocator allocator;
  private final Scratch temporary;
  private final List<ColumnWriter> columns = new ArrayList<>();
  private DiskPart lastCopied;
  private int lastCopiedGranule;
  private long lastCopiedEnd;

  PartSection(PartLayout layout, PartOptions options, OutputFile data, BufferAllocator allocator) {
    this.layout = layout;
    this.fences = new KeyFences(layout.keyEncoder());
    this.allocator = allocator;
    this.temporary = new Scratch(allocator);
    Compressor compressor = new Compressor();
    for (ColumnDefinition column : layout.columns()) {
      int key = layout.sortingKey().indexOf(column.name());
      columns.add(
          new ColumnWriter(
              column,
              data,
              granules,
              options.blockRows(),
              options.levelOf(column.type()),
              compressor,
              allocator,
              temporary,
              key < 0 ? KeyFences.nothing() : fences.observer(key)));
    }
  }

  /// Rows of all columns, in the order of the layout. The batch is copied; it may be of any length.
  public void write(Batch rows) {
    int from = 0;
    while (from < rows.rows()) {
      int count = Math.min(columns.getFirst().room(), rows.rows() - from);
      while (count > 1 && largest(rows, from, count) > PIECE_BYTES) {
        count /= 2;
      }
      if (pendingBytes() + largest(rows, from, count) > GRANULE_BYTES) {
        endGranule();
        count = Math.min(count, columns.getFirst().room());
      }
      for (int c = 0; c < columns.size(); c++) {
        columns.get(c).write(rows.column(c), from, from + count);
      }
      from += count;
    }
  }

  private static long largest(Batch rows, int from, int count) {
    long largest = 0;
    for (Vector column : rows.columns()) {
      largest = Math.max(largest, RowBytes.of(column, from, count));
    }
    return largest;
  }

  private long pendingBytes() {
    long largest = 0;
    for (ColumnWriter column : columns) {
      largest = Math.max(largest, column.pendingBytes());
    }
    return largest;
  }

  /// Rows of one column.
  ///
  /// @param column its position in the layout
  public void write(int column, Vector rows) {
    columns.get(column).write(rows, 0, rows.rows());
  }

  /// Takes granules of another part as they are stored, nothing decoded. What was written before
  /// ends its granule and block.
  ///
  /// @param source a part that [DiskPart#isCopyable] says can give them
  /// @param from first granule, one of [DiskPart#cuts]
  /// @param to one past the last granule, one of the cuts or the number of granules
  public void copy(DiskPart source, int from, int to) {
    for (int c = 0; c < columns.size(); c++) {
      String name = layout.columns().get(c).name();
      try (BlockCopy blocks = source.blocks(name, allocator)) {
        columns.get(c).copy(blocks, from, to);
      } catch (VarveException found) {
        throw source.damaged(found);
      }
    }
    fences.copy(source, from, to);
    lastCopied = source;
    lastCopiedGranule = to - 1;
    lastCopiedEnd = rows();
  }

  /// Ends the granule under way at the last row written.
  public void endGranule() {
    long rows = rows();
    for (ColumnWriter column : columns) {
      if (column.rows() == rows) {
        column.endGranule();
      }
    }
  }

  /// Rows written so far, by the column that is furthest ahead.
  public long rows() {
    long rows = 0;
    for (ColumnWriter column : columns) {
      rows = Math.max(rows, column.rows());
    }
    return rows;
  }

  void finishColumn(int column) {
    columns.get(column).finish();
    columns.get(column).close();
  }

  void finish() {
    for (int c = 0; c < columns.size(); c++) {
      columns.get(c).finish();
      if (columns.get(c).rows() != columns.getFirst().rows()) {
        throw new IllegalStateException(
            "column "
                + layout.columns().get(c).name()
                + " has "
                + columns.get(c).rows()
                + " rows, others have "
                + columns.getFirst().rows());
      }
    }
    if (lastCopied != null && lastCopiedEnd == rows()) {
      fences.last(lastCopiedKey());
    }
  }

  /// The key of the last row that was copied, which no observer saw.
  private byte[] lastCopiedKey() {
    if (lastCopiedGranule == lastCopied.granules() - 1) {
      return lastCopied.lastKey();
    }
    List<Vector> keys = new ArrayList<>();
    try (PartReader reader = lastCopied.open(layout.sortingKey(), allocator)) {
      reader.seek(lastCopiedGranule);
      for (int k = 0; k < layout.sortingKey().size(); k++) {
        keys.add(reader.read(k));
      }
      return layout.keyEncoder().encode(keys, lastCopied.granuleRows(lastCopiedGranule) - 1);
    }
  }

  GranuleRows granules() {
    return granules;
  }

  KeyFences fences() {
    return fences;
  }

  ColumnWriter column(int column) {
    return columns.get(column);
  }

  void close() {
    columns.forEach(ColumnWriter::close);
    temporary.close();
  }
}
