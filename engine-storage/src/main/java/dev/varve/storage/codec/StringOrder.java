// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Sorts up to 65,536 rows of a vector of byte strings so that neighbours share long prefixes.
///
/// Six bytes of a string and the number of the row make one `long`, so each step is a sort of plain
/// numbers; rows that agree in the six bytes are sorted by the next six. A string and the same
/// string with zero bytes behind it may come in either order.
final class StringOrder {
  static final int MAX_ROWS = 1 << 16;
  private static final int STEP = 6;

  private final MemorySegment bytes;
  private final MemorySegment offsets;
  private final int[] rows;
  private final long[] keys;
  private final int[] next;

  private StringOrder(Vector flat, int[] rows) {
    this.bytes = flat.values();
    this.offsets = flat.offsets();
    this.rows = rows;
    this.keys = new long[rows.length];
    this.next = new int[rows.length];
  }

  /// Sorts the row numbers by the strings they stand for.
  static void sort(Vector flat, int[] rows) {
    if (rows.length > MAX_ROWS) {
      throw new IllegalArgumentException("at most " + MAX_ROWS + " rows, found " + rows.length);
    }
    new StringOrder(flat, rows).sort(0, rows.length, 0);
  }

  private void sort(int start, int end, int firstDepth) {
    int from = start;
    int depth = firstDepth;
    while (end - from > 1) {
      arrange(from, end, depth);
      if (keys[from] >>> 16 != keys[end - 1] >>> 16) {
        split(from, end, depth);
        return;
      }
      // All agree: strings that end here are done, the others go on with the next bytes.
      from = endedFirst(from, end, depth + STEP);
      depth += STEP;
    }
  }

  /// Sorts by the six bytes from `depth` on.
  private void arrange(int from, int end, int depth) {
    for (int i = from; i < end; i++) {
      keys[i] = key(rows[i], depth) << 16 | i - from;
    }
    Arrays.sort(keys, from, end);
    for (int i = from; i < end; i++) {
      next[i] = rows[from + (int) (keys[i] & 0xFFFF)];
    }
    System.arraycopy(next, from, rows, from, end - from);
  }

  /// Sorts each group of rows that agree in these bytes by those behind.
  private void split(int from, int end, int depth) {
    int group = from;
    for (int i = from + 1; i <= end; i++) {
      if (i == end || keys[i] >>> 16 != keys[group] >>> 16) {
        if (i - group > 1) {
          sort(endedFirst(group, i, depth + STEP), i, depth + STEP);
        }
        group = i;
      }
    }
  }

  /// Moves strings of at most `depth` bytes to the front and returns where the others begin.
  private int endedFirst(int from, int end, int depth) {
    int ended = from;
    for (int i = from; i < end; i++) {
      if (length(rows[i]) <= depth) {
        int row = rows[i];
        rows[i] = rows[ended];
        rows[ended++] = row;
      }
    }
    return ended;
  }

  private int length(int row) {
    return offsets.get(Vector.I32, row * 4L + 4) - offsets.get(Vector.I32, row * 4L);
  }

  /// Six bytes as a number that sorts like them, its upper two bytes free; the sign is turned over
  /// so that signed order is that of unsigned bytes.
  private long key(int row, int depth) {
    int start = offsets.get(Vector.I32, row * 4L);
    int left = Math.min(STEP, length(row) - depth);
    if (left <= 0) {
      return 1L << 47;
    }
    long word = Long.reverseBytes(ByteWords.load(bytes, start + (long) depth, left));
    return word >>> 16 ^ 1L << 47;
  }
}
