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

/// Variance and its root, by counts, means and sums of squared distances, which stay accurate where
/// sums of squares cancel out.
final class Moments implements Accumulator {
  private final boolean sample;
  private final boolean root;
  private long[] counts = new long[16];
  private double[] means = new double[16];
  private double[] squares = new double[16];

  /// @param sample whether to divide by the count less one
  /// @param root whether to give the standard deviation
  Moments(boolean sample, boolean root) {
    this.sample = sample;
    this.root = root;
  }

  @Override
  public void reserve(int groups) {
    if (groups > counts.length) {
      int length = Math.max(groups, counts.length * 2);
      counts = Arrays.copyOf(counts, length);
      means = Arrays.copyOf(means, length);
      squares = Arrays.copyOf(squares, length);
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment values = Doubles.of(arguments.getFirst(), scratch);
    for (int i = 0; i < rows; i++) {
      add(groups[i], values.get(Vector.F64, i * 8L));
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment values = Doubles.of(arguments.getFirst(), scratch);
    for (int i = 0; i < rows; i++) {
      add(0, values.get(Vector.F64, i * 8L));
    }
  }

  private void add(int group, double value) {
    long count = ++counts[group];
    double distance = value - means[group];
    means[group] += distance / count;
    squares[group] += distance * (value - means[group]);
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    Moments that = (Moments) other;
    for (int i = 0; i < count; i++) {
      int a = to[i];
      int b = from[i];
      long together = counts[a] + that.counts[b];
      if (that.counts[b] == 0) {
        continue;
      }
      double distance = that.means[b] - means[a];
      squares[a] += that.squares[b] + distance * distance * counts[a] * that.counts[b] / together;
      means[a] += distance * that.counts[b] / together;
      counts[a] = together;
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    MemorySegment out = scratch.allocate(count * 8L);
    for (int i = 0; i < count; i++) {
      long n = counts[from + i] - (sample ? 1 : 0);
      double variance = n <= 0 ? Double.NaN : squares[from + i] / n;
      out.set(Vector.F64, i * 8L, root ? Math.sqrt(variance) : variance);
    }
    return Vector.fixed(DataTypes.FLOAT64, count, out, null);
  }

  @Override
  public long heapBytes() {
    return counts.length * 24L;
  }
}
