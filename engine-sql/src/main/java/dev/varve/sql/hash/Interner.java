// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Numbers distinct byte strings from 0 in the order they come; NULL is one more of them.
///
/// One thread adds; any number may find once nothing is added any more. A slot holds half of the
/// hash beside the number, a number's entry the whole hash and the text's place with its length, so
/// that bytes are compared almost only where they are equal.
final class Interner {
  /// Strings that are looked up together: their slots, entries and first bytes stay near.
  private static final int TOGETHER = 512;

  private static final int FIRST_SLOTS = 1024;
  private static final long TAG = 0xFFFFFFFF00000000L;
  private static final MemorySegment ALL = KeyMemory.ALL;

  private final KeyMemory memory;
  private final KeptTexts texts;
  // A slot's place is given by the first bits of the tag it holds.
  private Words slots;
  // For each number the hash, then the place.
  private Words entries;
  private int mask = -1;
  private int shift;
  private int size;
  private int nullId = -1;

  Interner(KeyMemory memory) {
    this.memory = memory;
    texts = new KeptTexts(memory);
    slots = new Words(memory);
    entries = new Words(memory);
  }

  /// Ends adding and finding; strings can still be read.
  ///
  /// @param order the string numbered `order[i]` gets the number `i`; null to leave the numbers
  void seal(int[] order) {
    slots.free();
    if (order == null) {
      return;
    }
    Words ordered = new Words(memory);
    ordered.reserve(2L * size);
    int nulls = -1;
    for (int i = 0; i < size; i++) {
      long id = order[i];
      ordered.set(2L * i, entries.get(2 * id));
      ordered.set(2L * i + 1, entries.get(2 * id + 1));
      nulls = id == nullId ? i : nulls;
    }
    entries.free();
    entries = ordered;
    nullId = nulls;
  }

  int size() {
    return size;
  }

  /// Gives all memory back but the texts, for those that point to them.
  void retire() {
    slots.free();
    entries.free();
  }

  /// The number of a string, a new one if it was not there.
  int add(MemorySegment source, long from, int length) {
    reserve(1);
    return add(source, from, length, hash(source, from, length), 0);
  }

  /// The number of a string, or of NULL, of another interner.
  ///
  /// @param points whether to point to the other's bytes, which then must stay as long as this
  int addFrom(Interner other, int id, boolean points) {
    if (id == other.nullId) {
      return addNull();
    }
    reserve(1);
    long place = other.place(id);
    return add(
        ALL, KeptTexts.address(place), KeptTexts.length(place), other.hash(id), points ? place : 0);
  }

  /// A hash by value alone; NULL's is the same everywhere too.
  long hash(int id) {
    return entries.get(2L * id);
  }

  /// The hash of a string that is to be added.
  static long hash(MemorySegment source, long from, int length) {
    return ByteStrings.hash64(source, from, length);
  }

  private long place(int id) {
    return entries.get(2L * id + 1);
  }

  /// @param place where the string lies for good, or 0 to keep a copy
  private int add(MemorySegment source, long from, int length, long hash, long place) {
    int slot = (int) (hash >>> shift);
    while (true) {
      long entry = slots.get(slot);
      if (entry == 0) {
        break;
      }
      if (((entry ^ hash) & TAG) == 0 && isAt((int) entry - 1, source, from, length)) {
        return (int) entry - 1;
      }
      slot = slot + 1 & mask;
    }
    slots.set(slot, hash & TAG | size + 1);
    return append(hash, place != 0 ? place : texts.keep(source, from, length));
  }

  /// Strings that are to be added: where they lie in one segment, and their hashes.
  static final class Batch {
    long[] from = new long[0];
    int[] lengths = new int[0];
    long[] hashes = new long[0];
    private final long[] places = new long[TOGETHER];

    void reserve(int count) {
      if (from.length < count) {
        from = new long[count];
        lengths = new int[count];
        hashes = new long[count];
      }
    }
  }

