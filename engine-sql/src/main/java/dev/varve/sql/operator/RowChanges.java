// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Which rows of a batch differ from the row before them. Numbers are compared by their bits, so
/// rows that are equal may be taken for different ones, but never the other way round.
final class RowChanges {
  private RowChanges() {}

  /// @param out gets the rows that may differ from those before them, the first row among them
  /// @return how many these are
  static int of(List<Vector> columns, int rows, int[] out, Scratch scratch) {
    long[] changes = new long[rows];
    for (Vector column : columns) {
      Vector flat = VectorOps.flatten(column, scratch);
      Physical physical = flat.physical();
      if (flat.mayHaveNulls() || !physical.isLong() && !physical.isFloat()) {
        Arrays.setAll(out, i -> i);
        return rows;
      }
      mark(flat.values(), physical.width(), rows, changes);
    }
    int count = 0;
    for (int i = 0; i < rows; i++) {
      out[count] = i;
      count += i == 0 || changes[i] != 0 ? 1 : 0;
    }
    return count;
  }

  private static void mark(MemorySegment values, int width, int rows, long[] changes) {
    switch (width) {
      case 1 -> {
        for (int i = 1; i < rows; i++) {
          changes[i] |= values.get(JAVA_BYTE, i) ^ values.get(JAVA_BYTE, i - 1L);
        }
      }
      case 2 -> {
        for (int i = 1; i < rows; i++) {
          changes[i] |= values.get(Vector.I16, i * 2L) ^ values.get(Vector.I16, i * 2L - 2);
        }
      }
      case 4 -> {
        for (int i = 1; i < rows; i++) {
          changes[i] |= values.get(Vector.I32, i * 4L) ^ values.get(Vector.I32, i * 4L - 4);
        }
      }
      default -> {
        for (int i = 1; i < rows; i++) {
          changes[i] |= values.get(Vector.I64, i * 8L) ^ values.get(Vector.I64, i * 8L - 8);
        }
      }
    }
  }
}
