// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Orders rows by normalised keys: a radix sort of the keys' first eight bytes, then a merge sort
/// of each run of equal prefixes by the whole key. Stable.
final class PrefixSort {
  private static final int SMALL = 32;
  private static final int CHECKED_ROWS = 1 << 18;

  private PrefixSort() {}

  /// The rows in order.
  ///
  /// @param check called between passes; what it throws ends the sort
  static int[] order(KeyEncoder encoder, List<Vector> keys, int rows, Runnable check) {
    long[] prefixes = new long[rows];
    encoder.prefixes(keys, rows, prefixes);
    check.run();
    int[] order = byPrefix(prefixes, rows, check);
    if (!encoder.isPrefixExact()) {
      sortTies(encoder, keys, rows, prefixes, order, check);
    }
    return order;
  }

  private static int[] byPrefix(long[] prefixes, int rows, Runnable check) {
    int[] order = new int[rows];
    for (int i = 0; i < rows; i++) {
      order[i] = i;
    }
    if (isSorted(prefixes, rows)) {
      return order;
    }
    long varying = 0;
    for (int i = 1; i < rows; i++) {
      varying |= prefixes[i] ^ prefixes[0];
    }
    int[] from = order;
    int[] to = new int[rows];
    for (int shift = 0; shift < 64; shift += 8) {
      if ((varying >>> shift & 0xFF) == 0) {
        continue;
      }
      check.run();
      int[] starts = new int[257];
      for (int i = 0; i < rows; i++) {
        starts[(int) (prefixes[i] >>> shift & 0xFF) + 1]++;
      }
      for (int b = 0; b < 256; b++) {
        starts[b + 1] += starts[b];
      }
      for (int begin = 0; begin < rows; begin += CHECKED_ROWS) {
        check.run();
        place(prefixes, shift, from, begin, Math.min(rows, begin + CHECKED_ROWS), starts, to);
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private static void place(
      long[] prefixes, int shift, int[] from, int begin, int end, int[] starts, int[] to) {
    for (int i = begin; i < end; i++) {
      int row = from[i];
      to[starts[(int) (prefixes[row] >>> shift & 0xFF)]++] = row;
    }
  }

  private static boolean isSorted(long[] prefixes, int rows) {
    for (int i = 1; i < rows; i++) {
      if (Long.compareUnsigned(prefixes[i - 1], prefixes[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private static void sortTies(
      KeyEncoder encoder,
      List<Vector> keys,
      int rows,
      long[] prefixes,
      int[] order,
      Runnable check) {
    EncodedKeys encoded = null;
    int[] buffer = null;
    int start = 0;
    int checked = 0;
    for (int i = 1; i <= rows; i++) {
      if (i < rows && prefixes[order[i]] == prefixes[order[start]]) {
        continue;
      }
      if (i - start > 1) {
        if (encoded == null) {
          encoded = encoder.encodeAll(keys, rows);
          buffer = new int[rows];
        }
        if (i - checked > CHECKED_ROWS) {
          check.run();
          checked = i;
        }
        sort(encoded, order, buffer, start, i, check);
      }
      start = i;
    }
  }

  private static void sort(
      EncodedKeys keys, int[] order, int[] buffer, int from, int to, Runnable check) {
    if (to - from <= SMALL) {
      insertionSort(keys, order, from, to);
      return;
    }
    int middle = from + to >>> 1;
    sort(keys, order, buffer, from, middle, check);
    sort(keys, order, buffer, middle, to, check);
    if (to - from > CHECKED_ROWS) {
      check.run();
    }
    if (keys.compare(order[middle - 1], order[middle]) <= 0) {
      return;
    }
    System.arraycopy(order, from, buffer, from, middle - from);
    int left = from;
    int right = middle;
    int at = from;
    while (left < middle) {
      boolean takesRight = right < to && keys.compare(order[right], buffer[left]) < 0;
      order[at++] = takesRight ? order[right++] : buffer[left++];
    }
  }

  private static void insertionSort(EncodedKeys keys, int[] order, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int row = order[i];
      int at = i;
      while (at > from && keys.compare(order[at - 1], row) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = row;
    }
  }
}
