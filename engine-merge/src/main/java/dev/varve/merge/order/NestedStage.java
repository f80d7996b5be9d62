// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;

/// Lists and structs: staged row by row as they come, put in order at the end.
final class NestedStage implements ColumnStage {
  private final Scratch scratch;
  private final VectorBuilder arrived;
  private final int[] arrivals;

  NestedStage(DataType type, int count, Scratch scratch) {
    this.scratch = scratch;
    this.arrived = new VectorBuilder(type, scratch);
    this.arrivals = new int[count];
  }

  @Override
  public void put(Vector vector, int[] rows, int[] positions, int from, int to) {
    for (int i = from; i < to; i++) {
      arrivals[positions[i]] = arrived.rows();
      arrived.append(vector, rows[i]);
    }
  }

  @Override
  public void detach() {} // rows were copied

  @Override
  public Vector finish() {
    return VectorOps.gather(arrived.build(), arrivals, arrivals.length, scratch);
  }
}
