// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.test.Randomized;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// Packed rows are those that a gather by the numbers of the mask's bits gives.
final class RowPackingTest {
  @Randomized(times = 200)
  void packsWhatAGatherGives(RandomGenerator random) {
    assumeTrue(RowPacking.create() != null, "no instruction that packs");
    DataType type = RandomVectors.TYPES.get(random.nextInt(RandomVectors.TYPES.size()));
    int rows = 1 + random.nextInt(random.nextBoolean() ? 200 : 3_000);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      Vector vector = new RandomVectors(random).of(type, rows, scratch);
      boolean coded = random.nextInt(4) == 0 && vector.validity() == null;
      vector = coded ? coded(vector, random, scratch) : vector;
      long[] mask = new long[(vector.rows() + 63) / 64];
      int share = random.nextInt(101);
      int[] index = new int[vector.rows()];
      int left = 0;
      for (int row = 0; row < vector.rows(); row++) {
        if (random.nextInt(100) < share) {
          mask[row >> 6] |= 1L << row;
          index[left++] = row;
        }
      }
      Vector packed = RowPacking.trusted().pack(vector, mask, left, scratch);
      if (packed == null) {
        boolean plain =
            vector.validity() == null
                && vector.rows() >= 64
                && (coded || type.physical().isLong() || type.physical().isFloat());
        assertThat(plain).as("%s in %d rows is not packed", type, vector.rows()).isFalse();
        return;
      }
      Vector gathered = VectorOps.gather(vector, index, left, scratch);
      assertThat(packed.type()).isEqualTo(vector.type());
      assertThat(packed.form()).isEqualTo(gathered.form());
      assertThat(packed.rows()).isEqualTo(left);
      for (int row = 0; row < left; row++) {
        assertThat(VectorValues.get(packed, row)).isEqualTo(VectorValues.get(gathered, row));
      }
    }
  }

  private static Vector coded(Vector dictionary, RandomGenerator random, Scratch scratch) {
    int rows = 64 + random.nextInt(500);
    var codes = scratch.allocate(rows * 4L);
    for (int row = 0; row < rows; row++) {
      codes.set(Vector.I32, row * 4L, random.nextInt(dictionary.rows()));
    }
    return Vector.dictionary(dictionary.type(), rows, codes, dictionary, null);
  }

  @Test
  void aSlowLoopGivesWayToAGatherUntilItIsCompiled() {
    RowPacking packing = RowPacking.create();
    assumeTrue(packing != null, "no instruction that packs");
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      Object[] values = new Object[128];
      for (int row = 0; row < 128; row++) {
        values[row] = (long) row;
      }
      Vector vector = VectorValues.of(DataTypes.INT64, scratch, values);
      long[] mask = {-2L, 1L};
      for (int i = 0; i < 1_000; i++) {
        Vector packed = packing.pack(vector, mask, 64, scratch);
        if (packed != null) {
          assertThat(packed.getLong(0)).isEqualTo(1);
          assertThat(packed.getLong(63)).isEqualTo(64);
        }
        scratch.reset();
        vector = VectorValues.of(DataTypes.INT64, scratch, values);
      }
    }
  }
}
