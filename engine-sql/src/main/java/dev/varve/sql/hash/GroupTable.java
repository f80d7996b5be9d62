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
public final class GroupTable {
  private static final int FIRST_CAPACITY = 1024;

  private final List<KeyColumnCodes> columns;
  private final KeyLayout layout;
  private final InternedCodes lone;
  private final int words;
  private int[] table = new int[FIRST_CAPACITY];
  private int mask = FIRST_CAPACITY - 1;
  private long[] keys;
  private int size;
  private final Packer packer = new Packer();

  public GroupTable(List<DataType> types) {
    columns = types.stream().map(KeyColumnCodes::of).toList();
    layout = new KeyLayout(columns);
    words = layout.words;
    lone = columns.size() == 1 && columns.getFirst() instanceof InternedCodes c ? c : null;
    keys = new long[lone != null ? 0 : Math.max(1, words) * 512];
  }

  /// Distinct keys so far.
  public int size() {
    return lone != null ? lone.interner().size() : size;
  }

  public long heapBytes() {
    long bytes = table.length * 4L + keys.length * 8L;
    for (KeyColumnCodes column : columns) {
      bytes += column.heapBytes();
    }
    return bytes;
  }

  /// The number of each row's key; keys that were not there are added.
  public void add(List<Vector> vectors, int rows, int[] groups, Scratch scratch) {
    if (columns.isEmpty()) {
      size = rows > 0 ? 1 : size;
      Arrays.fill(groups, 0, rows, 0);
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
    if (lone != null) {
      for (int i = 0; i < rows; i++) {
        groups[i] = (int) packer.codes[i];
      }
    } else if (words == 1) {
      addWords(packer.packed[0], rows, groups);
    } else {
      addLong(packer.packed, rows, groups);
    }
  }

  private void addWords(long[] packed, int rows, int[] groups) {
    for (int i = 0; i < rows; i++) {
      long key = packed[i];
      int slot = hash(key) & mask;
      int entry = table[slot];
      while (entry != 0 && keys[entry - 1] != key) {
        slot = slot + 1 & mask;
        entry = table[slot];
      }
      if (entry == 0) {
        entry = append(slot);
        keys[entry - 1] = key;
        growIfFull();
      }
      groups[i] = entry - 1;
    }
  }

  private void addLong(long[][] packed, int rows, int[] groups) {
    for (int i = 0; i < rows; i++) {
      int slot = hash(packed, i) & mask;
      int entry = table[slot];
      while (entry != 0 && !isAt(entry - 1, packed, i)) {
        slot = slot + 1 & mask;
        entry = table[slot];
      }
      if (entry == 0) {
        entry = append(slot);
        for (int w = 0; w < words; w++) {
          keys[(entry - 1) * words + w] = packed[w][i];
        }
        growIfFull();
      }
      groups[i] = entry - 1;
    }
  }

  private int append(int slot) {
    if ((size + 1) * words > keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(keys.length, 2));
    }
    table[slot] = ++size;
    return size;
  }

  private boolean isAt(int group, long[][] packed, int row) {
    for (int w = 0; w < words; w++) {
      if (keys[group * words + w] != packed[w][row]) {
        return false;
      }
    }
    return true;
  }

  private static int hash(long key) {
    long h = key * 0x9E3779B97F4A7C15L;
    return (int) (h >>> 32 ^ h >>> 17);
  }

  private int hash(long[][] packed, int row) {
    long h = 0;
    for (int w = 0; w < words; w++) {
      h = (h ^ packed[w][row]) * 0x9E3779B97F4A7C15L;
      h ^= h >>> 32;
    }
    return (int) (h ^ h >>> 17);
  }

  private int hashOfGroup(int group) {
    if (words == 1) {
      return hash(keys[group]);
    }
    long h = 0;
    for (int w = 0; w < words; w++) {
      h = (h ^ keys[group * words + w]) * 0x9E3779B97F4A7C15L;
      h ^= h >>> 32;
    }
    return (int) (h ^ h >>> 17);
  }

  private void growIfFull() {
    if (size * 2 <= table.length) {
      return;
    }
    int[] wider = new int[Math.multiplyExact(table.length, table.length < 1 << 18 ? 4 : 2)];
    mask = wider.length - 1;
    for (int group = 0; group < size; group++) {
      int slot = hashOfGroup(group) & mask;
      while (wider[slot] != 0) {
        slot = slot + 1 & mask;
      }
      wider[slot] = group + 1;
    }
    table = wider;
  }

  /// The keys of `count` groups from `from` on, one vector for each column.
  public List<Vector> keys(int from, int count, Scratch scratch) {
    return keys(null, from, count, scratch);
  }

  /// The keys of the groups `members[from]` to `members[from + count - 1]`.
  public List<Vector> keys(int[] members, int from, int count, Scratch scratch) {
    List<Vector> vectors = new ArrayList<>(columns.size());
    long[] codes = new long[count];
    for (int c = 0; c < columns.size(); c++) {
      byte[] nulls = new byte[count];
      KeyColumnCodes column = columns.get(c);
      long low = column.bits() == 64 ? -1L : (1L << column.bits()) - 1;
      for (int i = 0; i < count; i++) {
        int group = members == null ? from + i : members[from + i];
        codes[i] =
            lone != null ? group : keys[group * words + layout.word[c]] >>> layout.shift[c] & low;
        if (layout.nullWord[c] >= 0) {
          nulls[i] = (byte) (keys[group * words + layout.nullWord[c]] >>> layout.nullShift[c] & 1);
        }
      }
      vectors.add(column.values(codes, nulls, count, scratch));
    }
    return vectors;
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
        groups[i] = missing[i] ? -1 : lone != null ? (int) packer.codes[i] : find(i);
      }
    }

    private int find(int row) {
      int slot = (words == 1 ? hash(packer.packed[0][row]) : hash(packer.packed, row)) & mask;
      int entry = table[slot];
      while (entry != 0
          && (words == 1
              ? keys[entry - 1] != packer.packed[0][row]
              : !isAt(entry - 1, packer.packed, row))) {
        slot = slot + 1 & mask;
        entry = table[slot];
      }
      return entry - 1;
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
