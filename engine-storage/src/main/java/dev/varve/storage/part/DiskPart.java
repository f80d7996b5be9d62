// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.codec.Compressor;
import dev.varve.storage.column.BlockCache;
import dev.varve.storage.column.BlockCopy;
import dev.varve.storage.column.BlockDirectory;
import dev.varve.storage.column.BlockSlots;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnReader;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.InputFile;
import dev.varve.storage.index.SparseIndex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;

/// A part in its directory on disk. Its metadata is read whole when it is opened; columns are read
/// when asked for. Safe for threads; whoever opened it closes it when no reader is left.
public final class DiskPart implements Part, AutoCloseable {
  private final Path directory;
  private final PartInfo info;
  private final PartMeta meta;
  private final SparseIndex index;
  private final List<ColumnDefinition> definitions;
  private final Map<String, StoredColumn> columns = new HashMap<>();
  private final List<InputFile> files = new ArrayList<>();
  private final Compressor compressor = new Compressor();
  private final Map<String, BlockSlots> slots = new ConcurrentHashMap<>();
  private volatile BlockCache cache;
  private volatile boolean headersChecked;
  private volatile UnaryOperator<VarveException> onDamage = UnaryOperator.identity();

  private DiskPart(Path directory, PartMeta meta, long bytes) {
    this.directory = directory;
    this.meta = meta;
    this.info = meta.draft().info(meta.granules().totalRows(), bytes);
    this.index = meta.index();
    this.definitions = meta.columns().stream().map(StoredColumn::definition).toList();
    for (StoredColumn column : meta.columns()) {
      columns.put(column.definition().name(), column);
    }
    for (PartMeta.StoredFile file : meta.files()) {
      files.add(new InputFile(directory.resolve(file.name())));
    }
  }

  /// Opens a part; all that is known of it is in its own metadata.
  ///
  /// @throws dev.varve.storage.error.VarveException CORRUPTED_DATA, CHECKSUM_DOESNT_MATCH or
  ///   UNSUPPORTED_FORMAT_VERSION naming file and byte
  public static DiskPart open(Path directory) {
    Path path = directory.resolve(PartMeta.FILE);
    try {
      byte[] bytes = Files.readAllBytes(path);
      PartMeta meta = PartMetaLayout.read(path, bytes);
      long sum = bytes.length;
      for (PartMeta.StoredFile file : meta.files()) {
        sum += checkedLength(directory.resolve(file.name()), file.bytes());
      }
      return new DiskPart(directory, meta, sum);
    } catch (IOException e) {
      throw FileErrors.of("read", path, e);
    }
  }

  /// Opens a part that a catalog knows, and checks that it is that part.
  public static DiskPart open(Path directory, PartInfo expected) {
    DiskPart part = open(directory);
    if (part.info.id() != expected.id() || part.info.rows() != expected.rows()) {
      throw FileErrors.corrupt(
          directory.resolve(PartMeta.FILE),
          PartMetaLayout.HEADER_BYTES,
          "part " + expected.id() + " of " + expected.rows() + " rows",
          "part " + part.info.id() + " of " + part.info.rows() + " rows");
    }
    return part;
  }

  private static long checkedLength(Path path, long expected) {
    try {
      long found = Files.size(path);
      if (found != expected) {
        throw FileErrors.corrupt(
            path,
            Math.min(found, expected),
            "a file of " + expected + " bytes",
            "one of " + found + " bytes");
      }
      return found;
    } catch (IOException e) {
      throw FileErrors.of("read", path, e);
    }
  }

  public Path directory() {
    return directory;
  }

  PartMeta meta() {
    return meta;
  }

  /// Columns and order of the part.
  public PartLayout layout() {
    return new PartLayout(definitions, meta.sortingKey());
  }

  @Override
  public PartInfo info() {
    return info;
  }

  @Override
  public List<ColumnDefinition> columns() {
    return definitions;
  }

  @Override
  public boolean hasColumn(String name) {
    return columns.containsKey(name);
  }

  @Override
  public int granules() {
    return meta.granules().granules();
  }

  @Override
  public int granuleRows(int granule) {
    return meta.granules().rows(granule);
  }

  @Override
  public long granuleFirstRow(int granule) {
    return meta.granules().firstRow(granule);
  }

  @Override
  public byte[] firstKey(int granule) {
    return index.firstKey(granule);
  }

  @Override
  public byte[] lastKey() {
    return index.lastKey();
  }

  @Override
  public SparseIndex index() {
    return index;
  }

  @Override
  public ColumnStats stats(String column, int granule) {
    StoredColumn stored = columns.get(column);
    return stored == null ? null : stored.stats().get(granule);
  }

  @Override
  public ColumnStats bounds(String column, int granule) {
    StoredColumn stored = columns.get(column);
    return stored == null ? null : stored.stats().bounds(granule);
  }