  /// As [#add] for each of the first `count` strings of a batch.
  ///
  /// String by string, the visits to memory would wait for each other: slot, entry, bytes. Here
  /// each visit is made for many strings before the next, so that many are under way at once.
  void addAll(MemorySegment source, Batch batch, int count, int[] ids) {
    for (int at = 0; at < count; at += TOGETHER) {
      int end = Math.min(count, at + TOGETHER);
      reserve(end - at);
      probe(batch, at, end, ids);
      locate(batch, at, end, ids);
      peek(source, batch, at, end, ids);
      for (int i = at; i < end; i++) {
        if (ids[i] < 0 || !isEqual(batch.places[i - at], source, batch.from[i], batch.lengths[i])) {
          ids[i] = add(source, batch.from[i], batch.lengths[i], batch.hashes[i], 0);
        }
      }
    }
  }

  /// What stands in the first slot of each hash, or -1 where that is another string for sure.
  private void probe(Batch batch, int at, int end, int[] ids) {
    long[] hashes = batch.hashes;
    long table = slots.address();
    int first = shift;
    for (int i = at; i < end; i++) {
      long hash = hashes[i];
      long entry = ALL.get(Vector.I64, table + (hash >>> first << 3));
      ids[i] = ((entry ^ hash) & TAG) == 0 ? (int) entry - 1 : -1;
    }
  }

  private void locate(Batch batch, int at, int end, int[] ids) {
    long[] places = batch.places;
    long[] hashes = batch.hashes;
    long known = entries.address();
    for (int i = at; i < end; i++) {
      long entry = known + ((long) Math.max(0, ids[i]) << 4);
      places[i - at] = ALL.get(Vector.I64, entry + 8);
      // NULL is found by no hash, but an empty slot looks like one whose tag is zero.
      ids[i] = ALL.get(Vector.I64, entry) == hashes[i] && ids[i] != nullId ? ids[i] : -1;
    }
  }

  /// Looks at the first and the last bytes of each; this brings them near.
  private void peek(MemorySegment source, Batch batch, int at, int end, int[] ids) {
    for (int i = at; i < end; i++) {
      long place = batch.places[i - at];
      long last = batch.lengths[i] - 8L;
      if (ids[i] < 0 || last < 0) {
        continue;
      }
      if (KeptTexts.length(place) != batch.lengths[i]) {
        ids[i] = -1;
        continue;
      }
      long known = KeptTexts.address(place);
      long from = batch.from[i];
      if (ALL.get(Vector.I64, known) != source.get(Vector.I64, from)
          || ALL.get(Vector.I64, known + last) != source.get(Vector.I64, from + last)) {
        ids[i] = -1;
      }
    }
  }

  /// Adds strings of another interner, none of them NULL.
  ///
  /// @param theirs their numbers there
  /// @param points whether to point to the other's bytes, which then must stay as long as this
  /// @param ids gets their numbers here
  void addAllFrom(Interner other, int[] theirs, int count, boolean points, Batch batch, int[] ids) {
    batch.reserve(count);
    for (int i = 0; i < count; i++) {
      long place = other.place(theirs[i]);
      batch.from[i] = KeptTexts.address(place);
      batch.lengths[i] = KeptTexts.length(place);
      batch.hashes[i] = other.hash(theirs[i]);
    }
    if (!points) {
      addAll(ALL, batch, count, ids);
      return;
    }
    for (int at = 0; at < count; at += TOGETHER) {
      int end = Math.min(count, at + TOGETHER);
      reserve(end - at);
      probe(batch, at, end, ids);
      locate(batch, at, end, ids);
      for (int i = at; i < end; i++) {
        if (ids[i] < 0 || !isEqual(batch.places[i - at], ALL, batch.from[i], batch.lengths[i])) {
          long place = other.place(theirs[i]);
          ids[i] = add(ALL, batch.from[i], batch.lengths[i], batch.hashes[i], place);
        }
      }
    }
  }

