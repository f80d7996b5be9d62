// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Byte strings: the code is a number given by an [Interner]. A dictionary's strings are looked up
/// once, at the first row that has them; the next batch over the same dictionary finds them done.
final class InternedCodes extends KeyColumnCodes {
  /// Of another interner with more strings, those that come are looked up one by one.
  private static final int MOST_TRANSLATED = 1 << 12;

  private final DataType type;
  private final Interner interner;
  private final Lookup adder = new Lookup(true);
  // Of the other interner whose strings come next: our numbers plus one, or 0 for not met yet.
  private Interner translated;
  private int[] translation;

  // Strings of a batch that are to be added: which rows, and their numbers.
  private final Interner.Batch batch = new Interner.Batch();
  private int[] ids = new int[0];
  private int[] rowsOf = new int[0];
  private int[] found = new int[0];

  InternedCodes(DataType type, KeyMemory memory) {
    this.type = type;
    this.interner = new Interner(memory);
  }

  Interner interner() {
    return interner;
  }

  @Override
  int bits() {
    return 32;
  }

  @Override
  boolean hasNullBit() {
    return false;
  }

  @Override
  void add(Vector vector, int rows, long[] codes, byte[] nulls, Scratch scratch) {
    adder.find(vector, rows, codes, nulls, null, scratch);
  }

  @Override
  Reader reader() {
    return new Lookup(false);
  }

  @Override
  Vector values(long[] codes, byte[] nulls, int count, Scratch scratch) {
    return interner.vector(type, codes, 0, count, scratch);
  }

  @Override
  void translate(KeyColumnCodes other, boolean points, long[] codes, int count) {
    Interner theirs = ((InternedCodes) other).interner;
    reserve(count);
    if (theirs.size() > MOST_TRANSLATED) {
      translateEach(theirs, points, codes, count);
      return;
    }
    if (theirs != translated) {
      translated = theirs;
      translation = new int[theirs.size()];
    }
    for (int i = 0; i < count; i++) {
      int id = (int) codes[i];
      if (translation[id] == 0) {
        translation[id] = interner.addFrom(theirs, id, points) + 1;
      }
      codes[i] = translation[id] - 1;
    }
  }

  private void translateEach(Interner theirs, boolean points, long[] codes, int count) {
    int added = 0;
    for (int i = 0; i < count; i++) {
      int id = (int) codes[i];
      if (theirs.isNull(id)) {
        codes[i] = interner.addNull();
      } else {
        rowsOf[added] = i;
        ids[added++] = id;
      }
    }
    interner.addAllFrom(theirs, ids, added, points, batch, found);
    for (int i = 0; i < added; i++) {
      codes[rowsOf[i]] = found[i];
    }
  }

  private void reserve(int rows) {
    if (ids.length < rows) {
      ids = new int[rows];
      rowsOf = new int[rows];
      found = new int[rows];
    }
  }

