// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Vector;

/// Which entries of a dictionary lie beyond the rows wanted of ORDER BY ... LIMIT, kept from
/// granule to granule: most dictionaries are sorted, so that what is left lies side by side. One
/// thread.
final class BoundEntries {
  private final TopBound bound;
  private Vector dictionary;
  private long[] prefixes = new long[0];
  private boolean isRising;
  private boolean isFalling;
  private int low;
  private int high;

  BoundEntries(TopBound bound) {
    this.bound = bound;
  }

  /// False where the entries are in no order.
  boolean find(Vector entries) {
    if (entries != dictionary) {
      meet(entries);
    }
    int rows = entries.rows();
    if (isRising) {
      low = 0;
      high = firstBeyond(rows) - 1;
    } else if (isFalling) {
      low = lastBeyond(rows) + 1;
      high = rows - 1;
    }
    return isRising || isFalling;
  }

  private void meet(Vector entries) {
    dictionary = entries;
    int rows = entries.rows();
    if (prefixes.length < rows) {
      prefixes = new long[rows];
    }
    bound.prefixes(entries, rows, prefixes);
    isRising = true;
    isFalling = true;
    for (int i = 1; i < rows; i++) {
      int order = Long.compareUnsigned(prefixes[i - 1], prefixes[i]);
      isRising &= order <= 0;
      isFalling &= order >= 0;
    }
  }

  private int firstBeyond(int rows) {
    int from = 0;
    int to = rows;
    while (from < to) {
      int middle = from + to >>> 1;
      if (bound.isBeyond(prefixes[middle])) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  private int lastBeyond(int rows) {
    int from = -1;
    int to = rows - 1;
    while (from < to) {
      int middle = from + to + 1 >> 1;
      if (bound.isBeyond(prefixes[middle])) {
        from = middle;
      } else {
        to = middle - 1;
      }
    }
    return from;
  }

  /// The first entry that is left.
  int low() {
    return low;
  }

  /// The last entry that is left; below [#low] where none is.
  int high() {
    return high;
  }
}
