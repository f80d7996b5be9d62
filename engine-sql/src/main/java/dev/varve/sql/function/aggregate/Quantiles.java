// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.sql.function.number.Doubles;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Exact quantiles: all values of a group are kept and sorted at the end. The value between two is
/// interpolated.
final class Quantiles implements Accumulator {
  private final double[] levels;
  private final boolean many;
  private double[][] values = new double[16][];
  private int[] sizes = new int[16];
  private long held;

  /// @param many whether the result is an array, one value for each level
  Quantiles(double[] levels, boolean many) {
    this.levels = levels;
    this.many = many;
  }

  @Override
  public void reserve(int groups) {
    if (groups > sizes.length) {
      int length = Math.max(groups, sizes.length * 2);
      values = Arrays.copyOf(values, length);
      sizes = Arrays.copyOf(sizes, length);
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment doubles = Doubles.of(arguments.getFirst(), scratch);
    for (int i = 0; i < rows; i++) {
      add(groups[i], doubles.get(Vector.F64, i * 8L));
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment doubles = Doubles.of(arguments.getFirst(), scratch);
    for (int i = 0; i < rows; i++) {
      add(0, doubles.get(Vector.F64, i * 8L));
    }
  }

  private void add(int group, double value) {
    double[] own = values[group];
    int size = sizes[group];
    if (own == null || size == own.length) {
      int length = Math.max(8, size * 2);
      held += length - size;
      own = own == null ? new double[length] : Arrays.copyOf(own, length);
      values[group] = own;
    }
    own[size] = value;
    sizes[group] = size + 1;
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    Quantiles that = (Quantiles) other;
    for (int i = 0; i < count; i++) {
      for (int v = 0; v < that.sizes[from[i]]; v++) {
        add(to[i], that.values[from[i]][v]);
      }
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    DataType type = many ? DataTypes.array(DataTypes.FLOAT64) : DataTypes.FLOAT64;
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int group = from; group < from + count; group++) {
      double[] sorted =
          sizes[group] == 0 ? new double[0] : Arrays.copyOf(values[group], sizes[group]);
      Arrays.sort(sorted);
      for (double level : levels) {
        (many ? builder.child(0) : builder).appendDouble(at(sorted, level));
      }
      if (many) {
        builder.endList();
      }
    }
    return builder.build();
  }

  private double at(double[] sorted, double level) {
    int size = sorted.length;
    if (size == 0) {
      return Double.NaN;
    }
    double position = level * (size - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(size - 1, below + 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
  }

  @Override
  public long heapBytes() {
    return sizes.length * 12L + held * 8;
  }
}
