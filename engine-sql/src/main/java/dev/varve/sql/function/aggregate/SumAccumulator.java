// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;

/// Sum of integers, which wraps at the width of the result, or of decimals, which must fit.
final class SumAccumulator implements Accumulator {
  private final DataType type;
  private final ExactSums sums = new ExactSums();

  SumAccumulator(DataType type) {
    this.type = type;
  }

  ExactSums sums() {
    return sums;
  }

  @Override
  public void reserve(int groups) {
    sums.reserve(groups);
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    sums.add(groups, arguments.getFirst(), rows, scratch);
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    sums.addSingle(arguments.getFirst(), rows, scratch);
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    sums.merge(((SumAccumulator) other).sums, from, to, count);
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    boolean decimal = type instanceof DataType.Decimal;
    if (decimal ? sums.isNarrow() : type.physical() == Physical.INT64) {
      MemorySegment values = scratch.allocate(count * 8L);
      for (int i = 0; i < count; i++) {
        values.set(Vector.I64, i * 8L, decimal ? sums.narrow(from + i) : sums.wrapped(from + i));
      }
      return Vector.fixed(type, Physical.INT64, count, values, null);
    }
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < count; i++) {
      builder.appendInteger(fitting(sums.total(from + i)));
    }
    return builder.build();
  }

  private BigInteger fitting(BigInteger total) {
    if (type instanceof DataType.Decimal(int precision, int _)) {
      if (total.abs().compareTo(BigInteger.TEN.pow(precision)) >= 0) {
        throw ExactSums.overflow(type.name());
      }
      return total;
    }
    int bits = type.physical().width() * 8;
    BigInteger low = total.mod(BigInteger.ONE.shiftLeft(bits));
    return !type.isUnsigned() && low.testBit(bits - 1)
        ? low.subtract(BigInteger.ONE.shiftLeft(bits))
        : low;
  }

  @Override
  public long heapBytes() {
    return sums.heapBytes();
  }
}
