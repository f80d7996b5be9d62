// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `avgWeighted(x, weight)`: the sum of `x * weight` over that of the weights. Form 1: both, as
/// doubles. The last bits depend on the order of merges.
final class WeightedMeanState implements AggregateState {
  private boolean seen;
  private double products;
  private double weights;

  @Override
  public void update(List<Vector> arguments, int row) {
    double weight = Numeric.doubleOf(arguments.get(1), row);
    products += Numeric.doubleOf(arguments.get(0), row) * weight;
    weights += weight;
    seen = true;
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() > 0) {
      StateReader reader = new StateReader("avgWeighted", serialized, 1);
      products += reader.readDouble();
      weights += reader.readDouble();
      reader.end();
      seen = true;
    }
  }

  @Override
  public byte[] serialize() {
    if (!seen) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putDouble(products);
    writer.putDouble(weights);
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    to.appendDouble(products / weights);
  }
}
