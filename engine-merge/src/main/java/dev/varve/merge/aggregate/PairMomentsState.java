// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Covariance, correlation and regression of two columns: their means and the sums of products of
/// the distances from them. Form 1: the count, a varint; mean of x, mean of y, sums of xx, yy, xy.
/// The last bits depend on the order of merges.
final class PairMomentsState implements AggregateState {
  private final String function;
  private long count;
  private double meanX;
  private double meanY;
  private double xx;
  private double yy;
  private double xy;

  PairMomentsState(String function) {
    this.function = function;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    combine(
        1,
        Numeric.doubleOf(arguments.get(0), row),
        Numeric.doubleOf(arguments.get(1), row),
        0,
        0,
        0);
  }

  private void combine(long n, double otherX, double otherY, double oxx, double oyy, double oxy) {
    double distanceX = otherX - meanX;
    double distanceY = otherY - meanY;
    long total = count + n;
    double share = (double) count * n / total;
    xx += oxx + distanceX * distanceX * share;
    yy += oyy + distanceY * distanceY * share;
    xy += oxy + distanceX * distanceY * share;
    meanX += distanceX * n / total;
    meanY += distanceY * n / total;
    count = total;
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    long n = reader.readVarint();
    if (n <= 0) {
      throw reader.bad("a count of " + n);
    }
    combine(
        n,
        reader.readDouble(),
        reader.readDouble(),
        reader.readDouble(),
        reader.readDouble(),
        reader.readDouble());
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (count == 0) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(count);
    for (double value : new double[] {meanX, meanY, xx, yy, xy}) {
      writer.putDouble(value);
    }
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    switch (function) {
      case "covarPop" -> to.appendDouble(count == 0 ? Double.NaN : xy / count);
      case "covarSamp" -> to.appendDouble(count < 2 ? Double.NaN : xy / (count - 1));
      case "simpleLinearRegression" -> {
        double slope = xy / xx;
        to.child(0).appendDouble(slope);
        to.child(1).appendDouble(meanY - slope * meanX);
        to.endStruct();
      }
      default -> to.appendDouble(count == 0 ? Double.NaN : xy / Math.sqrt(xx * yy));
    }
  }
}
