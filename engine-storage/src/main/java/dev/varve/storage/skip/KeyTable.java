// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import java.util.Arrays;

/// Numbers different runs of bytes in the order they come, from 0 on. One thread.
final class KeyTable {
  private byte[] bytes = new byte[256];
  private int[] offsets = new int[17];
  private int[] slots = new int[32];
  private int count;

  int size() {
    return count;
  }

  void clear() {
    count = 0;
    Arrays.fill(slots, 0);
  }

  /// The number of a key; a new one gets the next, which is then [#size()] less one.
  int number(byte[] source, int from, int to) {
    int slot = (int) SkipHash.of(source, from, to, 0) & slots.length - 1;
    while (slots[slot] != 0) {
      int known = slots[slot] - 1;
      if (Arrays.equals(bytes, offsets[known], offsets[known + 1], source, from, to)) {
        return known;
      }
      slot = slot + 1 & slots.length - 1;
    }
    append(source, from, to);
    slots[slot] = count;
    if (count * 2 > slots.length) {
      grow();
    }
    return count - 1;
  }

  private void append(byte[] source, int from, int to) {
    int at = offsets[count];
    int end = Math.addExact(at, to - from);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, end * 2L));
    }
    System.arraycopy(source, from, bytes, at, to - from);
    count++;
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    offsets[count] = end;
  }

  private void grow() {
    slots = new int[slots.length * 2];
    for (int key = 0; key < count; key++) {
      int slot = (int) SkipHash.of(bytes, offsets[key], offsets[key + 1], 0) & slots.length - 1;
      while (slots[slot] != 0) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = key + 1;
    }
  }
}
