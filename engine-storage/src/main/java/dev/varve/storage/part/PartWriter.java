// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.BlockDirectory;
import dev.varve.storage.column.BlockPlace;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnWriter;
import dev.varve.storage.column.GranuleRows;
import dev.varve.storage.column.StatsTable;
import dev.varve.storage.file.OutputFile;
import dev.varve.storage.file.StagedDirectory;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Writes one part. One thread, but for its sections; nothing is visible before [#finish], and
/// [#close] without it leaves nothing behind.
///
/// Rows come sorted by the sorting key, then by `_seq`; the writer does not sort. Either all
/// columns of a row at once ([#write(Batch)]), or column after column ([#write(int, Vector)]): then
/// every column must get the same rows in the end, and the column that is furthest ahead decides
/// where granules end. Or in several sections ([#section()]), each by its own thread: they stand in
/// the part in the order in which they were opened.
public final class PartWriter implements AutoCloseable {
  private final PartDraft draft;
  private final PartLayout layout;
  private final PartOptions options;
  private final StagedDirectory staged;
  private final OutputFile data;
  private final BufferAllocator allocator;
  private final List<PartSection> sections = new ArrayList<>();
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
    this.allocator = allocator;
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

  /// Opens a section whose rows come behind all rows of the sections before it.
  public PartSection section() {
    PartSection section = new PartSection(layout, options, data, allocator);
    sections.add(section);
    return section;
  }

  private PartSection only() {
    return sections.isEmpty() ? section() : sections.getFirst();
  }

  /// Rows of all columns, in the order of the layout. The batch is copied; it may be of any length.
  public void write(Batch rows) {
    only().write(rows);
  }

  /// Rows of one column.
  ///
  /// @param column its position in the layout
  public void write(int column, Vector rows) {
    only().write(column, rows);
  }

  /// Ends a column, and gives the memory of its last block free. All its rows have been written.
  ///
  /// @param column its position in the layout
  public void finishColumn(int column) {
    only().finishColumn(column);
  }

  /// Ends the granule under way at the last row written.
  public void endGranule() {
    only().endGranule();
  }

  /// Makes the part durable under its name and opens it.
  ///
  /// @throws dev.varve.storage.error.VarveException NOT_ENOUGH_SPACE; nothing is left behind once
  ///   the writer is closed
  public DiskPart finish() {
    sections.forEach(PartSection::finish);
    if (rows() == 0) {
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
    GranuleRows granules = new GranuleRows();
    KeyFences fences = new KeyFences(layout.keyEncoder());
    List<PartSection> filled = sections.stream().filter(section -> section.rows() > 0).toList();
    for (PartSection section : filled) {
      granules.addAll(section.granules());
      fences.addAll(section.fences());
    }
    ByteArrayOutputStream keys = new ByteArrayOutputStream();
    int[] keyOffsets = fences.write(granules.granules(), keys);
    List<StoredColumn> stored = new ArrayList<>();
    for (int c = 0; c < layout.columns().size(); c++) {
      int column = c;
      List<ColumnWriter> pieces = filled.stream().map(section -> section.column(column)).toList();
      stored.add(storedColumn(layout.columns().get(c), pieces));
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

  private static StoredColumn storedColumn(ColumnDefinition column, List<ColumnWriter> pieces) {
    List<BlockPlace> blocks = new ArrayList<>();
    List<StatsTable> stats = new ArrayList<>();
    long plainBytes = 0;
    for (ColumnWriter piece : pieces) {
      blocks.addAll(piece.blocks());
      stats.add(piece.stats());
      plainBytes += piece.plainBytes();
    }
    return new StoredColumn(
        column, 0, plainBytes, new BlockDirectory(blocks), StatsTable.concat(column.type(), stats));
  }

  /// Rows written so far, by the column that is furthest ahead.
  public long rows() {
    return sections.stream().mapToLong(PartSection::rows).sum();
  }

  /// Bytes written so far. Safe for threads.
  public long bytes() {
    return data.position();
  }

  /// No section is written any more.
  @Override
  public void close() {
    sections.forEach(PartSection::close);
    data.close();
    if (!finished) {
      staged.close();
    }
  }
}
