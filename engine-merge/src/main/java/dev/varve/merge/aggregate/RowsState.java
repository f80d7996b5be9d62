// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Functions that need their rows until the end: the rows, or the first or last of them. Form 1:
/// their number, a varint; of each row every value, see [HeapValue]. Merged states follow each
/// other in the order given.
final class RowsState implements AggregateState {
  /// Which rows stay when there are more than the limit.
  enum Keep {
    FIRST,
    LAST
  }

  /// Makes the result of the rows.
  @FunctionalInterface
  interface Result {
    void append(List<HeapValue[]> rows, VectorBuilder to);
  }

  private final String function;
  private final List<DataType> types;
  private final Keep keep;
  private final long limit;
  private final Result result;
  private final Deque<HeapValue[]> rows = new ArrayDeque<>();

  RowsState(String function, List<DataType> types, Keep keep, long limit, Result result) {
    this.function = function;
    this.types = types;
    this.keep = keep;
    this.limit = limit;
    this.result = result;
  }

  RowsState(String function, List<DataType> types, Result result) {
    this(function, types, Keep.FIRST, Long.MAX_VALUE, result);
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    if (keep == Keep.FIRST && rows.size() >= limit) {
      return;
    }
    HeapValue[] values = new HeapValue[types.size()];
    for (int a = 0; a < values.length; a++) {
      values[a] = HeapValue.of(arguments.get(a), row, types.get(a));
    }
    add(values);
  }

  private void add(HeapValue[] values) {
    if (rows.size() < limit) {
      rows.addLast(values);
    } else if (keep == Keep.LAST) {
      rows.removeFirst();
      rows.addLast(values);
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    int count = reader.readCount();
    for (int i = 0; i < count; i++) {
      HeapValue[] values = new HeapValue[types.size()];
      for (int a = 0; a < values.length; a++) {
        values[a] = HeapValue.read(reader, types.get(a));
      }
      add(values);
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
    for (HeapValue[] values : rows) {
      for (HeapValue value : values) {
        value.write(writer);
      }
    }
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    result.append(new ArrayList<>(rows), to);
  }
}
