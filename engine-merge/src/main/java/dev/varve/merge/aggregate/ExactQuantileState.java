// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// `quantileExact` and its like: every value, in its own type. Form 2: the number of values, a
/// varint; the values, sorted. Form 1, which is still read, held doubles: a zero byte, their
/// number, the doubles.
final class ExactQuantileState implements AggregateState {
  private final String function;
  private final DataType type;
  private final double[] levels;
  private final boolean list;
  private final List<HeapValue> values = new ArrayList<>();

  ExactQuantileState(String function, DataType type, double[] levels, boolean list) {
    this.function = function;
    this.type = type;
    this.levels = levels;
    this.list = list;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    HeapValue value = HeapValue.of(arguments.getFirst(), row, type);
    if (!(type instanceof DataType.Float) || !Double.isNaN(value.asDouble())) {
      values.add(value);
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    boolean old = serialized.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0) == 1;
    StateReader reader = new StateReader(function, serialized, old ? 1 : 2);
    if (old && reader.readByte() != 0) {
      throw reader.bad("no exact values");
    }
    int count = reader.readCount();
    for (int i = 0; i < count; i++) {
      values.add(old ? ofDouble(reader.readDouble()) : HeapValue.read(reader, type));
    }
    reader.end();
  }

  private HeapValue ofDouble(double value) {
    java.math.BigDecimal exact = new java.math.BigDecimal(value);
    byte[] bytes =
        switch (type) {
          case DataType.Float(int bits) when bits == 32 ->
              HeapValue.little(Float.floatToIntBits((float) value), 4);
          case DataType.Float _ -> HeapValue.little(Double.doubleToLongBits(value), 8);
          case DataType.Decimal decimal ->
              HeapValue.little(
                  exact.setScale(decimal.scale(), java.math.RoundingMode.HALF_UP).unscaledValue(),
                  type.width());
          default -> HeapValue.little(exact.toBigInteger(), type.width());
        };
    return new HeapValue(type, bytes);
  }

  @Override
  public byte[] serialize() {
    if (values.isEmpty()) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(2);
    writer.putVarint(values.size());
    values.stream().sorted().forEach(value -> value.write(writer));
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    List<HeapValue> sorted = values.stream().sorted().toList();
    for (double level : levels) {
      append(sorted, level, list ? to.child(0) : to);
    }
    if (list) {
      to.endList();
    }
  }

  private void append(List<HeapValue> sorted, double level, VectorBuilder to) {
    int size = sorted.size();
    if (function.endsWith("clusive")) {
      to.appendDouble(between(sorted, level));
    } else if (size == 0) {
      if (type instanceof DataType.Float) {
        to.appendDouble(Double.NaN);
      } else {
        to.appendDefault();
      }
    } else if (!function.contains("Exact")) {
      to.appendLong(whole(sorted, level));
    } else {
      int at = (int) Math.min(size - 1L, (long) (level * size));
      if (level == 0.5 && function.endsWith("Low") && size % 2 == 0) {
        at = size / 2 - 1;
      }
      sorted.get(at).appendTo(to);
    }
  }

  /// Of dates and times: what lies between two, in whole days or ticks.
  private static long whole(List<HeapValue> sorted, double level) {
    double place = level * (sorted.size() - 1);
    int below = (int) place;
    long low = sorted.get(below).asLong();
    long high = sorted.get(Math.min(sorted.size() - 1, below + 1)).asLong();
    return low + (long) ((high - low) * (place - below));
  }

  private double between(List<HeapValue> sorted, double level) {
    int size = sorted.size();
    if (size == 0) {
      return Double.NaN;
    }
    double place = function.endsWith("Exclusive") ? level * (size + 1) : level * (size - 1) + 1;
    int below = (int) place;
    if (below < 1) {
      return sorted.getFirst().asDouble();
    }
    if (below >= size) {
      return sorted.getLast().asDouble();
    }
    double low = sorted.get(below - 1).asDouble();
    return low + (place - below) * (sorted.get(below).asDouble() - low);
  }
}
