// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Mean as Float64: of integers and decimals an exact sum is divided once, of floats the float sum.
final class AverageAccumulator implements Accumulator {
  private final CountAccumulator counts = new CountAccumulator();
  private final ExactSums exact;
  private final FloatSumAccumulator floats;
  private final double unit;

  /// @param scale of the decimal, or 0
  AverageAccumulator(boolean isFloat, int scale) {
    exact = isFloat ? null : new ExactSums();
    floats = isFloat ? new FloatSumAccumulator() : null;
    unit = Math.pow(10, scale);
  }

  @Override
  public void reserve(int groups) {
    counts.reserve(groups);
    if (exact != null) {
      exact.reserve(groups);
    } else {
      floats.reserve(groups);
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    counts.update(groups, arguments, rows, scratch);
    if (exact != null) {
      exact.add(groups, arguments.getFirst(), rows, scratch);
    } else {
      floats.update(groups, arguments, rows, scratch);
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    counts.updateSingle(arguments, rows, scratch);
    if (exact != null) {
      exact.addSingle(arguments.getFirst(), rows, scratch);
    } else {
      floats.updateSingle(arguments, rows, scratch);
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    AverageAccumulator that = (AverageAccumulator) other;
    counts.merge(that.counts, from, to, count, scratch);
    if (exact != null) {
      exact.merge(that.exact, from, to, count);
    } else {
      floats.merge(that.floats, from, to, count, scratch);
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    MemorySegment values = scratch.allocate(count * 8L);
    for (int i = 0; i < count; i++) {
      int group = from + i;
      double sum = exact != null ? exact.toDouble(group) / unit : floats.sum(group);
      values.set(Vector.F64, i * 8L, sum / counts.count(group));
    }
    return Vector.fixed(DataTypes.FLOAT64, count, values, null);
  }

  @Override
  public long heapBytes() {
    return counts.heapBytes() + (exact != null ? exact.heapBytes() : floats.heapBytes());
  }
}
