// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate.combinator;

import dev.varve.merge.aggregate.AggregateState;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `-State` and `-MergeState` give the state's bytes as the result; `-Merge` and `-MergeState` take
/// such bytes as rows. The form is the other state's.
final class SerializedState implements AggregateState {
  private final AggregateState inner;
  private final boolean takes;
  private final boolean gives;

  SerializedState(AggregateState inner, boolean takes, boolean gives) {
    this.inner = inner;
    this.takes = takes;
    this.gives = gives;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    if (!takes) {
      inner.update(arguments, row);
    } else if (!arguments.getFirst().isNull(row)) {
      inner.merge(arguments.getFirst().getSegment(row));
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    inner.merge(serialized);
  }

  @Override
  public byte[] serialize() {
    return inner.serialize();
  }

  @Override
  public void result(VectorBuilder to) {
    if (gives) {
      to.appendBytes(inner.serialize());
    } else {
      inner.result(to);
    }
  }
}
