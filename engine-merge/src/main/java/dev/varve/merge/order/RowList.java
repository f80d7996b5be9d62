// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import java.util.Arrays;

/// Numbers of rows, in an array that grows.
public final class RowList {
  private static final int[] NONE = {};

  private int[] rows = NONE;
  private int size;

  public int size() {
    return size;
  }

  public int get(int i) {
    return rows[i];
  }

  public void add(int row) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, Math.max(16, size * 2));
    }
    rows[size++] = row;
  }

  public void clear() {
    size = 0;
  }

  /// A copy of just the rows.
  public int[] toArray() {
    return size == 0 ? NONE : Arrays.copyOf(rows, size);
  }
}
