// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

/// Longs in an open table of fixed capacity; zero stands apart.
final class LongSet {
  private final long[] table;
  private final int mask;
  private boolean hasZero;

  LongSet(int expected) {
    int capacity = Integer.highestOneBit(Math.max(4, expected) * 2 - 1) * 2;
    table = new long[capacity];
    mask = capacity - 1;
  }

  void add(long value) {
    if (value == 0) {
      hasZero = true;
      return;
    }
    int slot = slot(value);
    while (table[slot] != 0 && table[slot] != value) {
      slot = slot + 1 & mask;
    }
    table[slot] = value;
  }

  boolean contains(long value) {
    if (value == 0) {
      return hasZero;
    }
    int slot = slot(value);
    while (table[slot] != 0) {
      if (table[slot] == value) {
        return true;
      }
      slot = slot + 1 & mask;
    }
    return false;
  }

  private int slot(long value) {
    long hash = value * 0x9E3779B97F4A7C15L;
    return (int) (hash ^ hash >>> 32) & mask;
  }
}
