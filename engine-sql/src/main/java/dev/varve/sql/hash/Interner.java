// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Numbers distinct byte strings from 0 in the order they come; NULL is one more of them.
///
/// One thread adds; any number may find once nothing is added any more. A slot holds half of the
/// hash beside the number, so that bytes are compared almost only where they are equal.
public final class Interner {
  private long[] table = new long[1024];
  private int mask = table.length - 1;
  private int size;
  private int nullId = -1;
  private int[] offsets = new int[513];
  private long[] hashes = new long[512];
  private byte[] bytes = new byte[8192];
  private MemorySegment segment = MemorySegment.ofArray(bytes);
  private int[] starts = new int[0];

  /// Ends adding and finding; strings can still be read.
  ///
  /// @param order the string numbered `order[i]` gets the number `i`; null to leave the numbers
  void seal(int[] order) {
    table = new long[0];
    if (order != null) {
      reorder(order);
      segment = MemorySegment.ofArray(bytes);
    }
  }

  private void reorder(int[] order) {
    int[] ends = new int[size + 1];
    long[] hashed = new long[size];
    byte[] ordered = new byte[offsets[size]];
    int nulls = -1;
    for (int i = 0; i < size; i++) {
      int id = order[i];
      int length = offsets[id + 1] - offsets[id];
      System.arraycopy(bytes, offsets[id], ordered, ends[i], length);
      ends[i + 1] = ends[i] + length;
      hashed[i] = hashes[id];
      nulls = id == nullId ? i : nulls;
    }
    offsets = ends;
    hashes = hashed;
    bytes = ordered;
    nullId = nulls;
  }

  public int size() {
    return size;
  }

  public long heapBytes() {
    return (table.length + (long) hashes.length) * 8 + offsets.length * 4L + bytes.length;
  }

  /// The number of a string, a new one if it was not there.
  public int add(MemorySegment source, long from, int length) {
    return add(source, from, length, ByteStrings.hash64(source, from, length));
  }

  /// The number of a string, or of NULL, of another interner.
  int addFrom(Interner other, int id) {
    if (id == other.nullId) {
      return addNull();
    }
    int from = other.offsets[id];
    return add(other.segment, from, other.offsets[id + 1] - from, other.hashes[id]);
  }

  /// A hash by value alone; NULL's is the same everywhere too.
  long hash(int id) {
    return id == nullId ? 1 : hashes[id];
  }

  private int add(MemorySegment source, long from, int length, long hash) {
    long tag = hash & 0xFFFFFFFF00000000L;
    int slot = (int) hash & mask;
    while (true) {
      long entry = table[slot];
      if (entry == 0) {
        break;
      }
      if ((entry & 0xFFFFFFFF00000000L) == tag && isAt((int) entry - 1, source, from, length)) {
        return (int) entry - 1;
      }
      slot = slot + 1 & mask;
    }
    int id = append(source, from, length);
    hashes[id] = hash;
    table[slot] = tag | id + 1;
    if (size * 2 > table.length) {
      grow();
    }
    return id;
  }

