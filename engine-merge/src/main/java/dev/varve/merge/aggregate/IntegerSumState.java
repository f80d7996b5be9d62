// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// `sum` and `avg` of integers and decimals, exact at any size while in the state. Form 1: the
/// count, a varint; the sum, two's complement, as a blob.
///
/// A sum that does not fit its result type wraps around, as it does in the Summing rule.
final class IntegerSumState implements AggregateState, KeyedState.ZeroTest {
  private final String function;
  private final DataType resultType;
  private final int scale;
  private long count;
  private long small;
  private BigInteger large = BigInteger.ZERO;

  /// @param resultType Float64 for `avg` and `sumKahan`
  /// @param scale of the arguments, 0 for integers
  IntegerSumState(String function, DataType resultType, int scale) {
    this.function = function;
    this.resultType = resultType;
    this.scale = scale;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    Vector argument = arguments.getFirst();
    if (argument.isNull(row)) {
      return;
    }
    count++;
    boolean fits =
        argument.physical().isLong() && !(argument.width() == 8 && argument.type().isUnsigned());
    if (!fits) {
      large = large.add(argument.getInteger(row));
      return;
    }
    long value = argument.getLong(row);
    long sum = small + value;
    if (((small ^ sum) & (value ^ sum)) < 0) {
      large = large.add(BigInteger.valueOf(small));
      sum = value;
    }
    small = sum;
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    count += reader.readVarint();
    byte[] sum = reader.readBlob();
    if (sum.length == 0) {
      throw reader.bad("a sum without digits");
    }
    large = large.add(new BigInteger(sum));
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (count == 0) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    writer.putVarint(count);
    writer.putBlob(sum().toByteArray());
    return writer.bytes();
  }

  @Override
  public boolean isZero() {
    return sum().signum() == 0;
  }

  private BigInteger sum() {
    return large.add(BigInteger.valueOf(small));
  }

  @Override
  public void result(VectorBuilder to) {
    if (resultType.unwrapped() instanceof DataType.Float) {
      if (count == 0 && resultType.isNullable()) {
        to.appendNull();
      } else {
        double sum = new BigDecimal(sum(), scale).doubleValue();
        to.appendDouble(function.equals("avg") ? sum / count : sum);
      }
    } else if (count == 0 && resultType.isNullable()) {
      to.appendNull();
    } else {
      to.appendInteger(wrapped(sum()));
    }
  }

  /// The low bits of the result's width.
  private BigInteger wrapped(BigInteger sum) {
    int bits = 8 * resultType.width();
    BigInteger low = sum.and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    return low.testBit(bits - 1) ? low.subtract(BigInteger.ONE.shiftLeft(bits)) : low;
  }
}
