// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Numbers distinct keys of one or more columns from 0 in the order they come. NULL equals NULL.
///
/// Each column becomes a code (the value's bits, or the number of an interned string), the codes
/// are packed into words, and the words are looked up in an open table: one word in the common
/// case. A lone string column needs no second table, as the interner's number is the group's.
///
/// One thread adds. Once nothing is added any more, any number of [Finder]s may read.
public final class GroupTable implements AutoCloseable {
  private final List<DataType> types;
  private final KeyMemory memory;
  private final List<KeyColumnCodes> columns;
  private final KeyLayout layout;
  private final InternedCodes lone;
  private final int words;
  private final KeySlots slots;
  // Only without columns, where there is at most the one key of nothing.
  private int size;
  private final Packer packer = new Packer();

  /// A table that nobody needs to close.
  public GroupTable(List<DataType> types) {
    this(types, 0, KeyMemory.collected());
  }

  /// @param expected about how many keys will come
  /// @param memory is closed with the table
  public GroupTable(List<DataType> types, int expected, KeyMemory memory) {
    this.types = List.copyOf(types);
    this.memory = memory;
    columns = types.stream().map(type -> KeyColumnCodes.of(type, memory)).toList();
    layout = new KeyLayout(columns);
    words = layout.words;
    lone = columns.size() == 1 && columns.getFirst() instanceof InternedCodes c ? c : null;
    slots = lone != null || columns.isEmpty() ? null : new KeySlots(words, expected, memory);
  }

  /// An empty table of the same types.
  public GroupTable emptyCopy(int expected, KeyMemory own) {
    return new GroupTable(types, expected, own);
  }

  /// Ends adding: keys can be read from now on and be added to another table, but no more come and
  /// none are looked up. Gives back the memory which only those need.
  ///
  /// @param order the key numbered `order[i]` gets the number `i`; null to leave the numbers
  public void seal(int[] order) {
    columns.forEach(column -> column.seal(column == lone ? order : null));
    if (slots != null) {
      slots.seal(order);
    }
  }

  /// Distinct keys so far.
  public int size() {
    return lone != null ? lone.interner().size() : slots != null ? slots.size() : size;
  }

  /// Bytes that no allocator accounts for.
  public long heapBytes() {
    long heap = memory.isCollected() ? memory.bytes() : 0;
    for (KeyColumnCodes column : columns) {
      heap += column.heapBytes();
    }
    return heap;
  }

  /// All bytes held.
  public long bytes() {
    return heapBytes() + (memory.isCollected() ? 0 : memory.bytes());
  }

  /// Bytes that so many keys more may ask for at once, beside all that is held.
  public long growth(int more) {
    long growth = slots == null ? 0 : slots.growth(more);
    for (KeyColumnCodes column : columns) {
      growth += column.growth(more);
    }
    return growth;
  }

  /// Gives memory back but for texts that other tables may point to. Nothing of this table may be
  /// read any more.
  public void retire() {
    columns.forEach(KeyColumnCodes::retire);
    if (slots != null) {
      slots.retire();
    }
  }

  /// Gives the memory back; nothing of the table may be read any more, nor of those that point to
  /// its texts.
  @Override
  public void close() {
    memory.close();
  }

  /// The number of each row's key; keys that were not there are added.
  public void add(List<Vector> vectors, int rows, int[] groups, Scratch scratch) {
    if (columns.isEmpty()) {
      size = rows > 0 ? 1 : size;
      Arrays.fill(groups, 0, rows, 0);
      return;
    }
    if (rows == 0) {
      // A constant of no rows still has a value, which is nobody's key.
      return;
    }
    packer.prepare(rows);
    for (int c = 0; c < columns.size(); c++) {
      KeyColumnCodes column = columns.get(c);
      packer.clearNulls(column, rows);
      column.add(vectors.get(c), rows, packer.codes, packer.nulls, scratch);
      if (lone == null) {
        packer.pack(c, rows);
      }
    }
    number(rows, groups);
  }

  /// Adds keys of another table of the same types, without making vectors of them.
  ///
  /// @param rows their numbers there
  /// @param firsts what stands for each value of the first column (a whole number below its
  ///   length), or null to leave it
  /// @param points whether texts may stay in the other table's memory, which then must stay open
  /// @param groups gets the number of each key here
  public void addFrom(
      GroupTable other, int[] rows, int count, int[] firsts, boolean points, int[] groups) {
    if (columns.isEmpty()) {
      size = count > 0 ? 1 : size;
      Arrays.fill(groups, 0, count, 0);
      return;
    }
    packer.prepare(count);
    for (int c = 0; c < columns.size(); c++) {
      KeyColumnCodes column = columns.get(c);
      packer.clearNulls(column, count);
      other.codes(c, rows, count, packer.codes, packer.nulls);
      if (c == 0 && firsts != null) {
        for (int i = 0; i < count; i++) {
          packer.codes[i] = firsts[(int) packer.codes[i]];
        }
      }
      column.translate(other.columns.get(c), points, packer.codes, count);
      if (lone == null) {
        packer.pack(c, count);
      }
    }
    number(count, groups);
  }

  private void number(int rows, int[] groups) {
    if (lone == null) {
      slots.add(packer.packed, rows, groups);
      return;
    }
    for (int i = 0; i < rows; i++) {
      groups[i] = (int) packer.codes[i];
    }
  }

