// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.List;

/// `varPop`, `varSamp`, `stddevPop`, `stddevSamp`: the mean and the squared distances from it. Form
/// 1: the count, a varint; the mean; the sum of squares. The last bits depend on the order of
/// merges.
final class MomentsState implements AggregateState {
  private final String function;
  private final boolean sample;
  private final boolean root;
  private final int scale;
  private final boolean nullable;
  private long count;
  private double mean;
  private double squares;

  MomentsState(String function, boolean sample, boolean root, int scale, boolean nullable) {
    this.function = function;
    this.sample = sample;
    this.root = root;
    this.scale = scale;
    this.nullable = nullable;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    Vector argument = arguments.getFirst();
    if (argument.isNull(row)) {
      return;
    }
    double value =
        argument.physical().isFloat()
            ? argument.getDouble(row)
            : argument.type().unwrapped() instanceof DataType.Decimal
                ? new BigDecimal(argument.getInteger(row), scale).doubleValue()
                : argument.getInteger(row).doubleValue();
    count++;
    double distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    long otherCount = reader.readVarint();
    double otherMean = reader.readDouble();
    double otherSquares = reader.readDouble();
    reader.end();
    if (otherCount <= 0) {
      throw reader.bad("a count of " + otherCount);
    }
    double distance = otherMean - mean;
    long total = count + otherCount;
    mean += distance * otherCount / total;
    squares += otherSquares + distance * distance * count * otherCount / total;
    count = total;
  }

  @Override
  public byte[] serialize() {
    if (count == 0) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(count);
    writer.putDouble(mean);
    writer.putDouble(squares);
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    long divisor = sample ? count - 1 : count;
    if (count == 0 && nullable) {
      to.appendNull();
    } else {
      double variance = divisor <= 0 ? Double.NaN : squares / divisor;
      to.appendDouble(root ? Math.sqrt(variance) : variance);
    }
  }
}
