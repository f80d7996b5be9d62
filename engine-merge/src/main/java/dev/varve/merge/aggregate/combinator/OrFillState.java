// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate.combinator;

import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.StateReader;
import dev.varve.merge.aggregate.StateWriter;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `-OrNull` and `-OrDefault`: NULL or the type's default for no rows. Form 1: the other state, a
/// blob; no bytes for no rows.
final class OrFillState implements AggregateState {
  private final String name;
  private final AggregateState inner;
  private final boolean orNull;
  private boolean seen;

  OrFillState(String name, AggregateState inner, boolean orNull) {
    this.name = name;
    this.inner = inner;
    this.orNull = orNull;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    for (Vector argument : arguments) {
      if (argument.isNull(row)) {
        return;
      }
    }
    // Under a condition only the rows that pass it count as rows.
    if (!(inner instanceof ConditionState) || ConditionState.passes(arguments, row)) {
      seen = true;
      inner.update(arguments, row);
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(name, serialized, 1);
    seen = true;
    inner.merge(MemorySegment.ofArray(reader.readBlob()));
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (!seen) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putBlob(inner.serialize());
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    if (seen) {
      inner.result(to);
    } else if (orNull) {
      to.appendNull();
    } else {
      to.appendDefault();
    }
  }
}
