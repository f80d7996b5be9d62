// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/// Some rows of a batch as a batch.
public final class Batches {
  private Batches() {}

  /// All columns of the rows `selection[0]` to `selection[count - 1]`.
  public static Batch gather(Batch batch, int[] selection, int count, Scratch scratch) {
    List<Vector> columns = new ArrayList<>(batch.columns().size());
    for (Vector column : batch.columns()) {
      columns.add(VectorOps.gather(column, selection, count, scratch));
    }
    return new Batch(count, columns);
  }

  /// As [#gather], of the first `width` columns, but those that nobody wants are left empty: they
  /// hold NULL and keep their place.
  static Batch pick(
      Batch batch, BitSet wanted, int width, int[] selection, int count, Scratch scratch) {
    List<Vector> columns = new ArrayList<>(width);
    Vector nothing = null;
    for (int c = 0; c < width; c++) {
      if (wanted.get(c)) {
        columns.add(VectorOps.gather(batch.column(c), selection, count, scratch));
      } else {
        if (nothing == null) {
          Vector single = VectorOps.nulls(DataTypes.NOTHING, 1, scratch);
          nothing = Vector.constant(DataTypes.NOTHING, count, single);
        }
        columns.add(nothing);
      }
    }
    return new Batch(count, columns);
  }

  /// A batch of one column at its place among `width`; the others are left empty.
  static Batch only(int place, Vector column, int width, Scratch scratch) {
    Vector single = VectorOps.nulls(DataTypes.NOTHING, 1, scratch);
    Vector nothing = Vector.constant(DataTypes.NOTHING, column.rows(), single);
    List<Vector> columns = new ArrayList<>(Collections.nCopies(width, nothing));
    columns.set(place, column);
    return new Batch(column.rows(), columns);
  }
}
