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

  /// Up to so many bytes, the first and the last eight and the length are the string.
  private static final int TOLD_BY_WORDS = 16;

  private final Vector flat;
  private final MemorySegment bytes;
  private final int[] ends;
  private final long[] codes;
  private int[] firstRows = new int[256];
  private long[] hashes = new long[256];
  private long[] words = new long[256];
  private long[] tails = new long[256];
  private int[] lengths = new int[256];

  /// A code plus one, above it half of the hash of its value; 0 where there is none.
  private long[] slots = new long[1024];

  private int distinct;
  private long distinctBytes;

  private BytesDictionary(Vector flat) {
    this.flat = flat;
    this.bytes = flat.values();
    this.codes = new long[flat.rows()];
    this.ends = new int[flat.rows() + 1];
    if (flat.physical() == Physical.FIXED) {
      Arrays.setAll(ends, row -> row * flat.width());
    } else {
      MemorySegment.copy(flat.offsets(), Vector.I32, 0, ends, 0, ends.length);
    }
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
    boolean nulls = flat.mayHaveNulls();
    for (int row = 0; row < rows; row++) {
      if (!nulls || !flat.isNull(row)) {
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
    int from = ends[row];
    int length = ends[row + 1] - from;
    long word = ByteWords.load(bytes, from, length);
    long tail = ByteWords.tail(bytes, from, length);
    long hash = hash(word, tail, from, length);
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0) {
      int code = (int) slots[slot] - 1;
      if ((int) (slots[slot] >>> 32) == (int) (hash >>> 32)
          && words[code] == word
          && tails[code] == tail
          && lengths[code] == length
          && isSameBetween(code, from, length)) {
        return code;
      }
      slot = slot + 1 & mask;
    }
    return add(row, word, tail, hash, slot, length);
  }

  /// Of strings whose first and last eight bytes are the same.
  private boolean isSameBetween(int code, int from, int length) {
    return length <= TOLD_BY_WORDS
        || ByteWords.isSame(bytes, ends[firstRows[code]] + 8L, from + 8L, length - 16);
  }

  private int add(int row, long word, long tail, long hash, int slot, int length) {
    if (distinct == firstRows.length) {
      firstRows = Arrays.copyOf(firstRows, 2 * distinct);
      hashes = Arrays.copyOf(hashes, 2 * distinct);
      words = Arrays.copyOf(words, 2 * distinct);
      tails = Arrays.copyOf(tails, 2 * distinct);
      lengths = Arrays.copyOf(lengths, 2 * distinct);
    }
    int code = distinct++;
    firstRows[code] = row;
    hashes[code] = hash;
    words[code] = word;
    tails[code] = tail;
    lengths[code] = length;
    slots[slot] = slotOf(code);
    distinctBytes += length;
    if (distinct * 2 > slots.length) {
      grow();
    }
    return code;
  }

  private long slotOf(int code) {
    return hashes[code] >>> 32 << 32 | code + 1;
  }

  private void grow() {
    slots = new long[4 * slots.length];
    int mask = slots.length - 1;
    for (int code = 0; code < distinct; code++) {
      int slot = (int) hashes[code] & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = slotOf(code);
    }
  }

  private long hash(long word, long tail, int from, int length) {
    long hash = (length ^ word) * MULTIPLIER;
    hash = (hash ^ hash >>> 29 ^ tail) * MULTIPLIER;
    for (int i = 8; i < length - 8; i += 8) {
      hash = (hash ^ hash >>> 29 ^ bytes.get(Vector.I64, from + (long) i)) * MULTIPLIER;
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
