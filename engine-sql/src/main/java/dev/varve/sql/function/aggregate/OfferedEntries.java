// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Which entry of a dictionary of texts each group was offered as its least or greatest: what is
/// known to be no better needs no look at the texts. Dictionaries of blocks are sorted, so that
/// most rows are told by their codes. One thread.
final class OfferedEntries {
  private final boolean least;
  private Vector dictionary;
  private boolean comesAgain;
  private boolean isSorted;
  // Grows with each dictionary, so that what groups were offered of another does not count.
  private int number;
  // For each group the number of the dictionary, then the code.
  private long[] ofGroups = new long[0];

  /// @param least whether the least is wanted, else the greatest
  OfferedEntries(boolean least) {
    this.least = least;
  }

  /// Whether the rows point into a dictionary of texts, about which [#isNew] may be asked then.
  boolean meet(Vector keys) {
    if (!keys.isDictionary() || keys.validity() != null || keys.physical() != Physical.BYTES) {
      return false;
    }
    if (keys.dictionary() != dictionary) {
      dictionary = keys.dictionary();
      comesAgain = false;
      isSorted = false;
      number++;
    } else if (!comesAgain) {
      comesAgain = true;
      isSorted = dictionary.isFlat() && findSorted(dictionary);
    }
    return dictionary.isFlat() && dictionary.validity() == null;
  }

  private static boolean findSorted(Vector entries) {
    MemorySegment offsets = entries.offsets();
    MemorySegment bytes = entries.values();
    for (int i = 1; i < entries.rows(); i++) {
      int before = offsets.get(Vector.I32, i * 4L - 4);
      int from = offsets.get(Vector.I32, i * 4L);
      int to = offsets.get(Vector.I32, i * 4L + 4);
      if (ByteStrings.compare(bytes, before, from - before, bytes, from, to - from) > 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether a row may be better than what its group was offered; it then counts as offered.
  boolean isNew(int group, Vector keys, int row) {
    if (group >= ofGroups.length) {
      ofGroups = Arrays.copyOf(ofGroups, Math.max(group + 1, 2 * ofGroups.length));
    }
    int code = keys.values().get(Vector.I32, row * 4L);
    long known = ofGroups[group];
    if ((int) (known >>> 32) == number) {
      int best = (int) known;
      if (code == best || isSorted && (least ? code > best : code < best)) {
        return false;
      }
    }
    ofGroups[group] = (long) number << 32 | code;
    return true;
  }

  long heapBytes() {
    return ofGroups.length * 8L;
  }
}
