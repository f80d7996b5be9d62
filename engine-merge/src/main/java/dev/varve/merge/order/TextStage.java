// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/// Byte strings. Rows of dictionaries share staged entries, and when all rows came from
/// dictionaries the result is a dictionary vector again, with each entry once. Of flat vectors only
/// the places of the values are kept, until they go or the column is put together.
final class TextStage implements ColumnStage {
  private static final int NULL_ENTRY = -1;

  /// Entries of a dictionary are looked up by their bytes, each once for a column; that pays where
  /// so many rows of the column share one.
  private static final int ROWS_OF_AN_ENTRY = 16;

  /// Values that are fetched into the cache before the first of them is copied.
  private static final int AHEAD = 256;

  /// A value that lies at an address of its own.
  private static final int PLACED = -2;

  /// All memory: values of many vectors are copied from, each by its address.
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final DataType type;
  private final int count;
  private final Scratch scratch;
  private final int[] entries;
  private final Map<Vector, int[]> entriesOfDictionary = new IdentityHashMap<>();
  private final Map<ByteBuffer, Integer> entryOfText = new HashMap<>();
  private MemorySegment validity;
  private long[] places;
  private int[] lengths;
  private int[] attached;
  private int attachedCount;
  private boolean scattered;
  private long fetched;
  private int[] starts = new int[65];
  private int entryCount;
  private MemorySegment bytes;

  TextStage(DataType type, int count, Scratch scratch) {
    this.type = type;
    this.count = count;
    this.scratch = scratch;
    this.entries = new int[count];
    this.bytes = scratch.allocate(Math.max(64, count * 8L));
  }

  @Override
  public void put(Vector vector, int[] rows, int[] positions, int from, int to) {
    if (vector.isFlat()) {
      putFlat(vector, rows, positions, from, to);
      return;
    }
    if (vector.base().rows() > count / ROWS_OF_AN_ENTRY) {
      putPlaces(vector, rows, positions, from, to);
      return;
    }
    Vector dictionary = vector.base();
    int[] known = entriesOfDictionary.computeIfAbsent(dictionary, TextStage::unknown);
    for (int i = from; i < to; i++) {
      if (vector.isNull(rows[i])) {
        putNull(positions[i]);
        continue;
      }
      int code = vector.valueRow(rows[i]);
      if (known[code] < 0) {
        known[code] = entryOf(dictionary, code);
      }
      entries[positions[i]] = known[code];
    }
  }

  private static int[] unknown(Vector dictionary) {
    int[] entries = new int[dictionary.rows()];
    Arrays.fill(entries, -1);
    return entries;
  }

  /// The entry of a dictionary's value. Dictionaries of several parts share most of their values,
  /// and a dictionary vector must hold each once.
  private int entryOf(Vector dictionary, int code) {
    MemorySegment value = dictionary.getSegment(code);
    return entryOfText.computeIfAbsent(
        ByteBuffer.wrap(value.toArray(JAVA_BYTE)), _ -> append(value, 0, (int) value.byteSize()));
  }

  private void preparePlaces() {
    if (places == null) {
      places = new long[count];
      lengths = new int[count];
      attached = new int[count];
    }
  }

  /// Of a dictionary of many values.
  private void putPlaces(Vector vector, int[] rows, int[] positions, int from, int to) {
    preparePlaces();
    scattered = true;
    MemorySegment codes = vector.isDictionary() ? vector.values() : null;
    MemorySegment offsets = vector.base().offsets();
    long address = vector.base().values().address();
    boolean nulls = vector.mayHaveNulls();
    for (int i = from; i < to; i++) {
      if (nulls && vector.isNull(rows[i])) {
        putNull(positions[i]);
      } else {
        int code = codes == null ? 0 : codes.get(Vector.I32, rows[i] * 4L);
        place(positions[i], address, offsets, code);
      }
    }
  }

  private void place(int position, long address, MemorySegment offsets, int row) {
    int start = offsets.get(Vector.I32, row * 4L);
    places[position] = address + start;
    lengths[position] = offsets.get(Vector.I32, row * 4L + 4) - start;
    entries[position] = PLACED;
    attached[attachedCount++] = position;
  }

  private void putFlat(Vector vector, int[] rows, int[] positions, int from, int to) {
    preparePlaces();
    MemorySegment offsets = vector.offsets();
    long address = vector.values().address();
    boolean nulls = vector.mayHaveNulls();
    for (int i = from; i < to; i++) {
      if (nulls && vector.isNull(rows[i])) {
        putNull(positions[i]);
      } else {
        place(positions[i], address, offsets, rows[i]);
      }
    }
  }

