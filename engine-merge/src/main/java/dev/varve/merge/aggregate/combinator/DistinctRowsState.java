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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// `-Distinct`: takes each row of arguments once. Form 1: the number of different rows, a varint;
/// their values. The other function sees them in the order of their values, when all are known.
final class DistinctRowsState implements AggregateState {
  private static final Comparator<List<HeapValue>> ORDER =
      (a, b) -> {
        for (int i = 0; i < a.size(); i++) {
          int order = a.get(i).compareTo(b.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  private final String name;
  private final AggregateFunction function;
  private final List<DataType> types;
  private final Set<List<HeapValue>> rows = new TreeSet<>(ORDER);

  DistinctRowsState(String name, AggregateFunction function, List<DataType> types) {
    this.name = name;
    this.function = function;
    this.types = types;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    List<HeapValue> values = new ArrayList<>(types.size());
    for (int a = 0; a < types.size(); a++) {
      values.add(HeapValue.of(arguments.get(a), row, types.get(a)));
    }
    rows.add(values);
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(name, serialized, 1);
    int count = reader.readCount();
    for (int i = 0; i < count; i++) {
      List<HeapValue> values = new ArrayList<>(types.size());
      for (DataType type : types) {
        values.add(HeapValue.read(reader, type));
      }
      rows.add(values);
    }
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (rows.isEmpty()) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(rows.size());
    rows.forEach(row -> row.forEach(value -> value.write(writer)));
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    AggregateState state = function.newState();
    for (List<HeapValue> row : rows) {
      state.update(row.stream().map(HeapValue::vector).toList(), 0);
    }
    state.result(to);
  }
}
