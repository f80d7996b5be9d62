// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import java.util.Arrays;

/// Numbers distinct keys of one or more words from 0 in the order they come. One thread adds.
///
/// A slot of the open table holds the key itself beside the number, so that a row costs one visit
/// to memory; the keys lie once more in the order of their numbers.
final class KeySlots {
  private static final int FIRST_CAPACITY = 1024;

  private final int words;
  private final int stride;
  // For each slot the words of a key, then its number plus one; 0 is an empty slot.
  private long[] slots;
  private int mask;
  private long[] keys;
  private int size;

  /// @param expected keys that it has room for without growing
  KeySlots(int words, int expected) {
    int capacity = Math.max(FIRST_CAPACITY, Integer.highestOneBit(Math.max(1, expected)) << 2);
    this.words = words;
    this.stride = words + 1;
    this.slots = new long[capacity * stride];
    this.mask = capacity - 1;
    this.keys = new long[Math.max(1, words) * Math.max(512, expected)];
  }

  /// Ends adding and finding; keys can still be read.
  ///
  /// @param order the key numbered `order[i]` gets the number `i`; null to leave the numbers
  void seal(int[] order) {
    slots = new long[0];
    if (order == null) {
      return;
    }
    long[] ordered = new long[size * words];
    for (int i = 0; i < order.length; i++) {
      for (int w = 0; w < words; w++) {
        ordered[i * words + w] = keys[order[i] * words + w];
      }
    }
    keys = ordered;
  }

  int size() {
    return size;
  }

  long heapBytes() {
    return (slots.length + (long) keys.length) * 8;
  }

  /// A word of the key with this number.
  long key(int number, int word) {
    return keys[number * words + word];
  }

  void add(long[][] packed, int rows, int[] numbers) {
    switch (words) {
      case 1 -> addOne(packed[0], rows, numbers);
      case 2 -> addTwo(packed[0], packed[1], rows, numbers);
      default -> addMany(packed, rows, numbers);
    }
  }

  private void addOne(long[] packed, int rows, int[] numbers) {
    long[] table = slots;
    int last = table.length - 2;
    for (int i = 0; i < rows; i++) {
      long key = packed[i];
      int at = hash(key) << 1 & last;
      long number = table[at + 1];
      while (number != 0 && table[at] != key) {
        at = at + 2 & last;
        number = table[at + 1];
      }
      if (number == 0) {
        table[at] = key;
        number = append(at + 1);
        keys[size - 1] = key;
        if (isFull()) {
          grow();
          table = slots;
          last = table.length - 2;
        }
      }
      numbers[i] = (int) number - 1;
    }
  }

  private void addTwo(long[] first, long[] second, int rows, int[] numbers) {
    long[] table = slots;
    for (int i = 0; i < rows; i++) {
      long a = first[i];
      long b = second[i];
      int slot = hash(a, b) & mask;
      int at = slot * 3;
      long number = table[at + 2];
      while (number != 0 && (table[at] != a || table[at + 1] != b)) {
        slot = slot + 1 & mask;
        at = slot * 3;
        number = table[at + 2];
      }
      if (number == 0) {
        table[at] = a;
        table[at + 1] = b;
        number = append(at + 2);
        keys[2 * size - 2] = a;
        keys[2 * size - 1] = b;
        if (isFull()) {
          grow();
          table = slots;
        }
      }
      numbers[i] = (int) number - 1;
    }
  }

  private void addMany(long[][] packed, int rows, int[] numbers) {
    for (int i = 0; i < rows; i++) {
      int at = slotOf(packed, i);
      long number = slots[at + words];
      if (number == 0) {
        for (int w = 0; w < words; w++) {
          slots[at + w] = packed[w][i];
        }
        number = append(at + words);
        for (int w = 0; w < words; w++) {
          keys[(size - 1) * words + w] = packed[w][i];
        }
        if (isFull()) {
          grow();
        }
      }
      numbers[i] = (int) number - 1;
    }
  }

  /// The number of a row's key, or -1.
  int find(long[][] packed, int row) {
    return (int) slots[slotOf(packed, row) + words] - 1;
  }

  /// Where the row's key stands, or the empty slot where it would.
  private int slotOf(long[][] packed, int row) {
    int slot = hash(packed, row) & mask;
    while (slots[slot * stride + words] != 0 && !isAt(slot * stride, packed, row)) {
      slot = slot + 1 & mask;
    }
    return slot * stride;
  }

  private boolean isAt(int at, long[][] packed, int row) {
    for (int w = 0; w < words; w++) {
      if (slots[at + w] != packed[w][row]) {
        return false;
      }
    }
    return true;
  }

  private long append(int place) {
    if ((size + 1) * words > keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(keys.length, 2));
    }
    slots[place] = ++size;
    return size;
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

  private int hashOf(long[] table, int at) {
    if (words == 1) {
      return hash(table[at]);
    }
    if (words == 2) {
      return hash(table[at], table[at + 1]);
    }
    int h = 0;
    for (int w = 0; w < words; w++) {
      h = hash(table[at + w], h);
    }
    return h;
  }

  private boolean isFull() {
    return size * 2L > mask;
  }

  private void grow() {
    int capacity = Math.multiplyExact(mask + 1, mask < 1 << 18 ? 4 : 2);
    long[] wider = new long[Math.multiplyExact(capacity, stride)];
    mask = capacity - 1;
    for (int from = 0; from < slots.length; from += stride) {
      if (slots[from + words] == 0) {
        continue;
      }
      int slot = hashOf(slots, from) & mask;
      while (wider[slot * stride + words] != 0) {
        slot = slot + 1 & mask;
      }
      System.arraycopy(slots, from, wider, slot * stride, stride);
    }
    slots = wider;
  }
}
