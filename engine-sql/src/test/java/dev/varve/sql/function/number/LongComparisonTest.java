// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.expression.Masks;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.test.Randomized;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

final class LongComparisonTest {
  private static final List<DataType> TYPES =
      List.of(
          DataTypes.INT8,
          DataTypes.UINT8,
          DataTypes.INT16,
          DataTypes.UINT16,
          DataTypes.INT32,
          DataTypes.UINT32,
          DataTypes.INT64,
          DataTypes.UINT64,
          DataTypes.DATE);

  @Randomized(times = 60)
  void everyKindAgreesWithOneComparisonARow(RandomGenerator random) {
    int rows = random.nextInt(1, 400);
    DataType type = TYPES.get(random.nextInt(TYPES.size()));
    boolean unsigned64 = type.equals(DataTypes.UINT64);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      Vector a = values(type, rows, random, scratch);
      Vector b =
          switch (random.nextInt(3)) {
            case 0 -> values(type, rows, random, scratch);
            case 1 -> Vector.constant(type, rows, values(type, 1, random, scratch));
            default -> a;
          };
      boolean swap = random.nextBoolean();
      for (Comparison.Kind kind : Comparison.Kind.values()) {
        Vector left = swap ? b : a;
        Vector right = swap ? a : b;
        long[] mask = Masks.create(rows);
        LongComparison.test(kind, left, right, unsigned64, rows, scratch, mask);
        for (int i = 0; i < rows; i++) {
          int order =
              unsigned64
                  ? Long.compareUnsigned(left.getLong(i), right.getLong(i))
                  : Long.compare(left.getLong(i), right.getLong(i));
          assertThat((mask[i >>> 6] >>> (i & 63) & 1) != 0)
              .as("%s %s row %d of %d", type.name(), kind, i, rows)
              .isEqualTo(kind.holds(order));
        }
        assertThat(Masks.count(mask)).isLessThanOrEqualTo(rows);
      }
    }
  }

  private static Vector values(DataType type, int rows, RandomGenerator random, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    long few = random.nextLong();
    for (int i = 0; i < rows; i++) {
      builder.appendLong(
          switch (random.nextInt(4)) {
            case 0 -> few;
            case 1 -> random.nextInt(-2, 3);
            case 2 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
            default -> random.nextLong();
          });
    }
    return builder.build();
  }
}
