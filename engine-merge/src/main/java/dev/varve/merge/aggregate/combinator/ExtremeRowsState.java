// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate.combinator;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.HeapValue;
import dev.varve.merge.aggregate.StateReader;
import dev.varve.merge.aggregate.StateWriter;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `-ArgMin` and `-ArgMax`: takes the rows of which the last argument is the least or greatest.
/// Form 1: that value; the other state, a blob.
final class ExtremeRowsState implements AggregateState {
  private final String name;
  private final AggregateFunction function;
  private final DataType keyType;
  private final boolean greatest;
  private AggregateState state;
  private HeapValue key;

  ExtremeRowsState(String name, AggregateFunction function, DataType keyType, boolean greatest) {
    this.name = name;
    this.function = function;
    this.keyType = keyType;
    this.greatest = greatest;
    this.state = function.newState();
  }

  /// Whether rows of this key count.
  private boolean take(HeapValue candidate) {
    int order = key == null ? 1 : greatest ? candidate.compareTo(key) : key.compareTo(candidate);
    if (order > 0) {
      key = candidate;
      state = function.newState();
    }
    return order >= 0;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    if (!arguments.getLast().isNull(row) && take(HeapValue.of(arguments.getLast(), row, keyType))) {
      state.update(arguments.subList(0, arguments.size() - 1), row);
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(name, serialized, 1);
    HeapValue other = HeapValue.read(reader, keyType);
    byte[] bytes = reader.readBlob();
    reader.end();
    if (take(other)) {
      state.merge(MemorySegment.ofArray(bytes));
    }
  }

  @Override
  public byte[] serialize() {
    if (key == null) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    key.write(writer);
    writer.putBlob(state.serialize());
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    state.result(to);
  }
}
