// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows put by in partitions, each in the order in which they came, and read back page by page.
///
/// Who looks up many keys in a table that no cache holds waits for memory at each row. Here a row
/// is written once behind the rows of its partition and read once in their order, and the keys of
/// one partition are few enough for the nearest caches. One thread adds; any number may read pages
/// once nothing is added any more. The vectors of a page point into the pages.
public final class PartedRows implements AutoCloseable {
  public static final int PARTITIONS = 256;

  private static final long SLAB_BYTES = 4 << 20;
  private static final long FIRST_SLAB_BYTES = 1 << 18;
  // Texts are moved eight bytes at a time, so up to seven bytes behind one are touched.
  private static final int SLACK = 8;
  private static final int LEAST_TEXT_BYTES = 1 << 9;
  private static final int MOST_TEXT_BYTES = 1 << 16;
  private static final MemorySegment ALL = KeyMemory.ALL;

  private final List<DataType> types;
  private final KeyMemory memory;
  private final int pageRows;
  // Where a column's values, or the ends of its texts, begin in a page.
  private final int[] place;
  private final int pageBytes;
  // Where the bits begin that say which values are there; -1 where none is NULL.
  private final int[] bitsPlace;
  private final int[] textOf;
  private final int texts;
  private final int[] textPlace;

  private final List<List<Page>> pages = new ArrayList<>();
  private final Page[] open = new Page[PARTITIONS];
  private final int[] filled = new int[PARTITIONS];
  // For each column of texts and partition where the next text goes.
  private final long[][] nextText;
  private final long[] rowsOf = new long[PARTITIONS];
  private long rows;
  private long textBytes;
  private long next;
  private long end;

  // Of the batch being added: the page of each row and its place there, and its texts.
  private long[] pageOf = new long[0];
  private int[] at = new int[0];
  private final TextColumn[] sources;

  /// Some rows of a partition.
  private static final class Page {
    private final long address;
    private final long[] textFrom;
    private final long[] textEnd;
    private int rows;

    Page(long address, int texts) {
      this.address = address;
      this.textFrom = new long[texts];
      this.textEnd = new long[texts];
    }
  }

  /// Texts of a batch: where they lie, and where they go.
  private static final class TextColumn {
    private MemorySegment values;
    private long[] from = new long[0];
    private int[] lengths = new int[0];
    private long[] to = new long[0];

    void reserve(int rows) {
      if (from.length < rows) {
        from = new long[rows];
        lengths = new int[rows];
        to = new long[rows];
      }
    }
  }

  /// @param types as [#fits] allows
  /// @param memory is closed with the rows
  public PartedRows(List<DataType> types, KeyMemory memory) {
    this.types = List.copyOf(types);
    this.memory = memory;
    int width = types.size();
    place = new int[width];
    textOf = new int[width];
    bitsPlace = new int[width];
    int rowBytes = 0;
    int found = 0;
    for (DataType type : types) {
      rowBytes += Math.max(4, type.physical().width());
    }
    pageRows = rowBytes <= 16 ? 2048 : rowBytes <= 64 ? 1024 : 512;
    int bytes = 0;
    // The widest first, so that each column is aligned.
    for (int size : new int[] {16, 8, 4, 2, 1, 0}) {
      for (int c = 0; c < width; c++) {
        if (types.get(c).physical().width() == size) {
          place[c] = bytes;
          bytes += size > 0 ? pageRows * size : (pageRows + 2) * 4;
          textOf[c] = size > 0 ? -1 : found++;
        }
      }
    }
    bytes = bytes + 7 & -8;
    for (int c = 0; c < width; c++) {
      bitsPlace[c] = types.get(c).isNullable() ? bytes : -1;
      bytes += types.get(c).isNullable() ? pageRows >> 3 : 0;
    }
    pageBytes = bytes;
    texts = found;
    textPlace = new int[texts];
    for (int c = 0; c < width; c++) {
      if (textOf[c] >= 0) {
        textPlace[textOf[c]] = place[c];
      }
    }
    nextText = new long[texts][PARTITIONS];
    sources = new TextColumn[texts];
    Arrays.setAll(sources, _ -> new TextColumn());
    for (int p = 0; p < PARTITIONS; p++) {
      pages.add(new ArrayList<>());
    }
  }

  /// Whether rows of these types can be put by: numbers and texts.
  public static boolean fits(List<DataType> types) {
    return !types.isEmpty()
        && types.stream()
            .map(DataType::physical)
            .allMatch(kind ->
                kind.isLong()
                    || kind.isFloat()
                    || kind == Physical.INT128
                    || kind == Physical.BYTES);
  }

