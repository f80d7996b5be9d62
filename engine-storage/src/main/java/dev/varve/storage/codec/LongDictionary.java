// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The distinct numbers of a block, sorted, or nothing when they are too many.
final class LongDictionary {
  private static final int SAMPLE = 1024;

  private LongDictionary() {}

  /// @return the distinct values in order, or null where there are more than `limit`
  static long[] of(long[] values, int count, int limit) {
    int step = Math.max(1, count / SAMPLE);
    long[] sample = new long[Math.min(count, SAMPLE)];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = values[i * step];
    }
    if (IntegerEncoder.distinct(sample, sample.length) > sample.length / 2) {
      return null;
    }
    return collect(values, count, limit);
  }

  private static long[] collect(long[] values, int count, int limit) {
    int size = Integer.highestOneBit(Math.max(16, limit)) * 4;
    long[] table = new long[size];
    boolean[] used = new boolean[size];
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      int slot = slot(values[i], size);
      while (used[slot] && table[slot] != values[i]) {
        slot = slot + 1 & size - 1;
      }
      if (!used[slot]) {
        if (++distinct > limit) {
          return null;
        }
        used[slot] = true;
        table[slot] = values[i];
      }
    }
    long[] sorted = new long[distinct];
    int at = 0;
    for (int slot = 0; slot < size; slot++) {
      if (used[slot]) {
        sorted[at++] = table[slot];
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private static int slot(long value, int size) {
    long hash = value * 0x9E3779B97F4A7C15L;
    return (int) (hash >>> 40) & size - 1;
  }

  /// The place of each value in the dictionary.
  static void codes(long[] values, int from, int count, long[] dictionary, long[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = Arrays.binarySearch(dictionary, values[from + i]);
    }
  }

  /// How many values of the dictionary are below a bound: the code of the first that is not.
  static int below(long[] dictionary, long bound) {
    int low = 0;
    int high = dictionary.length;
    while (low < high) {
      int middle = low + high >>> 1;
      if (dictionary[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Puts the values of codes in their place.
  static void replace(long[] codes, long[] dictionary) {
    for (int i = 0; i < codes.length; i++) {
      int code = (int) codes[i];
      if (code < 0 || code >= dictionary.length) {
        throw new MalformedBytesException("codes of " + dictionary.length + " values", code);
      }
      codes[i] = dictionary[code];
    }
  }

  /// The values of these codes, as numbers of so many bytes.
  static void gather(int[] codes, long[] dictionary, int rows, int bytes, MemorySegment values) {
    switch (bytes) {
      case 8 -> {
        for (int i = 0; i < rows; i++) {
          values.set(Vector.I64, i * 8L, dictionary[codes[i]]);
        }
      }
      case 4 -> {
        for (int i = 0; i < rows; i++) {
          values.set(Vector.I32, i * 4L, (int) dictionary[codes[i]]);
        }
      }
      default -> {
        for (int i = 0; i < rows; i++) {
          values.set(Vector.I16, i * 2L, (short) dictionary[codes[i]]);
        }
      }
    }
  }
}
