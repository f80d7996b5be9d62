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
  private CountAccumulator counts = new CountAccumulator();
  private final double unit;
  // Null where the other is there. Sums and counts that another accumulator keeps are only read.
  private FloatSumAccumulator floats;
  private ExactSums exact;
  private boolean ownsSums = true;
  private boolean ownsCounts = true;

  /// @param scale of the decimal, or 0
  AverageAccumulator(boolean isFloat, int scale) {
    exact = isFloat ? null : new ExactSums();
    floats = isFloat ? new FloatSumAccumulator() : null;
    unit = Math.pow(10, scale);
  }

  @Override
  public void share(Accumulator other, boolean sameArguments) {
    switch (other) {
      case CountAccumulator all when ownsCounts -> readCounts(all);
      case AverageAccumulator that when ownsCounts && that.ownsCounts -> readCounts(that.counts);
      default -> {}
    }
    if (sameArguments && ownsSums) {
      switch (other) {
        case SumAccumulator sum when exact != null -> {
          exact = sum.sums();
          ownsSums = false;
        }
        case FloatSumAccumulator sum when floats != null -> {
          floats = sum;
          ownsSums = false;
        }
        default -> {}
      }
    }
  }

  private void readCounts(CountAccumulator others) {
    counts = others;
    ownsCounts = false;
  }

  @Override
  public void reserve(int groups) {
    if (ownsCounts) {
      counts.reserve(groups);
    }
    if (ownsSums && exact != null) {
      exact.reserve(groups);
    } else if (ownsSums) {
      floats.reserve(groups);
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    if (ownsCounts) {
      counts.update(groups, arguments, rows, scratch);
    }
    if (ownsSums && exact != null) {
      exact.add(groups, arguments.getFirst(), rows, scratch);
    } else if (ownsSums) {
      floats.update(groups, arguments, rows, scratch);
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    if (ownsCounts) {
      counts.updateSingle(arguments, rows, scratch);
    }
    if (ownsSums && exact != null) {
      exact.addSingle(arguments.getFirst(), rows, scratch);
    } else if (ownsSums) {
      floats.updateSingle(arguments, rows, scratch);
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    AverageAccumulator that = (AverageAccumulator) other;
    if (ownsCounts) {
      counts.merge(that.counts, from, to, count, scratch);
    }
    if (ownsSums && exact != null) {
      exact.merge(that.exact, from, to, count);
    } else if (ownsSums) {
      floats.merge(that.floats, from, to, count, scratch);
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    MemorySegment values = scratch.allocate(count * 8L);
    for (int i = 0; i < count; i++) {
      int group = from + i;
      double rows = counts.count(group);
      // One division, so that the mean of equal decimals is that decimal.
      double mean =
          exact != null ? exact.toDouble(group) / (unit * rows) : floats.sum(group) / rows;
      values.set(Vector.F64, i * 8L, mean);
    }
    return Vector.fixed(DataTypes.FLOAT64, count, values, null);
  }

  @Override
  public long heapBytes() {
    long bytes = ownsCounts ? counts.heapBytes() : 0;
    return !ownsSums ? bytes : bytes + (exact != null ? exact.heapBytes() : floats.heapBytes());
  }
}
