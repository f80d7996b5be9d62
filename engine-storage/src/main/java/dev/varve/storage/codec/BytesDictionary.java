// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Finds the distinct values of a block of byte strings, or gives up when they are too many to make
/// a dictionary worth it. Codes are numbered in order of first appearance.
final class BytesDictionary {
  private static final int TRIAL_ROWS = 4096;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final Vector flat;
  private final boolean fixed;
  private final int width;
  private final MemorySegment bytes;
  private final long[] codes;
  private int[] firstRows = new int[256];
  private long[] hashes = new long[256];
  private long[] words = new long[256];
  private int[] lengths = new int[256];
  private int[] slots = new int[1024];
  private int distinct;
  private long distinctBytes;

  private BytesDictionary(Vector flat) {
    this.flat = flat;
    this.fixed = flat.physical() == Physical.FIXED;
    this.width = fixed ? flat.width() : 0;
    this.bytes = flat.values();
    this.codes = new long[flat.rows()];
  }

  /// @param limit most distinct values
  /// @return null where there are more
  static BytesDictionary of(Vector flat, int limit, boolean trial) {
    BytesDictionary dictionary = new BytesDictionary(flat);
    return dictionary.build(limit, trial) ? dictionary : null;
  }

  private boolean build(int limit, boolean trial) {
    long last = 0;
    int rows = flat.rows();
    for (int row = 0; row < rows; row++) {
      if (!flat.isNull(row)) {
        last = codeOf(row);
        if (distinct > limit) {
          return false;
        }
      }
      codes[row] = last;
      if (trial && row == TRIAL_ROWS && distinct > TRIAL_ROWS - TRIAL_ROWS / 8) {
        return false;
      }
    }
    return true;
  }

  private int codeOf(int row) {
    long from = fixed ? (long) row * width : flat.offsets().get(Vector.I32, row * 4L);
    int length = fixed ? width : flat.offsets().get(Vector.I32, row * 4L + 4) - (int) from;
    long word = ByteWords.load(bytes, from, length);
    long hash = hash(word, from, length);
    int mask = slots.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    while (slots[slot] != 0) {
      int code = slots[slot] - 1;
      if (words[code] == word && lengths[code] == length && isSame(code, from, length)) {
        return code;
      }
      slot = slot + 1 & mask;
    }
    return add(row, word, hash, slot, length);
  }

  private boolean isSame(int code, long from, int length) {
    return length <= 8 || ByteWords.isSame(bytes, start(firstRows[code]), from, length);
  }

  private long start(int row) {
    return fixed ? (long) row * width : flat.offsets().get(Vector.I32, row * 4L);
  }

  private int add(int row, long word, long hash, int slot, int length) {
    if (distinct == firstRows.length) {
      firstRows = Arrays.copyOf(firstRows, 2 * distinct);
      hashes = Arrays.copyOf(hashes, 2 * distinct);
      words = Arrays.copyOf(words, 2 * distinct);
      lengths = Arrays.copyOf(lengths, 2 * distinct);
    }
    int code = distinct++;
    firstRows[code] = row;
    hashes[code] = hash;
    words[code] = word;
    lengths[code] = length;
    slots[slot] = code + 1;
    distinctBytes += length;
    if (distinct * 2 > slots.length) {
      grow();
    }
    return code;
  }

  private void grow() {
    slots = new int[4 * slots.length];
    int mask = slots.length - 1;
    for (int code = 0; code < distinct; code++) {
      int slot = (int) (hashes[code] >>> 32) & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = code + 1;
    }
  }

  private long hash(long word, long from, int length) {
    long hash = (length ^ word) * MULTIPLIER;
    for (int i = 8; i < length; i += 8) {
      hash = (hash ^ hash >>> 29 ^ ByteWords.load(bytes, from + i, length - i)) * MULTIPLIER;
    }
    return (hash ^ hash >>> 32) * MULTIPLIER;
  }

  int distinct() {
    return distinct;
  }

  /// Bytes of the distinct values.
  long distinctBytes() {
    return distinctBytes;
  }

  /// The code of each row; a NULL has the code before it.
  long[] codes() {
    return codes;
  }

  /// A row of the vector for each code.
  int[] firstRows() {
    return Arrays.copyOf(firstRows, distinct);
  }
}
