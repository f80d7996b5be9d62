// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Another state, over the rows that have no NULL among the arguments. Its form is the other's,
/// which has bytes as soon as it has seen a row.
final class PresentRowsState implements AggregateState {
  private final AggregateState inner;
  private final boolean orNull;
  private boolean seen;

  /// @param orNull whether the result over no rows is NULL
  PresentRowsState(AggregateState inner, boolean orNull) {
    this.inner = inner;
    this.orNull = orNull;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    for (int a = 0; a < arguments.size(); a++) {
      if (arguments.get(a).isNull(row)) {
        return;
      }
    }
    seen = true;
    inner.update(arguments, row);
  }

  @Override
  public void merge(MemorySegment serialized) {
    seen |= serialized.byteSize() > 0;
    inner.merge(serialized);
  }

  @Override
  public byte[] serialize() {
    return inner.serialize();
  }

  @Override
  public void result(VectorBuilder to) {
    if (orNull && !seen) {
      to.appendNull();
    } else {
      inner.result(to);
    }
  }
}