  /// The number of a string, or -1 where it was never added.
  int find(MemorySegment source, long from, int length) {
    if (mask < 0) {
      return -1;
    }
    long hash = hash(source, from, length);
    int slot = (int) (hash >>> shift);
    while (true) {
      long entry = slots.get(slot);
      if (entry == 0) {
        return -1;
      }
      if (((entry ^ hash) & TAG) == 0 && isAt((int) entry - 1, source, from, length)) {
        return (int) entry - 1;
      }
      slot = slot + 1 & mask;
    }
  }

  int addNull() {
    if (nullId < 0) {
      reserve(1);
      nullId = append(1, 0);
    }
    return nullId;
  }

  /// The number of NULL, or -1.
  int findNull() {
    return nullId;
  }

  boolean isNull(int id) {
    return id == nullId;
  }

  private boolean isAt(int id, MemorySegment source, long from, int length) {
    return isEqual(place(id), source, from, length);
  }

  private static boolean isEqual(long place, MemorySegment source, long from, int length) {
    return KeptTexts.length(place) == length
        && ByteStrings.equal(ALL, KeptTexts.address(place), source, from, length);
  }

  private int append(long hash, long place) {
    entries.set(2L * size, hash);
    entries.set(2L * size + 1, place);
    return size++;
  }

  /// Bytes that so many strings more would ask for, their texts apart.
  long growth(int more) {
    long needed = (long) size + more;
    return (needed * 2 > mask ? slotsFor(needed) << 3 : 0) + entries.growth(2 * needed);
  }

  private long slotsFor(long needed) {
    long count = Math.max(FIRST_SLOTS, mask + 1L);
    while (needed * 2 > count - 1) {
      count <<= count < 1 << 18 ? 2 : 1;
    }
    return count;
  }

  /// Makes room for so many strings more.
  private void reserve(int more) {
    long needed = (long) size + more;
    entries.reserve(2 * needed);
    if (needed * 2 > mask) {
      grow(Math.toIntExact(slotsFor(needed)));
    }
  }

  /// In the order of the slots, which is about that of the wider table too.
  private void grow(int count) {
    Words old = slots;
    int end = mask + 1;
    slots = new Words(memory);
    slots.clear(count);
    mask = count - 1;
    shift = Long.numberOfLeadingZeros(mask);
    for (int from = 0; from < end; from++) {
      long entry = old.get(from);
      if (entry != 0) {
        int slot = (int) (entry >>> shift);
        while (slots.get(slot) != 0) {
          slot = slot + 1 & mask;
        }
        slots.set(slot, entry);
      }
    }
    old.free();
  }

  /// The strings of these numbers as a vector.
  Vector vector(DataType type, long[] ids, int from, int count, Scratch scratch) {
    int width = type.width();
    long total = 0;
    boolean nulls = false;
    for (int i = 0; i < count; i++) {
      int id = (int) ids[from + i];
      total += KeptTexts.length(place(id));
      nulls |= id == nullId;
    }
    MemorySegment validity = nulls ? Validity.allSet(count, scratch) : null;
    MemorySegment ends = width == 0 ? scratch.allocate((count + 1) * 4L) : null;
    MemorySegment values = scratch.allocate(width == 0 ? total : (long) count * width);
    if (ends != null) {
      ends.set(Vector.I32, 0, 0);
    }
    long at = 0;
    for (int i = 0; i < count; i++) {
      int id = (int) ids[from + i];
      long place = place(id);
      int length = KeptTexts.length(place);
      MemorySegment.copy(ALL, KeptTexts.address(place), values, at, length);
      if (id == nullId) {
        Validity.clear(validity, i);
      }
      at += width == 0 ? length : width;
      if (ends != null) {
        ends.set(Vector.I32, i * 4L + 4, (int) at);
      }
    }
    return ends != null
        ? Vector.bytes(type, count, ends, values, validity)
        : Vector.fixed(type, count, values, validity);
  }
}