  @Override
  public ColumnBytes columnBytes(String column) {
    StoredColumn stored = column(column);
    return new ColumnBytes(
        stored.blocks().bytes(), stored.plainBytes(), PartMetaLayout.markBytes(stored));
  }

  private StoredColumn column(String name) {
    StoredColumn stored = columns.get(name);
    if (stored == null) {
      throw new VarveException(
          ErrorCode.UNKNOWN_IDENTIFIER,
          info.name()
              + " stores no column \""
              + name
              + "\""
              + NearNames.suggest(name, columns.keySet()));
    }
    return stored;
  }

  @Override
  public PartReader open(List<String> names, BufferAllocator allocator) {
    return open(names, allocator, null);
  }

  @Override
  public PartReader openCached(List<String> names, BufferAllocator allocator) {
    return open(names, allocator, cache);
  }

  private PartReader open(List<String> names, BufferAllocator allocator, BlockCache blocks) {
    try {
      checkHeaders();
    } catch (VarveException found) {
      throw damaged(found);
    }
    ColumnReader[] readers = new ColumnReader[names.size()];
    for (int i = 0; i < readers.length; i++) {
      StoredColumn stored = column(names.get(i));
      readers[i] =
          new ColumnReader(
              stored.definition().type(),
              files.get(stored.file()),
              stored.blocks(),
              compressor,
              blocks == null ? null : slots(stored, blocks),
              allocator);
    }
    return new DiskPartReader(this, readers, allocator);
  }

  private BlockSlots slots(StoredColumn column, BlockCache blocks) {
    return slots.computeIfAbsent(
        column.definition().name(), _ -> blocks.slots(column.blocks().blocks()));
  }

  /// Where blocks that queries read are kept. Set once, before the first query.
  public void keepBlocks(BlockCache blocks) {
    cache = blocks;
  }

  /// Who is told when a reader finds the part's bytes damaged, and says what the reader throws. It
  /// may be called by many threads at once, and again by each reader that meets the damage.
  public void onDamage(UnaryOperator<VarveException> told) {
    onDamage = told;
  }

  /// The error to throw in place of this one, which reading the part's files gave. An error of the
  /// system (`IO_ERROR`) is no damage: the next read may go well.
  public VarveException damaged(VarveException found) {
    return isDamage(found) ? onDamage.apply(found) : found;
  }

  /// Whether the error says that bytes on disk are not those that were written.
  public static boolean isDamage(VarveException found) {
    return found.code() == ErrorCode.CORRUPTED_DATA
        || found.code() == ErrorCode.CHECKSUM_DOESNT_MATCH;
  }

  /// Whether granules can be copied into a part of this layout as they are: it stores the same
  /// columns, encoded as the layout asks for.
  public boolean isCopyable(PartLayout layout) {
    if (!meta.indexes().isEmpty()) {
      return false;
    }
    for (ColumnDefinition wanted : layout.columns()) {
      StoredColumn stored = columns.get(wanted.name());
      if (stored == null
          || !stored.definition().type().equals(wanted.type())
          || !stored.definition().codec().equals(wanted.codec())) {
        return false;
      }
    }
    return layout.sortingKey().equals(meta.sortingKey());
  }

  /// The granules at which a block of every one of these columns begins, ascending, and the number
  /// of granules: between two of them granules can be copied.
  public int[] cuts(List<String> names) {
    BitSet cuts = new BitSet();
    cuts.set(0, granules() + 1);
    for (String name : names) {
      BlockDirectory blocks = column(name).blocks();
      BitSet own = new BitSet();
      for (int block = 0; block < blocks.blocks(); block++) {
        own.set(blocks.firstGranule(block));
      }
      own.set(granules());
      cuts.and(own);
    }
    return cuts.stream().toArray();
  }

  /// The blocks of a column, to be copied. The caller closes it.
  BlockCopy blocks(String name, BufferAllocator allocator) {
    checkHeaders();
    StoredColumn stored = column(name);
    return new BlockCopy(
        files.get(stored.file()),
        stored.blocks(),
        meta.granules(),
        stored.stats(),
        stored.plainBytes(),
        allocator);
  }

  /// Checks once that the files are those of this part.
  private void checkHeaders() {
    if (headersChecked) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      for (InputFile file : files) {
        MemorySegment header = arena.allocate(DataFileLayout.HEADER_BYTES);
        file.read(0, header);
        DataFileLayout.check(file.path(), header.toArray(ValueLayout.JAVA_BYTE), meta.draft().id());
      }
    }
    headersChecked = true;
  }

  @Override
  public void close() {
    slots.values().forEach(BlockSlots::clear);
    files.forEach(InputFile::close);
  }
}
