// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Several functions over the same arguments, their results a tuple. Form 1: each state, a blob.
record TupleState(String function, List<AggregateState> fields) implements AggregateState {
  @Override
  public void update(List<Vector> arguments, int row) {
    for (AggregateState field : fields) {
      field.update(arguments, row);
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    for (AggregateState field : fields) {
      field.merge(MemorySegment.ofArray(reader.readBlob()));
    }
    reader.end();
  }

  @Override
  public byte[] serialize() {
    StateWriter writer = new StateWriter(1);
    boolean empty = true;
    for (AggregateState field : fields) {
      byte[] bytes = field.serialize();
      empty &= bytes.length == 0;
      writer.putBlob(bytes);
    }
    return empty ? new byte[0] : writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    for (int f = 0; f < fields.size(); f++) {
      fields.get(f).result(to.child(f));
    }
    to.endStruct();
  }
}
