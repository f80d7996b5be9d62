// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import java.lang.foreign.MemorySegment;

/// Byte strings in an open table of fixed capacity.
final class ByteStringSet {
  private final byte[][] table;
  private final int mask;

  ByteStringSet(int expected) {
    int capacity = Integer.highestOneBit(Math.max(4, expected) * 2 - 1) * 2;
    table = new byte[capacity][];
    mask = capacity - 1;
  }

  void add(byte[] value) {
    MemorySegment bytes = MemorySegment.ofArray(value);
    int slot = ByteStrings.hash(bytes, 0, value.length) & mask;
    while (table[slot] != null) {
      if (equal(table[slot], bytes)) {
        return;
      }
      slot = slot + 1 & mask;
    }
    table[slot] = value;
  }

  boolean contains(MemorySegment bytes) {
    int slot = ByteStrings.hash(bytes, 0, (int) bytes.byteSize()) & mask;
    while (table[slot] != null) {
      if (equal(table[slot], bytes)) {
        return true;
      }
      slot = slot + 1 & mask;
    }
    return false;
  }

  private static boolean equal(byte[] value, MemorySegment bytes) {
    return value.length == bytes.byteSize()
        && ByteStrings.equal(MemorySegment.ofArray(value), 0, bytes, 0, value.length);
  }
}
