// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import java.util.Arrays;

/// The keys that two parts share: row `left(i)` of the one and row `right(i)` of the other have the
/// same key. Both ascend.
final class Collisions {
  private int[] left = new int[16];
  private int[] right = new int[16];
  private int count;

  void add(int leftRow, int rightRow) {
    if (count == left.length) {
      left = Arrays.copyOf(left, count * 2);
      right = Arrays.copyOf(right, count * 2);
    }
    left[count] = leftRow;
    right[count++] = rightRow;
  }

  int count() {
    return count;
  }

  int left(int i) {
    return left[i];
  }

  int right(int i) {
    return right[i];
  }

  /// Gives back what the arrays hold too much.
  Collisions trimmed() {
    left = Arrays.copyOf(left, count);
    right = Arrays.copyOf(right, count);
    return this;
  }
}