  /// Bytes that the first rows of all partitions take.
  public long leastBytes() {
    return (long) PARTITIONS * (pageBytes + (long) texts * LEAST_TEXT_BYTES);
  }

  /// Bytes held.
  public long bytes() {
    return memory.bytes();
  }

  public long rows() {
    return rows;
  }

  public long rows(int partition) {
    return rowsOf[partition];
  }

  /// Puts rows by.
  ///
  /// @param owners the partition of each row
  public void add(List<Vector> columns, int count, byte[] owners, Scratch scratch) {
    if (at.length < count) {
      at = new int[count];
      pageOf = new long[count];
    }
    for (int c = 0; c < place.length; c++) {
      if (textOf[c] >= 0) {
        locate(columns.get(c), count, sources[textOf[c]], scratch);
      }
    }
    assign(count, owners);
    for (int c = 0; c < place.length; c++) {
      if (textOf[c] >= 0) {
        move(sources[textOf[c]], count);
      } else {
        Vector flat = VectorOps.flatten(columns.get(c), scratch);
        if (flat.physical() != types.get(c).physical()) {
          flat = VectorOps.widen(flat, types.get(c).physical(), scratch);
        }
        scatter(flat.values(), types.get(c).physical().width(), count, place[c]);
      }
      if (columns.get(c).mayHaveNulls()) {
        markNulls(columns.get(c), count, bitsPlace[c]);
      }
    }
    rows += count;
  }

  private void locate(Vector vector, int count, TextColumn source, Scratch scratch) {
    Vector plain = vector.isConstant() ? VectorOps.flatten(vector, scratch) : vector;
    Vector texts = plain.base();
    source.reserve(count);
    source.values = texts.values();
    MemorySegment ends = texts.offsets();
    MemorySegment codes = plain.isDictionary() ? plain.values() : null;
    boolean nullable = plain.mayHaveNulls();
    long total = 0;
    for (int i = 0; i < count; i++) {
      if (nullable && plain.isNull(i)) {
        source.lengths[i] = 0;
        continue;
      }
      long row = codes == null ? i : codes.get(Vector.I32, i * 4L);
      int from = ends.get(Vector.I32, row << 2);
      int length = ends.get(Vector.I32, (row << 2) + 4) - from;
      source.from[i] = from;
      source.lengths[i] = length;
      total += length;
    }
    textBytes += total;
  }

  private void markNulls(Vector vector, int count, int place) {
    for (int i = 0; i < count; i++) {
      if (vector.isNull(i)) {
        long word = pageOf[i] + place + ((long) at[i] >>> 6 << 3);
        ALL.set(Vector.I64, word, ALL.get(Vector.I64, word) & ~(1L << at[i]));
      }
    }
  }

  /// Gives each row its place.
  private void assign(int count, byte[] owners) {
    for (int i = 0; i < count; i++) {
      int p = owners[i] & 0xFF;
      Page page = open[p];
      if (page == null || filled[p] == pageRows || texts > 0 && !hasRoom(page, p, i)) {
        page = openPage(p, i, count);
      }
      pageOf[i] = page.address;
      at[i] = filled[p]++;
      for (int t = 0; t < texts; t++) {
        long to = nextText[t][p];
        sources[t].to[i] = to;
        to += sources[t].lengths[i];
        nextText[t][p] = to;
        long ends = page.address + textPlace[t] + 4 + ((long) at[i] << 2);
        ALL.set(Vector.I32, ends, (int) (to - page.textFrom[t]));
      }
    }
    for (int p = 0; p < PARTITIONS; p++) {
      if (open[p] != null) {
        rowsOf[p] += filled[p] - open[p].rows;
        open[p].rows = filled[p];
      }
    }
  }

  private boolean hasRoom(Page page, int partition, int row) {
    for (int t = 0; t < texts; t++) {
      if (nextText[t][partition] + sources[t].lengths[row] > page.textEnd[t]) {
        return false;
      }
    }
    return true;
  }

