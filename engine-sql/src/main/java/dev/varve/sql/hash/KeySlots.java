// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Numbers distinct keys of one or more words from 0 in the order they come. One thread adds.
///
/// A slot of the open table holds the key itself beside the number, so that a row costs one visit
/// to memory; the keys lie once more in the order of their numbers. Slots of many rows are visited
/// before the first is compared, as visits one by one would wait for each other.
final class KeySlots {
  /// Rows whose slots are visited together: they stay in the nearest caches.
  private static final int TOGETHER = 512;

  private static final int FIRST_CAPACITY = 1024;
  private static final MemorySegment ALL = KeyMemory.ALL;

  private final KeyMemory memory;
  private final int words;
  private final int stride;
  // For each slot the words of a key, then its number plus one; 0 is an empty slot.
  private Words slots;
  private final int[] places = new int[TOGETHER];
  private final KeyRuns runs = new KeyRuns(TOGETHER);
  private Words keys;
  private int mask = -1;
  private int size;
  private final int expected;

  /// @param expected keys that it has room for without growing
  KeySlots(int words, int expected, KeyMemory memory) {
    this.memory = memory;
    this.words = words;
    this.stride = words + 1;
    this.expected = expected;
    this.slots = new Words(memory);
    this.keys = new Words(memory);
  }

  /// Ends adding and finding; keys can still be read.
  ///
  /// @param order the key numbered `order[i]` gets the number `i`; null to leave the numbers
  void seal(int[] order) {
    slots.free();
    if (order == null) {
      return;
    }
    Words ordered = new Words(memory);
    ordered.reserve((long) size * words);
    for (int i = 0; i < order.length; i++) {
      for (int w = 0; w < words; w++) {
        ordered.set((long) i * words + w, key(order[i], w));
      }
    }
    keys.free();
    keys = ordered;
  }

  int size() {
    return size;
  }

  /// Gives all memory back.
  void retire() {
    slots.free();
    keys.free();
  }

  /// A word of the key with this number.
  long key(int number, int word) {
    return keys.get((long) number * words + word);
  }

  /// One word of each of some keys.
  void read(int[] numbers, int count, int word, long[] out) {
    long from = keys.address() + ((long) word << 3);
    long bytes = (long) words << 3;
    for (int i = 0; i < count; i++) {
      out[i] = ALL.get(Vector.I64, from + numbers[i] * bytes);
    }
  }

  void add(long[][] packed, int rows, int[] numbers) {
    for (int at = 0; at < rows; at += TOGETHER) {
      int end = Math.min(rows, at + TOGETHER);
      reserve(end - at);
      int count = words <= 2 && runs.isWorthTrying() ? runs.find(packed, words, at, end) : 0;
      if (count == 0) {
        number(packed, at, end, numbers);
      } else {
        number(runs.keys(), 0, count, runs.numbers());
        runs.spread(at, end, numbers);
      }
    }
  }

  private void number(long[][] packed, int at, int end, int[] numbers) {
    switch (words) {
      case 1 -> {
        visitOne(packed[0], at, end, numbers);
        addOne(packed[0], at, end, numbers);
      }
      case 2 -> {
        visitTwo(packed[0], packed[1], at, end, numbers);
        addTwo(packed[0], packed[1], at, end, numbers);
      }
      default -> {
        visitMany(packed, at, end, numbers);
        addMany(packed, at, end, numbers);
      }
    }
  }

  // Visits note the number that stands in the first slot of a key. Whatever is made of it, the slot
  // is near then.

  private void visitOne(long[] packed, int at, int end, int[] numbers) {
    long table = slots.address();
    int last = mask;
    int[] found = places;
    for (int i = at; i < end; i++) {
      int slot = hash(packed[i]) & last;
      found[i - at] = slot;
      numbers[i] = (int) ALL.get(Vector.I64, table + ((long) slot << 4) + 8);
    }
  }

  private void addOne(long[] packed, int at, int end, int[] numbers) {
    long table = slots.address();
    int last = mask;
    for (int i = at; i < end; i++) {
      long key = packed[i];
      int slot = places[i - at];
      long place = table + ((long) slot << 4);
      long number = ALL.get(Vector.I64, place + 8);
      while (number != 0 && ALL.get(Vector.I64, place) != key) {
        slot = slot + 1 & last;
        place = table + ((long) slot << 4);
        number = ALL.get(Vector.I64, place + 8);
      }
      if (number == 0) {
        ALL.set(Vector.I64, place, key);
        keys.set(size, key);
        number = ++size;
        ALL.set(Vector.I64, place + 8, number);
      }
      numbers[i] = (int) number - 1;
    }
  }

  private void visitTwo(long[] first, long[] second, int at, int end, int[] numbers) {
    long table = slots.address();
    int last = mask;
    int[] found = places;
    for (int i = at; i < end; i++) {
      int slot = hash(first[i], second[i]) & last;
      found[i - at] = slot;
      numbers[i] = (int) ALL.get(Vector.I64, table + slot * 24L + 16);
    }
  }

