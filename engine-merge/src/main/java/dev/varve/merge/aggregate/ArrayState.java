// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// `groupArray(x)` and `groupArray(n)(x)`: the values that are not NULL, the first n of them. Form
/// 1: their number, a varint; each as a blob. Merged states follow each other in the order given.
final class ArrayState implements AggregateState {
  private final DataType type;
  private final long limit;
  private final List<HeapValue> elements = new ArrayList<>();

  ArrayState(DataType type, long limit) {
    this.type = type;
    this.limit = limit;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    Vector argument = arguments.getFirst();
    if (!argument.isNull(row) && elements.size() < limit) {
      elements.add(HeapValue.of(argument, row, type));
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader("groupArray", serialized, 1);
    int count = reader.readCount();
    for (int i = 0; i < count; i++) {
      HeapValue element = HeapValue.read(reader, type);
      if (elements.size() < limit) {
        elements.add(element);
      }
    }
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (elements.isEmpty()) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(elements.size());
    elements.forEach(element -> element.write(writer));
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    elements.forEach(element -> to.child(0).append(element.vector(), 0));
    to.endList();
  }
}