  /// As [#add] for each of `count` strings of one segment; their hashes are known.
  ///
  /// String by string, three visits to memory would wait for each other: slot, offset, bytes. Here
  /// each visit is made for all strings before the next, so that many are under way at once.
  void addAll(
      MemorySegment source, long[] from, int[] lengths, long[] hashed, int count, int[] ids) {
    if (starts.length < count) {
      starts = new int[Math.max(count, 1024)];
    }
    probe(hashed, count, ids);
    locate(lengths, count, ids);
    peek(source, from, lengths, count, ids);
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (id < 0 || !ByteStrings.equal(segment, starts[i], source, from[i], lengths[i])) {
        ids[i] = add(source, from[i], lengths[i], hashed[i]);
      }
    }
  }

  /// What stands in the first slot of each hash, or -1 where that is another string for sure.
  private void probe(long[] hashed, int count, int[] ids) {
    long[] slots = table;
    int last = mask;
    for (int i = 0; i < count; i++) {
      long hash = hashed[i];
      long entry = slots[(int) hash & last];
      ids[i] = entry >>> 32 == hash >>> 32 ? (int) entry - 1 : -1;
    }
  }

  private void locate(int[] lengths, int count, int[] ids) {
    int[] ends = offsets;
    int none = nullId;
    for (int i = 0; i < count; i++) {
      int id = Math.max(0, ids[i]);
      int start = ends[id];
      starts[i] = start;
      ids[i] = ids[i] == none || ends[id + 1] - start != lengths[i] ? -1 : ids[i];
    }
  }

  /// Looks at the first bytes of each; this brings them near.
  private void peek(MemorySegment source, long[] from, int[] lengths, int count, int[] ids) {
    for (int i = 0; i < count; i++) {
      if (lengths[i] >= 8
          && segment.get(Vector.I64, starts[i]) != source.get(Vector.I64, from[i])) {
        ids[i] = -1;
      }
    }
  }

  /// The hash of a string that is to be added.
  static long hash(MemorySegment source, long from, int length) {
    return ByteStrings.hash64(source, from, length);
  }

  /// Adds strings of another interner, none of them NULL.
  ///
  /// @param theirs their numbers there
  /// @param ids gets their numbers here
  void addAllFrom(Interner other, int[] theirs, int count, Batch batch, int[] ids) {
    batch.reserve(count);
    for (int i = 0; i < count; i++) {
      int id = theirs[i];
      int start = other.offsets[id];
      batch.from[i] = start;
      batch.lengths[i] = other.offsets[id + 1] - start;
      batch.hashes[i] = other.hashes[id];
    }
    addAll(other.segment, batch.from, batch.lengths, batch.hashes, count, ids);
  }

  /// Where strings lie and what their hashes are, in arrays that are used again.
  static final class Batch {
    long[] from = new long[0];
    int[] lengths = new int[0];
    long[] hashes = new long[0];

    void reserve(int count) {
      if (from.length < count) {
        from = new long[count];
        lengths = new int[count];
        hashes = new long[count];
      }
    }
  }

  /// The number of a string, or -1 where it was never added.
  public int find(MemorySegment source, long from, int length) {
    long hash = ByteStrings.hash64(source, from, length);
    long tag = hash & 0xFFFFFFFF00000000L;
    int slot = (int) hash & mask;
    while (true) {
      long entry = table[slot];
      if (entry == 0) {
        return -1;
      }
      if ((entry & 0xFFFFFFFF00000000L) == tag && isAt((int) entry - 1, source, from, length)) {
        return (int) entry - 1;
      }
      slot = slot + 1 & mask;
    }
  }

  public int addNull() {
    if (nullId < 0) {
      nullId = append(segment, 0, 0);
    }
    return nullId;
  }

  /// The number of NULL, or -1.
  public int findNull() {
    return nullId;
  }

  private boolean isAt(int id, MemorySegment source, long from, int length) {
    int start = offsets[id];
    return offsets[id + 1] - start == length
        && id != nullId
        && ByteStrings.equal(segment, start, source, from, length);
  }

  private int append(MemorySegment source, long from, int length) {
    int start = offsets[size];
    long end = (long) start + length;
    if (end > bytes.length) {
      growBytes(end);
    }
    MemorySegment.copy(source, from, segment, start, length);
    if (size + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
      hashes = Arrays.copyOf(hashes, offsets.length);
    }
    offsets[size + 1] = (int) end;
    return size++;
  }

  private void growBytes(long needed) {
    if (needed > Integer.MAX_VALUE - 64) {
      throw new VarveException(
          ErrorCode.MEMORY_LIMIT_EXCEEDED,
          "the distinct strings of one key need more than 2 GiB; filter or shorten them");
    }
    int length = (int) Math.min(Integer.MAX_VALUE - 64, Math.max(needed, bytes.length * 2L));
    bytes = Arrays.copyOf(bytes, length);
    segment = MemorySegment.ofArray(bytes);
  }

  private void grow() {
    long[] wider = new long[Math.multiplyExact(table.length, table.length < 1 << 18 ? 4 : 2)];
    mask = wider.length - 1;
    for (int id = 0; id < size; id++) {
      if (id == nullId) {
        continue;
      }
      long hash = hashes[id];
      int slot = (int) hash & mask;
      while (wider[slot] != 0) {
        slot = slot + 1 & mask;
      }
      wider[slot] = hash & 0xFFFFFFFF00000000L | id + 1;
    }
    table = wider;
  }

  public boolean isNull(int id) {
    return id == nullId;
  }

  /// The bytes of all strings; string `id` is `[offset(id), offset(id + 1))`. Valid until the next
  /// [#add].
  public MemorySegment bytes() {
    return segment;
  }

  public int offset(int id) {
    return offsets[id];
  }

  /// The strings of these numbers as a vector.
  public Vector vector(DataType type, long[] ids, int from, int count, Scratch scratch) {
    int width = type.width();
    long total = 0;
    boolean nulls = false;
    for (int i = 0; i < count; i++) {
      int id = (int) ids[from + i];
      total += offsets[id + 1] - offsets[id];
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
      int length = offsets[id + 1] - offsets[id];
      MemorySegment.copy(bytes, offsets[id], values, ValueLayout.JAVA_BYTE, at, length);
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
