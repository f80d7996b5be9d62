// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.codec.Compressor;
import dev.varve.storage.column.BlockDirectory;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnWriter;
import dev.varve.storage.column.GranuleRows;
import dev.varve.storage.column.RowBytes;
import dev.varve.storage.file.OutputFile;
import dev.varve.storage.file.StagedDirectory;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Writes one part. One thread; nothing is visible before [#finish], and [#close] without it leaves
/// nothing behind.
///
/// Rows come sorted by the sorting key, then by `_seq`; the writer does not sort. Either all
/// columns of a row at once ([#write(Batch)]), or column after column ([#write(int, Vector)]): then
/// every column must get the same rows in the end, and the column that is furthest ahead decides
/// where granules end.
public final class PartWriter implements AutoCloseable {
  /// Rows of a batch are taken in pieces of at most so many bytes a column.
  private static final long PIECE_BYTES = 32 << 20;

  /// A granule ends early where it would be larger than this: offsets in a block have 31 bits.
  private static final long GRANULE_BYTES = 256 << 20;

  private final PartDraft draft;
  private final PartLayout layout;
  private final PartOptions options;
  private final StagedDirectory staged;
  private final OutputFile data;
  private final GranuleRows granules = new GranuleRows();
  private final KeyFences fences;
  private final Scratch temporary;
  private final List<ColumnWriter> columns = new ArrayList<>();
  private boolean finished;

  private PartWriter(
      PartDraft draft,
      PartLayout layout,
      PartOptions options,
      StagedDirectory staged,
      OutputFile data,
      BufferAllocator allocator) {
    this.draft = draft;
    this.layout = layout;
    this.options = options;
    this.staged = staged;
    this.data = data;
    this.fences = new KeyFences(layout.keyEncoder());
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
              options.zstdLevel(),
              compressor,
              allocator,
              temporary,
              key < 0 ? KeyFences.nothing() : fences.observer(key)));
    }
  }

  /// @param directory the directory in which `part-<id>` appears when the part is finished
  /// @param allocator memory for the blocks being built
  public static PartWriter create(
      Path directory,
      PartDraft draft,
      PartLayout layout,
      PartOptions options,
      BufferAllocator allocator) {
    StagedDirectory staged = StagedDirectory.create(directory.resolve("part-" + draft.id()));
    try {
      OutputFile data = OutputFile.create(staged.path().resolve(DataFileLayout.FILE));
      data.write(DataFileLayout.header(draft.id()));
      return new PartWriter(draft, layout, options, staged, data, allocator);
    } catch (RuntimeException | Error e) {
      staged.close();
      throw e;
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

  /// Ends the granule under way at the last row written.
  public void endGranule() {
    long rows = 0;
    for (ColumnWriter column : columns) {
      rows = Math.max(rows, column.rows());
    }
    for (ColumnWriter column : columns) {
      if (column.rows() == rows) {
        column.endGranule();
      }
    }
  }

  /// Makes the part durable under its name and opens it.
  ///
  /// @throws dev.varve.storage.error.VarveException NOT_ENOUGH_SPACE; nothing is left behind once
  ///   the writer is closed
  public DiskPart finish() {
    long rows = columns.getFirst().rows();
    for (int c = 0; c < columns.size(); c++) {
      columns.get(c).finish();
      if (columns.get(c).rows() != rows) {
        throw new IllegalStateException(
            "column "
                + layout.columns().get(c).name()
                + " has "
                + columns.get(c).rows()
                + " rows, others have "
                + rows);
      }
    }
    if (rows == 0) {
      throw new IllegalStateException("a part has at least one row");
    }
    data.finish(options.sync());
    PartMeta meta = meta();
    Path metaPath = staged.path().resolve(PartMeta.FILE);
    try (OutputFile file = OutputFile.create(metaPath)) {
      file.write(PartMetaLayout.write(meta));
      file.finish(options.sync());
    }
    Path path = staged.publish(options.sync());
    finished = true;
    return DiskPart.open(path);
  }

  private PartMeta meta() {
    ByteArrayOutputStream keys = new ByteArrayOutputStream();
    int[] keyOffsets = fences.write(granules.granules(), keys);
    List<StoredColumn> stored = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      ColumnWriter column = columns.get(c);
      stored.add(
          new StoredColumn(
              layout.columns().get(c),
              0,
              column.plainBytes(),
              new BlockDirectory(column.blocks()),
              column.stats()));
    }
    return new PartMeta(
        draft,
        List.of(new PartMeta.StoredFile(DataFileLayout.FILE, data.position())),
        granules,
        layout.sortingKey(),
        keys.toByteArray(),
        keyOffsets,
        stored,
        List.of());
  }

  /// Rows written so far, by the column that is furthest ahead.
  public long rows() {
    long rows = 0;
    for (ColumnWriter column : columns) {
      rows = Math.max(rows, column.rows());
    }
    return rows;
  }

  @Override
  public void close() {
    columns.forEach(ColumnWriter::close);
    temporary.close();
    data.close();
    if (!finished) {
      staged.close();
    }
  }
}