  @Override
  void hash(long[] codes, byte[] nulls, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = interner.hash((int) codes[i]);
    }
  }

  @Override
  void seal(int[] order) {
    adder.forget();
    translated = null;
    translation = null;
    interner.seal(order);
  }

  @Override
  void retire() {
    interner.retire();
  }

  @Override
  long growth(int more) {
    return interner.growth(more);
  }

  @Override
  long heapBytes() {
    return adder.codeOf.length * 4L;
  }

  private final class Lookup implements Reader {
    private static final int UNKNOWN = -2;
    private static final int COMING = -3;
    private static final int SHORT_BYTES = 7;
    private static final int SHORT_BITS = 10;
    private final boolean adds;
    private Vector dictionary;
    // Whether `codeOf` is about this dictionary.
    private boolean isKnown;
    private int[] codeOf = new int[0];
    // Short strings met last: bytes and length in one word, which is never 0, and their numbers.
    private final long[] shortWords = new long[1 << SHORT_BITS];
    private final int[] shortIds = new int[1 << SHORT_BITS];

    Lookup(boolean adds) {
      this.adds = adds;
    }

    void forget() {
      dictionary = null;
      isKnown = false;
      codeOf = new int[0];
    }

    @Override
    public void find(
        Vector vector, int rows, long[] codes, byte[] nulls, boolean[] missing, Scratch scratch) {
      switch (vector.form()) {
        case CONSTANT -> {
          int id = vector.isNull(0) ? nullId() : id(vector.single(), 0);
          Arrays.fill(codes, 0, rows, id);
          if (id < 0) {
            Arrays.fill(missing, 0, rows, true);
          }
        }
        case DICTIONARY -> findCoded(vector, rows, codes, missing);
        case FLAT -> findEach(vector, rows, codes, missing);
      }
    }

    private void findCoded(Vector vector, int rows, long[] codes, boolean[] missing) {
      if (vector.dictionary() != dictionary) {
        dictionary = vector.dictionary();
        isKnown = false;
        if (dictionary.rows() >= rows) {
          // What no more rows point into than it has is hardly looked up twice, unless the next
          // batch comes with it again.
          findEach(vector, rows, codes, missing);
          return;
        }
      }
      if (!isKnown) {
        isKnown = true;
        if (codeOf.length < dictionary.rows()) {
          codeOf = new int[dictionary.rows()];
        }
        Arrays.fill(codeOf, 0, dictionary.rows(), UNKNOWN);
      }
      MemorySegment values = vector.values();
      boolean nullable = vector.validity() != null;
      if (adds) {
        addUnknown(vector, rows);
      }
      for (int i = 0; i < rows; i++) {
        int id;
        if (nullable && vector.isNull(i)) {
          id = nullId();
        } else {
          int code = values.get(Vector.I32, i * 4L);
          id = codeOf[code];
          if (id == UNKNOWN) {
            id = id(dictionary, code);
            codeOf[code] = id;
          }
        }
        codes[i] = id;
        if (id < 0) {
          missing[i] = true;
        }
      }
    }

    private void findEach(Vector vector, int rows, long[] codes, boolean[] missing) {
      if (adds) {
        addEach(vector, rows, codes);
        return;
      }
      Vector entries = vector.base();
      boolean coded = vector.isDictionary();
      boolean nullable = vector.validity() != null;
      for (int i = 0; i < rows; i++) {
        int id;
        if (nullable && vector.isNull(i)) {
          id = nullId();
        } else {
          id = id(entries, coded ? vector.values().get(Vector.I32, i * 4L) : i);
        }
        codes[i] = id;
        if (id < 0) {
          missing[i] = true;
        }
      }
    }

    /// Adds the dictionary's strings that these rows are the first to have.
    private void addUnknown(Vector vector, int rows) {
      MemorySegment values = vector.values();
      boolean nullable = vector.validity() != null;
      reserve(rows);
      int count = 0;
      for (int i = 0; i < rows; i++) {
        if (!nullable || !vector.isNull(i)) {
          int code = values.get(Vector.I32, i * 4L);
          if (codeOf[code] == UNKNOWN) {
            codeOf[code] = COMING;
            rowsOf[count++] = code;
          }
        }
      }
      if (count > 0) {
        addRows(dictionary, count);
        for (int i = 0; i < count; i++) {
          codeOf[rowsOf[i]] = found[i];
        }
      }
    }

    private void addEach(Vector vector, int rows, long[] codes) {
      Vector entries = vector.base();
      boolean coded = vector.isDictionary();
      boolean nullable = vector.validity() != null;
      reserve(rows);
      int count = 0;
      for (int i = 0; i < rows; i++) {
        if (nullable && vector.isNull(i)) {
          codes[i] = nullId();
          continue;
        }
        int row = coded ? vector.values().get(Vector.I32, i * 4L) : i;
        long from = from(entries, row);
        int length = length(entries, row, from);
        codes[i] = UNKNOWN;
        if (isShort(entries, from, length)) {
          long word = shortWord(entries.values(), from, length);
          int at = shortSlot(word);
          codes[i] = shortWords[at] == word ? shortIds[at] : UNKNOWN;
        }
        if (codes[i] == UNKNOWN) {
          rowsOf[count++] = row;
        }
      }
      if (count > 0) {
        addRows(entries, count);
        int next = 0;
        for (int i = 0; i < rows; i++) {
          if (codes[i] == UNKNOWN) {
            codes[i] = found[next++];
          }
        }
      }
    }

    /// Adds the strings of the rows `rowsOf`: first all hashes, then all visits to the interner.
    private void addRows(Vector flat, int count) {
      batch.reserve(count);
      MemorySegment values = flat.values();
      // Read by address, one kind of segment is met by all loops behind this.
      MemorySegment source = values.isNative() ? KeyMemory.ALL : values;
      long base = values.isNative() ? values.address() : 0;
      for (int i = 0; i < count; i++) {
        int row = rowsOf[i];
        long from = from(flat, row);
        int length = length(flat, row, from);
        batch.from[i] = base + from;
        batch.lengths[i] = length;
        batch.hashes[i] = Interner.hash(source, base + from, length);
      }
      interner.addAll(source, batch, count, found);
      for (int i = 0; i < count; i++) {
        long from = batch.from[i] - base;
        if (isShort(flat, from, batch.lengths[i])) {
          long word = shortWord(values, from, batch.lengths[i]);
          shortWords[shortSlot(word)] = word;
          shortIds[shortSlot(word)] = found[i];
        }
      }
    }

    private static long from(Vector flat, int row) {
      return flat.physical() == Physical.FIXED
          ? (long) row * flat.width()
          : flat.offsets().get(Vector.I32, row * 4L);
    }

    private static int length(Vector flat, int row, long from) {
      return flat.physical() == Physical.FIXED
          ? flat.width()
          : (int) (flat.offsets().get(Vector.I32, row * 4L + 4) - from);
    }

    private static boolean isShort(Vector flat, long from, int length) {
      return length <= SHORT_BYTES && from + 8 <= flat.values().byteSize();
    }

    private int id(Vector flat, int row) {
      long from = from(flat, row);
      int length = length(flat, row, from);
      return isShort(flat, from, length)
          ? shortId(flat.values(), from, length)
          : idOf(flat.values(), from, length);
    }

    /// Most groups of short strings are few: those need no hash and no look at the interner.
    private int shortId(MemorySegment values, long from, int length) {
      long word = shortWord(values, from, length);
      int at = shortSlot(word);
      if (shortWords[at] == word) {
        return shortIds[at];
      }
      int id = idOf(values, from, length);
      if (id >= 0) {
        shortWords[at] = word;
        shortIds[at] = id;
      }
      return id;
    }

    private static long shortWord(MemorySegment values, long from, int length) {
      long bytes = values.get(Vector.I64, from) & (1L << (length << 3)) - 1;
      return bytes | (long) (length + 1) << 56;
    }

    private static int shortSlot(long word) {
      return (int) (word * 0x9E3779B97F4A7C15L >>> 64 - SHORT_BITS);
    }

    private int idOf(MemorySegment values, long from, int length) {
      return adds ? interner.add(values, from, length) : interner.find(values, from, length);
    }

    private int nullId() {
      return adds ? interner.addNull() : interner.findNull();
    }
  }
}