  private Page openPage(int partition, int row, int coming) {
    Page before = open[partition];
    if (before != null) {
      rowsOf[partition] += filled[partition] - before.rows;
      before.rows = filled[partition];
    }
    Page page = new Page(take(pageBytes), texts);
    for (int t = 0; t < texts; t++) {
      long usual = textBytes / Math.max(1, texts) / (rows + coming) + 1;
      long wanted = Math.clamp(usual * pageRows * 5 / 4, LEAST_TEXT_BYTES, MOST_TEXT_BYTES);
      long size = Math.max(wanted, sources[t].lengths[row]);
      page.textFrom[t] = take(size + SLACK);
      page.textEnd[t] = page.textFrom[t] + size;
      nextText[t][partition] = page.textFrom[t];
      ALL.set(Vector.I32, page.address + textPlace[t], 0);
    }
    for (int bits : bitsPlace) {
      for (int k = 0; bits >= 0 && k < pageRows >> 3; k += 8) {
        ALL.set(Vector.I64, page.address + bits + k, -1L);
      }
    }
    pages.get(partition).add(page);
    open[partition] = page;
    filled[partition] = 0;
    return page;
  }

  private long take(long wanted) {
    long size = wanted + 7 & -8L;
    if (size > end - next) {
      long usual = memory.bytes() < SLAB_BYTES ? FIRST_SLAB_BYTES : SLAB_BYTES;
      KeyMemory.Block slab = memory.allocate(Math.max(usual, size));
      next = slab.address();
      end = next + slab.bytes();
    }
    long address = next;
    next += size;
    return address;
  }

  private void scatter(MemorySegment values, int width, int count, int place) {
    long[] page = pageOf;
    int[] slot = at;
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          byte value = values.get(JAVA_BYTE, i);
          ALL.set(JAVA_BYTE, page[i] + place + slot[i], value);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          short value = values.get(Vector.I16, i * 2L);
          ALL.set(Vector.I16, page[i] + place + ((long) slot[i] << 1), value);
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          int value = values.get(Vector.I32, i * 4L);
          ALL.set(Vector.I32, page[i] + place + ((long) slot[i] << 2), value);
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          long value = values.get(Vector.I64, i * 8L);
          ALL.set(Vector.I64, page[i] + place + ((long) slot[i] << 3), value);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long to = page[i] + place + ((long) slot[i] << 4);
          ALL.set(Vector.I64, to, values.get(Vector.I64, i * 16L));
          ALL.set(Vector.I64, to + 8, values.get(Vector.I64, i * 16L + 8));
        }
      }
    }
  }

  /// Texts of a partition are moved in the order of its rows, so that what is written behind one is
  /// overwritten by the next.
  private static void move(TextColumn source, int count) {
    MemorySegment values = source.values;
    long size = values.byteSize();
    for (int i = 0; i < count; i++) {
      int length = source.lengths[i];
      long from = source.from[i];
      long to = source.to[i];
      if (from + length + SLACK <= size) {
        for (int k = 0; k < length; k += 8) {
          ALL.set(Vector.I64, to + k, values.get(Vector.I64, from + k));
        }
      } else if (length > 0) {
        MemorySegment.copy(values, from, ALL, to, length);
      }
    }
  }

  public int pages(int partition) {
    return pages.get(partition).size();
  }

  public int pageRows(int partition, int page) {
    return pages.get(partition).get(page).rows;
  }

  /// The columns of a page's rows, which stay until [#clear()] or [#close()].
  public List<Vector> page(int partition, int number) {
    Page page = pages.get(partition).get(number);
    List<Vector> columns = new ArrayList<>(types.size());
    for (int c = 0; c < place.length; c++) {
      long from = page.address + place[c];
      DataType type = types.get(c);
      MemorySegment bits =
          bitsPlace[c] < 0 ? null : segment(page.address + bitsPlace[c], pageRows >> 3);
      if (textOf[c] < 0) {
        MemorySegment values = segment(from, (long) page.rows * type.physical().width());
        columns.add(Vector.fixed(type, page.rows, values, bits));
      } else {
        MemorySegment ends = segment(from, (page.rows + 1) * 4L);
        int length = ends.get(Vector.I32, page.rows * 4L);
        MemorySegment values = segment(page.textFrom[textOf[c]], length);
        columns.add(Vector.bytes(type, page.rows, ends, values, bits));
      }
    }
    return columns;
  }

  private static MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /// Forgets all rows and gives their memory back.
  public void clear() {
    memory.close();
    pages.forEach(List::clear);
    Arrays.fill(open, null);
    Arrays.fill(filled, 0);
    Arrays.fill(rowsOf, 0);
    rows = 0;
    textBytes = 0;
    next = 0;
    end = 0;
  }

  @Override
  public void close() {
    clear();
  }
}
