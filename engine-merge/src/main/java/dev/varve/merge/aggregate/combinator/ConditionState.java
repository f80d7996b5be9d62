// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate.combinator;

import dev.varve.merge.aggregate.AggregateState;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `-If`: takes the rows of which the last argument is true. The form is the other state's.
final class ConditionState implements AggregateState {
  private final AggregateState inner;

  ConditionState(AggregateState inner) {
    this.inner = inner;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    if (passes(arguments, row)) {
      inner.update(arguments.subList(0, arguments.size() - 1), row);
    }
  }

  static boolean passes(List<Vector> arguments, int row) {
    Vector condition = arguments.getLast();
    return !condition.isNull(row) && condition.getLong(row) != 0;
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
    inner.result(to);
  }
}
