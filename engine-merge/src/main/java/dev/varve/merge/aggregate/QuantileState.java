// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `quantile`, `quantiles`, `median` and their `Exact` forms, over numbers; NULL and NaN are passed
/// over. Exact up to [#EXACT_VALUES] values. Beyond, values are counted in buckets whose bounds
/// grow by one percent, so that a quantile is within half a percent of a value at its rank. Both
/// are a function of the values alone: no order of merges shows.
///
/// Form 1: the kind, a byte; kind 0: the number of values, a varint, and each as a double, sorted;
/// kind 1: the number of buckets, a varint, and for each its number, zigzag, and its count.
final class QuantileState implements AggregateState {
  static final int EXACT_VALUES = 4096;
  private static final double GROWTH = Math.log(1.01);

  private final String function;
  private final double[] levels;
  private final boolean list;
  private final boolean exact;
  private final int scale;
  private final boolean nullable;
  private double[] values = new double[16];
  private int size;
  private TreeMap<Long, Long> buckets;

  /// @param list whether the result is an array, of a value for each level
  /// @param exact whether all values are kept, however many
  /// @param scale of decimals, else 0
  QuantileState(
      String function, double[] levels, boolean list, boolean exact, int scale, boolean nullable) {
    this.function = function;
    this.levels = levels;
    this.list = list;
    this.exact = exact;
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
            ? argument.getDouble(row) + 0.0
            : argument.type().unwrapped() instanceof DataType.Decimal
                ? new BigDecimal(argument.getInteger(row), scale).doubleValue()
                : argument.getInteger(row).doubleValue();
    if (!Double.isNaN(value)) {
      add(value);
    }
  }

  private void add(double value) {
    if (buckets != null) {
      buckets.merge(bucket(value), 1L, Long::sum);
      return;
    }
    if (size == EXACT_VALUES && !exact) {
      toBuckets();
      buckets.merge(bucket(value), 1L, Long::sum);
      return;
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  private void toBuckets() {
    buckets = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      buckets.merge(bucket(values[i]), 1L, Long::sum);
    }
    values = new double[0];
    size = 0;
  }

  /// Buckets of positive values have positive numbers, 0 is zero alone, negative ones mirror. The
  /// offset keeps the logarithms of the smallest doubles above zero.
  private static long bucket(double value) {
    if (value == 0) {
      return 0;
    }
    double magnitude = Math.min(Math.abs(value), Double.MAX_VALUE);
    long number = 80_000 + Math.round(Math.log(magnitude) / GROWTH);
    return value < 0 ? -number : number;
  }

  private static double middle(long bucket) {
    if (bucket == 0) {
      return 0;
    }
    double magnitude = Math.exp((Math.abs(bucket) - 80_000) * GROWTH);
    return bucket < 0 ? -magnitude : magnitude;
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    int kind = reader.readByte();
    int count = reader.readCount();
    if (kind == 0) {
      for (int i = 0; i < count; i++) {
        add(reader.readDouble());
      }
    } else if (kind == 1 && !exact) {
      if (buckets == null) {
        toBuckets();
      }
      for (int i = 0; i < count; i++) {
        long zigzag = reader.readVarint();
        buckets.merge(zigzag >>> 1 ^ -(zigzag & 1), reader.readVarint(), Long::sum);
      }
    } else {
      throw reader.bad("kind " + kind);
    }
    reader.end();
  }

  @Override
  public byte[] serialize() {
    if (size == 0 && buckets == null) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    if (buckets == null) {
      writer.putByte(0);
      writer.putVarint(size);
      Arrays.sort(values, 0, size);
      for (int i = 0; i < size; i++) {
        writer.putDouble(values[i]);
      }
      return writer.bytes();
    }
    writer.putByte(1);
    writer.putVarint(buckets.size());
    buckets.forEach((bucket, count) -> {
      writer.putVarint(bucket << 1 ^ bucket >> 63);
      writer.putVarint(count);
    });
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    if (!list) {
      append(levels[0], to);
      return;
    }
    for (double level : levels) {
      append(level, to.child(0));
    }
    to.endList();
  }

  private void append(double level, VectorBuilder to) {
    if (size == 0 && buckets == null) {
      if (nullable) {
        to.appendNull();
      } else {
        to.appendDouble(Double.NaN);
      }
      return;
    }
    to.appendDouble(buckets == null ? exactQuantile(level) : bucketQuantile(level));
  }

  /// Between two values in proportion, but for the `Exact` forms, which give a value that is there.
  private double exactQuantile(double level) {
    Arrays.sort(values, 0, size);
    if (exact) {
      return values[(int) Math.min(size - 1L, (long) (level * size))];
    }
    double place = level * (size - 1);
    int below = (int) place;
    int above = Math.min(size - 1, below + 1);
    double share = place - below;
    return share == 0 ? values[below] : values[below] * (1 - share) + values[above] * share;
  }

  private double bucketQuantile(double level) {
    long total = 0;
    for (long count : buckets.values()) {
      total += count;
    }
    long rank = (long) (level * (total - 1));
    for (Map.Entry<Long, Long> bucket : buckets.entrySet()) {
      rank -= bucket.getValue();
      if (rank < 0) {
        return middle(bucket.getKey());
      }
    }
    return middle(buckets.lastKey());
  }
}
