// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;

/// Values of a fixed width.
final class FixedStage implements ColumnStage {
  private final DataType type;
  private final int count;
  private final int width;
  private final Scratch scratch;
  private final MemorySegment values;
  private MemorySegment validity;

  FixedStage(DataType type, int count, Scratch scratch) {
    this.type = type;
    this.count = count;
    this.width = type.width();
    this.scratch = scratch;
    this.values = scratch.allocate((long) count * width);
  }

  @Override
  public void put(Vector vector, int[] rows, int[] positions, int from, int to) {
    if (vector.mayHaveNulls()) {
      putNulls(vector, rows, positions, from, to);
    }
    Vector base = vector.base();
    if (base.rows() == 0) {
      base = VectorOps.nulls(type, 1, scratch); // a dictionary of a granule that is all NULL
    }
    if (base.physical() != type.physical()) {
      base = VectorOps.widen(base, type.physical(), scratch);
    }
    if (vector.isConstant() && width == 8) {
      long value = base.values().get(Vector.I64, 0);
      for (int i = from; i < to; i++) {
        values.set(Vector.I64, positions[i] * 8L, value);
      }
      return;
    }
    if (!vector.isFlat()) {
      scatter(base.values(), valueRows(vector, rows, from, to), positions, from, to);
      return;
    }
    MemorySegment source = base.values();
    if (ColumnStage.isRun(rows, positions, from, to)) {
      MemorySegment.copy(
          source,
          (long) rows[from] * width,
          values,
          (long) positions[from] * width,
          (long) (to - from) * width);
      return;
    }
    scatter(source, rows, positions, from, to);
  }

  /// Rows of the base. Only those asked for are looked up: a granule has many more than a batch
  /// takes of it.
  private static int[] valueRows(Vector vector, int[] rows, int from, int to) {
    int[] valueRows = new int[to];
    if (vector.isConstant()) {
      return valueRows;
    }
    MemorySegment codes = vector.values();
    boolean nulls = vector.mayHaveNulls();
    for (int i = from; i < to; i++) {
      // The code of a NULL row is undefined.
      valueRows[i] = nulls && vector.isNull(rows[i]) ? 0 : codes.get(Vector.I32, rows[i] * 4L);
    }
    return valueRows;
  }

  private void scatter(MemorySegment source, int[] rows, int[] positions, int from, int to) {
    switch (width) {
      case 1 -> {
        for (int i = from; i < to; i++) {
          values.set(JAVA_BYTE, positions[i], source.get(JAVA_BYTE, rows[i]));
        }
      }
      case 2 -> {
        for (int i = from; i < to; i++) {
          values.set(Vector.I16, positions[i] * 2L, source.get(Vector.I16, rows[i] * 2L));
        }
      }
      case 4 -> {
        for (int i = from; i < to; i++) {
          values.set(Vector.I32, positions[i] * 4L, source.get(Vector.I32, rows[i] * 4L));
        }
      }
      case 8 -> {
        for (int i = from; i < to; i++) {
          values.set(Vector.I64, positions[i] * 8L, source.get(Vector.I64, rows[i] * 8L));
        }
      }
      default -> {
        for (int i = from; i < to; i++) {
          MemorySegment.copy(
              source, (long) rows[i] * width, values, (long) positions[i] * width, width);
        }
      }
    }
  }

  private void putNulls(Vector vector, int[] rows, int[] positions, int from, int to) {
    for (int i = from; i < to; i++) {
      if (vector.isNull(rows[i])) {
        if (validity == null) {
          validity = Validity.allSet(count, scratch);
        }
        Validity.clear(validity, positions[i]);
      }
    }
  }

  @Override
  public void detach() {} // values were copied

  @Override
  public Vector finish() {
    return Vector.fixed(type, count, values, validity);
  }
}