  @Override
  public void detach() {
    long total = 0;
    for (int i = 0; i < attachedCount; i++) {
      total += lengths[attached[i]];
    }
    long to = scratch.allocate(total).address();
    for (int i = 0; i < attachedCount; i++) {
      if (scattered && i % AHEAD == 0) {
        fetchAttached(i, Math.min(attachedCount, i + AHEAD));
      }
      int position = attached[i];
      copyText(places[position], to, lengths[position]);
      places[position] = to;
      to += lengths[position];
    }
    attachedCount = 0;
  }

  /// Values of large dictionaries lie all over them. Copying waits for one after the other; loads
  /// that nothing depends on are waited for together.
  private void fetchAttached(int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      int position = attached[i];
      sum += lengths[position] == 0 ? 0 : MEMORY.get(JAVA_BYTE, places[position]);
    }
    fetched += sum; // so that the loads stay
  }

  private void fetchPlaced(int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      if (entries[i] == PLACED && lengths[i] > 0) {
        sum += MEMORY.get(JAVA_BYTE, places[i]);
      }
    }
    fetched += sum;
  }

  private void putNull(int position) {
    if (validity == null) {
      validity = Validity.allSet(count, scratch);
    }
    Validity.clear(validity, position);
    entries[position] = NULL_ENTRY;
  }

  private int append(MemorySegment source, long from, int length) {
    int entry = entryCount++;
    if (entry + 1 >= starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
    }
    int start = starts[entry];
    long end = (long) start + length;
    if (end > bytes.byteSize()) {
      if (end > Integer.MAX_VALUE - 16) {
        throw new IllegalArgumentException("a column of a batch would hold more than 2 GiB");
      }
      MemorySegment larger =
          scratch.allocate(Math.min(Integer.MAX_VALUE - 16L, Math.max(end, bytes.byteSize() * 2)));
      MemorySegment.copy(bytes, 0, larger, 0, start);
      bytes = larger;
    }
    MemorySegment.copy(source, from, bytes, start, length);
    starts[entry + 1] = (int) end;
    return entry;
  }

  /// By words, as the general copy costs more than it moves where strings are short. Reads and
  /// writes up to seven bytes past the end, which memory of a scratch or a block has room for; what
  /// lies behind must be written later.
  private static void copyText(long from, long to, int length) {
    if (length > 64) {
      MemorySegment.copy(MEMORY, from, MEMORY, to, length);
      return;
    }
    for (int i = 0; i < length; i += 8) {
      MEMORY.set(Vector.I64, to + i, MEMORY.get(Vector.I64, from + i));
    }
  }

  @Override
  public Vector finish() {
    if (places != null || entryCount == 0) {
      return finishFlat();
    }
    MemorySegment codes = scratch.allocate(count * 4L);
    for (int i = 0; i < count; i++) {
      codes.set(Vector.I32, i * 4L, Math.max(0, entries[i]));
    }
    MemorySegment offsets = scratch.allocate((entryCount + 1) * 4L);
    MemorySegment.copy(starts, 0, offsets, Vector.I32, 0, entryCount + 1);
    DataType present = type.isNullable() ? type.unwrapped() : type;
    Vector dictionary = Vector.bytes(present, entryCount, offsets, bytes, null);
    return Vector.dictionary(type, count, codes, dictionary, validity);
  }

  private Vector finishFlat() {
    MemorySegment offsets = scratch.allocate((count + 1) * 4L);
    long total = 0;
    for (int i = 0; i < count; i++) {
      offsets.set(Vector.I32, i * 4L, (int) total);
      total += length(i);
    }
    if (total > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("a column of a batch would hold more than 2 GiB");
    }
    offsets.set(Vector.I32, count * 4L, (int) total);
    MemorySegment values = scratch.allocate(total);
    long to = values.address();
    for (int i = 0; i < count; i++) {
      if (scattered && i % AHEAD == 0) {
        fetchPlaced(i, Math.min(count, i + AHEAD));
      }
      int entry = entries[i];
      int length = length(i);
      if (entry != NULL_ENTRY) {
        copyText(entry == PLACED ? places[i] : bytes.address() + starts[entry], to, length);
      }
      to += length;
    }
    return Vector.bytes(type, count, offsets, values, validity);
  }

  private int length(int row) {
    int entry = entries[row];
    return switch (entry) {
      case PLACED -> lengths[row];
      case NULL_ENTRY -> 0;
      default -> starts[entry + 1] - starts[entry];
    };
  }
}
