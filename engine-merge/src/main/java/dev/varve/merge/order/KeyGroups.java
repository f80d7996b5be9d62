// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

/// Sorted rows cut where the sorting key changes: group `g` is the rows `start(g)` to `end(g)`.
///
/// The rows of a group stand in insert order wherever one source holds them all; between sources
/// only their `_seq` says which is later.
public final class KeyGroups {
  private final int[] starts;
  private final int count;

  /// @param starts first row of each group, then the number of rows: `count + 1` numbers count
  public KeyGroups(int[] starts, int count) {
    if (count < 0 || starts.length <= count || (count > 0 && starts[0] != 0)) {
      throw new IllegalArgumentException("not the starts of " + count + " groups");
    }
    this.starts = starts;
    this.count = count;
  }

  /// Groups of one row each.
  public static KeyGroups unique(int rows) {
    int[] starts = new int[rows + 1];
    for (int i = 0; i <= rows; i++) {
      starts[i] = i;
    }
    return new KeyGroups(starts, rows);
  }

  /// Groups of two rows each.
  public static KeyGroups pairs(int count) {
    int[] starts = new int[count + 1];
    for (int i = 0; i <= count; i++) {
      starts[i] = 2 * i;
    }
    return new KeyGroups(starts, count);
  }

  public int count() {
    return count;
  }

  public int rows() {
    return starts[count];
  }

  /// Whether every key stands once.
  public boolean isUnique() {
    return count == rows();
  }

  public int start(int group) {
    return starts[group];
  }

  /// One past the last row of a group.
  public int end(int group) {
    return starts[group + 1];
  }

  public int size(int group) {
    return starts[group + 1] - starts[group];
  }
}
