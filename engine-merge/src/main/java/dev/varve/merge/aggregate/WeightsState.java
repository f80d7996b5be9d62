// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Functions that count how often each value comes, or add a weight for each: the values and their
/// weights. Form 1: the number of values, a varint; of each the value and its weight, a varint.
///
/// Nothing is dropped, so that no order of merges shows.
final class WeightsState implements AggregateState {
  /// Makes the result of the values in their order.
  @FunctionalInterface
  interface Result {
    void append(TreeMap<HeapValue, Long> weights, VectorBuilder to);
  }

  private final String function;
  private final DataType type;
  private final boolean weighted;
  private final Result result;
  private final Map<HeapValue, Long> weights = new HashMap<>();

  /// @param weighted whether the second argument is the weight, else it is 1
  WeightsState(String function, DataType type, boolean weighted, Result result) {
    this.function = function;
    this.type = type;
    this.weighted = weighted;
    this.result = result;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    long weight = weighted ? Math.max(0, Numeric.longOf(arguments.get(1), row)) : 1;
    weights.merge(HeapValue.of(arguments.getFirst(), row, type), weight, Long::sum);
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    int count = reader.readCount();
    for (int i = 0; i < count; i++) {
      weights.merge(HeapValue.read(reader, type), reader.readVarint(), Long::sum);
    }
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (weights.isEmpty()) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(weights.size());
    new TreeMap<>(weights)
        .forEach((value, weight) -> {
          value.write(writer);
          writer.putVarint(weight);
        });
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    result.append(new TreeMap<>(weights), to);
  }
}
