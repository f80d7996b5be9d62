// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.sql.function.number.Doubles;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Sum of floats as Float64. The order of additions is not fixed, so last digits may differ from
/// run to run.
final class FloatSumAccumulator implements Accumulator {
  private double[] sums = new double[16];

  @Override
  public void reserve(int groups) {
    if (groups > sums.length) {
      sums = Arrays.copyOf(sums, Math.max(groups, sums.length * 2));
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment values = Doubles.of(arguments.getFirst(), scratch);
    for (int i = 0; i < rows; i++) {
      sums[groups[i]] += values.get(Vector.F64, i * 8L);
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    sums[0] += DoubleSums.sum(Doubles.of(arguments.getFirst(), scratch), rows);
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    double[] theirs = ((FloatSumAccumulator) other).sums;
    for (int i = 0; i < count; i++) {
      sums[to[i]] += theirs[from[i]];
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    MemorySegment values = scratch.allocate(count * 8L);
    MemorySegment.copy(sums, from, values, Vector.F64, 0, count);
    return Vector.fixed(DataTypes.FLOAT64, count, values, null);
  }

  double sum(int group) {
    return sums[group];
  }

  @Override
  public long heapBytes() {
    return sums.length * 8L;
  }
}
