// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `count()` and `count(x)`, which counts rows where x is not NULL. Form 1: the count, a varint.
final class CountState implements AggregateState {
  private long count;

  @Override
  public void update(List<Vector> arguments, int row) {
    if (arguments.isEmpty() || !arguments.getFirst().isNull(row)) {
      count++;
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() > 0) {
      StateReader reader = new StateReader("count", serialized, 1);
      count += reader.readVarint();
      reader.end();
    }
  }

  @Override
  public byte[] serialize() {
    if (count == 0) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(count);
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    to.appendLong(count);
  }
}
