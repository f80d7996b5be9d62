// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;

/// Puts together a column whose rows come from many vectors, out of order. The vectors must stay
/// until [#detach] or [#finish].
sealed interface ColumnStage permits FixedStage, TextStage, NestedStage {
  /// Puts row `rows[i]` of the vector at `positions[i]`, for `from <= i < to`. Rows ascend.
  void put(Vector vector, int[] rows, int[] positions, int from, int to);

  /// Called before vectors that were put go: takes what is still needed of them.
  void detach();

  /// The column, after every position was put once.
  Vector finish();

  static ColumnStage of(DataType type, int count, Scratch scratch) {
    return switch (type.physical()) {
      case BYTES -> new TextStage(type, count, scratch);
      case LIST, STRUCT -> new NestedStage(type, count, scratch);
      default -> new FixedStage(type, count, scratch);
    };
  }

  /// Whether both ranges are without gaps, so that the rows can be copied at once.
  static boolean isRun(int[] rows, int[] positions, int from, int to) {
    int last = to - 1;
    if (rows[last] - rows[from] != last - from) {
      return false;
    }
    for (int i = from + 1; i < to; i++) {
      if (positions[i] != positions[i - 1] + 1) {
        return false;
      }
    }
    return true;
  }
}
