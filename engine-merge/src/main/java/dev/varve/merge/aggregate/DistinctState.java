// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `uniqExact(x, …)`: how many different rows of arguments; a row with a NULL is passed over. Also
/// `groupUniqArray(x)`: the values themselves, sorted. Form 1: their number, a varint; each as a
/// blob, which holds a blob for each argument.
final class DistinctState implements AggregateState {
  private final String function;
  private final List<DataType> types;
  private final boolean values;
  private final long limit;
  private final Set<ByteBuffer> rows = new HashSet<>();

  DistinctState(String function, List<DataType> types, boolean values) {
    this(function, types, values, Long.MAX_VALUE);
  }

  /// @param types argument types, without Nullable
  /// @param limit how many are told apart: of values that many stay, a count is at most one more
  DistinctState(String function, List<DataType> types, boolean values, long limit) {
    this.limit = limit;
    this.function = function;
    this.types = types;
    this.values = values;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    StateWriter key = new StateWriter();
    for (int i = 0; i < types.size(); i++) {
      if (arguments.get(i).isNull(row)) {
        return;
      }
      HeapValue.of(arguments.get(i), row, types.get(i)).write(key);
    }
    rows.add(ByteBuffer.wrap(key.bytes()));
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    int count = reader.readCount();
    for (int i = 0; i < count; i++) {
      StateWriter key = new StateWriter();
      for (DataType type : types) {
        HeapValue.read(reader, type).write(key);
      }
      rows.add(ByteBuffer.wrap(key.bytes()));
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
    rows.stream().sorted().forEach(row -> writer.putBytes(row.array()));
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    if (!values) {
      to.appendLong(limit < rows.size() ? limit + 1 : rows.size());
      return;
    }
    DataType type = types.getFirst();
    List<HeapValue> sorted = new ArrayList<>();
    for (ByteBuffer row : rows) {
      StateReader reader =
          new StateReader(function, MemorySegment.ofArray(versioned(row.array())), 1);
      sorted.add(HeapValue.read(reader, type));
    }
    sorted.sort(HeapValue::compareTo);
    sorted.stream().limit(limit).forEach(value -> value.appendTo(to.child(0)));
    to.endList();
  }

  private static byte[] versioned(byte[] row) {
    StateWriter writer = new StateWriter(1);
    writer.putBytes(row);
    return writer.bytes();
  }
}