  private void addTwo(long[] first, long[] second, int at, int end, int[] numbers) {
    long table = slots.address();
    int last = mask;
    for (int i = at; i < end; i++) {
      long a = first[i];
      long b = second[i];
      int slot = places[i - at];
      long place = table + slot * 24L;
      long number = ALL.get(Vector.I64, place + 16);
      while (number != 0
          && (ALL.get(Vector.I64, place) != a || ALL.get(Vector.I64, place + 8) != b)) {
        slot = slot + 1 & last;
        place = table + slot * 24L;
        number = ALL.get(Vector.I64, place + 16);
      }
      if (number == 0) {
        ALL.set(Vector.I64, place, a);
        ALL.set(Vector.I64, place + 8, b);
        keys.set(2L * size, a);
        keys.set(2L * size + 1, b);
        number = ++size;
        ALL.set(Vector.I64, place + 16, number);
      }
      numbers[i] = (int) number - 1;
    }
  }

  private void visitMany(long[][] packed, int at, int end, int[] numbers) {
    for (int i = at; i < end; i++) {
      int slot = hash(packed, i) & mask;
      places[i - at] = slot;
      numbers[i] = (int) slots.get((long) slot * stride + words);
    }
  }

  private void addMany(long[][] packed, int at, int end, int[] numbers) {
    for (int i = at; i < end; i++) {
      long place = placeOf(packed, i, places[i - at]);
      long number = slots.get(place + words);
      if (number == 0) {
        for (int w = 0; w < words; w++) {
          slots.set(place + w, packed[w][i]);
          keys.set((long) size * words + w, packed[w][i]);
        }
        number = ++size;
        slots.set(place + words, number);
      }
      numbers[i] = (int) number - 1;
    }
  }

  /// The number of a row's key, or -1.
  int find(long[][] packed, int row) {
    if (mask < 0) {
      return -1;
    }
    return (int) slots.get(placeOf(packed, row, hash(packed, row) & mask) + words) - 1;
  }

  /// Where the row's key stands from a slot on, or the empty slot where it would.
  private long placeOf(long[][] packed, int row, int first) {
    int slot = first;
    while (slots.get((long) slot * stride + words) != 0
        && !isAt((long) slot * stride, packed, row)) {
      slot = slot + 1 & mask;
    }
    return (long) slot * stride;
  }

  private boolean isAt(long at, long[][] packed, int row) {
    for (int w = 0; w < words; w++) {
      if (slots.get(at + w) != packed[w][row]) {
        return false;
      }
    }
    return true;
  }

  private static int hash(long key) {
    long h = key * 0x9E3779B97F4A7C15L;
    return (int) (h >>> 32 ^ h >>> 17);
  }

  private static int hash(long a, long b) {
    return hash(Math.multiplyHigh(a ^ 0x9E3779B97F4A7C15L, 0xD6E8FEB86659FD93L) ^ a ^ b);
  }

  private int hash(long[][] packed, int row) {
    if (words == 1) {
      return hash(packed[0][row]);
    }
    if (words == 2) {
      return hash(packed[0][row], packed[1][row]);
    }
    int h = 0;
    for (int w = 0; w < words; w++) {
      h = hash(packed[w][row], h);
    }
    return h;
  }

  private int hashAt(Words table, long at) {
    if (words == 1) {
      return hash(table.get(at));
    }
    if (words == 2) {
      return hash(table.get(at), table.get(at + 1));
    }
    int h = 0;
    for (int w = 0; w < words; w++) {
      h = hash(table.get(at + w), h);
    }
    return h;
  }

  /// Bytes that so many keys more would ask for, beside those that are held meanwhile.
  long growth(int more) {
    long needed = (long) size + more;
    long slotBytes = needed * 2 > mask ? (long) capacity(needed) * stride << 3 : 0;
    return slotBytes + keys.growth(keyWords(needed));
  }

  private long keyWords(long needed) {
    return Math.max(needed, expected) * Math.max(1, words);
  }

  private int capacity(long needed) {
    int capacity =
        mask < 0
            ? Math.max(FIRST_CAPACITY, Integer.highestOneBit(Math.max(1, expected)) << 2)
            : mask + 1;
    while (needed * 2 > capacity - 1) {
      capacity = Math.multiplyExact(capacity, capacity <= 1 << 18 ? 4 : 2);
    }
    return capacity;
  }

  /// Makes room for so many keys more.
  private void reserve(int more) {
    long needed = (long) size + more;
    keys.reserve(keyWords(needed));
    if (needed * 2 > mask) {
      grow(capacity(needed));
    }
  }

  /// In the order of the slots, so that the wider table is written in as many streams as it is
  /// wider.
  private void grow(int capacity) {
    Words old = slots;
    long end = (mask + 1L) * stride;
    slots = new Words(memory);
    slots.clear((long) capacity * stride);
    mask = capacity - 1;
    for (long from = 0; from < end; from += stride) {
      long number = old.get(from + words);
      if (number == 0) {
        continue;
      }
      int slot = hashAt(old, from) & mask;
      while (slots.get((long) slot * stride + words) != 0) {
        slot = slot + 1 & mask;
      }
      for (int w = 0; w < words; w++) {
        slots.set((long) slot * stride + w, old.get(from + w));
      }
      slots.set((long) slot * stride + words, number);
    }
    old.free();
  }
}