  /// The codes of a column in some rows, and which of them are NULL where it has a bit for that.
  private void codes(int c, int[] rows, int count, long[] codes, byte[] nulls) {
    if (lone != null) {
      for (int i = 0; i < count; i++) {
        codes[i] = rows[i];
      }
      return;
    }
    int bits = columns.get(c).bits();
    long low = bits == 64 ? -1L : (1L << bits) - 1;
    if (layout.nullWord[c] >= 0) {
      slots.read(rows, count, layout.nullWord[c], codes);
      int nullShift = layout.nullShift[c];
      for (int i = 0; i < count; i++) {
        nulls[i] = (byte) (codes[i] >>> nullShift & 1);
      }
    }
    slots.read(rows, count, layout.word[c], codes);
    int shift = layout.shift[c];
    for (int i = 0; i < count; i++) {
      codes[i] = codes[i] >>> shift & low;
    }
  }

  /// Hashes of the keys `from` to `from + count - 1` that depend on their values alone, so that two
  /// tables agree on them.
  public void hashes(int from, int count, long[] out) {
    hashes(0, from, count, out);
  }

  /// As the other, by the columns from `first` on alone.
  public void hashes(int first, int from, int count, long[] out) {
    Arrays.fill(out, 0, count, 0);
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = from + i;
    }
    long[] codes = new long[count];
    long[] values = new long[count];
    for (int c = first; c < columns.size(); c++) {
      byte[] nulls = new byte[count];
      codes(c, rows, count, codes, nulls);
      columns.get(c).hash(codes, nulls, count, values);
      for (int i = 0; i < count; i++) {
        long h = (out[i] ^ values[i]) * 0xD6E8FEB86659FD93L;
        out[i] = h ^ h >>> 32;
      }
    }
  }

  /// The keys of `count` groups from `from` on, one vector for each column.
  public List<Vector> keys(int from, int count, Scratch scratch) {
    return keys(null, from, count, scratch);
  }

  /// The keys of the groups `members[from]` to `members[from + count - 1]`; all groups for null.
  public List<Vector> keys(int[] members, int from, int count, Scratch scratch) {
    List<Vector> vectors = new ArrayList<>(columns.size());
    int[] rows = rows(members, from, count);
    for (int c = 0; c < columns.size(); c++) {
      vectors.add(key(c, rows, count, scratch));
    }
    return vectors;
  }

  /// The values of the first column, a whole number that fits, of the keys from `from` on.
  public void firsts(int from, int count, int[] out) {
    long[] codes = new long[count];
    codes(0, rows(null, from, count), count, codes, new byte[count]);
    for (int i = 0; i < count; i++) {
      out[i] = (int) codes[i];
    }
  }

  private Vector key(int column, int[] rows, int count, Scratch scratch) {
    long[] codes = new long[count];
    byte[] nulls = new byte[count];
    codes(column, rows, count, codes, nulls);
    return columns.get(column).values(codes, nulls, count, scratch);
  }

  private static int[] rows(int[] members, int from, int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = members == null ? from + i : members[from + i];
    }
    return rows;
  }

  /// A reader of this table for one thread.
  public Finder finder() {
    return new Finder();
  }

  /// Finds keys without adding any. For one thread.
  public final class Finder {
    private final Packer packer = new Packer();
    private final List<KeyColumnCodes.Reader> readers =
        columns.stream().map(KeyColumnCodes::reader).toList();
    private boolean[] missing = new boolean[0];

    private Finder() {}

    /// The number of each row's key, or -1 where it was never added.
    public void find(List<Vector> vectors, int rows, int[] groups, Scratch scratch) {
      if (columns.isEmpty()) {
        Arrays.fill(groups, 0, rows, size > 0 ? 0 : -1);
        return;
      }
      packer.prepare(rows);
      if (missing.length < rows) {
        missing = new boolean[rows];
      }
      Arrays.fill(missing, 0, rows, false);
      for (int c = 0; c < columns.size(); c++) {
        packer.clearNulls(columns.get(c), rows);
        readers.get(c).find(vectors.get(c), rows, packer.codes, packer.nulls, missing, scratch);
        if (lone == null) {
          packer.pack(c, rows);
        }
      }
      for (int i = 0; i < rows; i++) {
        groups[i] =
            missing[i] ? -1 : lone != null ? (int) packer.codes[i] : slots.find(packer.packed, i);
      }
    }
  }

  /// Packs codes into words, in buffers that are used again and again.
  private final class Packer {
    private long[] codes = new long[0];
    private byte[] nulls = new byte[0];
    private long[][] packed = new long[0][];

    void prepare(int rows) {
      // Rows may be none at first (all NULL under DISTINCT), and pack still names its words.
      if (codes.length < rows || packed.length != words) {
        codes = new long[rows];
        nulls = new byte[rows];
        packed = new long[words][rows];
      }
      for (long[] word : packed) {
        Arrays.fill(word, 0, rows, 0);
      }
    }

    void clearNulls(KeyColumnCodes column, int rows) {
      if (column.hasNullBit()) {
        Arrays.fill(nulls, 0, rows, (byte) 0);
      }
    }

    void pack(int column, int rows) {
      long[] word = packed[layout.word[column]];
      int shift = layout.shift[column];
      for (int i = 0; i < rows; i++) {
        word[i] |= codes[i] << shift;
      }
      if (layout.nullWord[column] >= 0) {
        long[] nullBits = packed[layout.nullWord[column]];
        int nullShift = layout.nullShift[column];
        for (int i = 0; i < rows; i++) {
          nullBits[i] |= (long) nulls[i] << nullShift;
        }
      }
    }
  }
}
