// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `sum` and `avg` of floats, in two doubles: the second holds what rounding took from the first,
/// so that the order of merges hardly ever shows. Form 1: the count, a varint; both doubles.
final class FloatSumState implements AggregateState, KeyedState.ZeroTest {
  private final boolean average;
  private final boolean nullable;
  private long count;
  private double high;
  private double low;

  FloatSumState(boolean average, boolean nullable) {
    this.average = average;
    this.nullable = nullable;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    if (!arguments.getFirst().isNull(row)) {
      count++;
      add(arguments.getFirst().getDouble(row));
    }
  }

  @Override
  public boolean isZero() {
    return high + low == 0;
  }

  private void add(double value) {
    double sum = high + value;
    double other = sum - high;
    double lost = (high - (sum - other)) + (value - other);
    high = sum;
    // Past infinity and NaN there is nothing to make up for.
    low = Double.isFinite(sum) ? low + lost : 0;
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(average ? "avg" : "sum", serialized, 1);
    count += reader.readVarint();
    double otherHigh = reader.readDouble();
    double otherLow = reader.readDouble();
    reader.end();
    add(otherHigh);
    add(otherLow);
  }

  @Override
  public byte[] serialize() {
    if (count == 0) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(count);
    writer.putDouble(high);
    writer.putDouble(low);
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    if (count == 0 && nullable) {
      to.appendNull();
    } else if (average) {
      to.appendDouble(count == 0 ? Double.NaN : (high + low) / count);
    } else {
      to.appendDouble(high + low);
    }
  }
}
