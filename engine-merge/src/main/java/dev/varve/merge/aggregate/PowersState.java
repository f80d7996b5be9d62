// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `skewPop`, `skewSamp`, `kurtPop`, `kurtSamp`: the mean and the sums of second to fourth powers
/// of the distances from it. Form 1: the count, a varint; the mean; the three sums. The last bits
/// depend on the order of merges.
final class PowersState implements AggregateState {
  private final String function;
  private long count;
  private double mean;
  private double m2;
  private double m3;
  private double m4;

  PowersState(String function) {
    this.function = function;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    combine(1, Numeric.doubleOf(arguments.getFirst(), row), 0, 0, 0);
  }

  private void combine(long other, double otherMean, double o2, double o3, double o4) {
    double a = count;
    double b = other;
    double n = a + b;
    double d = otherMean - mean;
    m4 +=
        o4
            + d * d * d * d * a * b * (a * a - a * b + b * b) / (n * n * n)
            + 6 * d * d * (a * a * o2 + b * b * m2) / (n * n)
            + 4 * d * (a * o3 - b * m3) / n;
    m3 += o3 + d * d * d * a * b * (a - b) / (n * n) + 3 * d * (a * o2 - b * m2) / n;
    m2 += o2 + d * d * a * b / n;
    mean += d * b / n;
    count += other;
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    long other = reader.readVarint();
    if (other <= 0) {
      throw reader.bad("a count of " + other);
    }
    combine(
        other, reader.readDouble(), reader.readDouble(), reader.readDouble(), reader.readDouble());
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (count == 0) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(count);
    for (double value : new double[] {mean, m2, m3, m4}) {
      writer.putDouble(value);
    }
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    boolean sample = function.endsWith("Samp");
    double variance = m2 / (sample ? count - 1 : count);
    double moment = function.startsWith("skew") ? m3 / count : m4 / count;
    double power = function.startsWith("skew") ? 1.5 : 2;
    boolean defined = count > (sample ? 1 : 0) && variance > 0;
    to.appendDouble(defined ? moment / Math.pow(variance, power) : Double.NaN);
  }
}
