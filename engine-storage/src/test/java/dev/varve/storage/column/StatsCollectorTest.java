// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.RootAllocator;

final class StatsCollectorTest {
  /// Few letters, zero bytes and long shared beginnings among them, so that strings tie often.
  private static byte[] text(RandomGenerator random, int shared) {
    byte[] text = new byte[random.nextInt(4) == 0 ? shared : shared + random.nextInt(20)];
    Arrays.fill(text, (byte) 'x');
    for (int i = shared; i < text.length; i++) {
      text[i] = (byte) (random.nextInt(3) == 0 ? 0 : 126 + random.nextInt(4));
    }
    return text;
  }

  @Randomized(times = 300)
  void boundsOfStringsAreTheLeastAndTheGreatest(RandomGenerator random) {
    int shared = random.nextInt(3) == 0 ? 0 : random.nextInt(80);
    int rows = 1 + random.nextInt(200);
    boolean nulls = random.nextBoolean();
    List<byte[]> present = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator();
        Scratch memory = new Scratch(allocator);
        Scratch temporary = new Scratch(allocator)) {
      VectorBuilder builder = new VectorBuilder(DataTypes.nullable(DataTypes.STRING), memory);
      builder.appendBytes(text(random, shared)); // not looked at
      for (int row = 0; row < rows; row++) {
        if (nulls && random.nextInt(4) == 0) {
          builder.appendNull();
        } else {
          present.add(text(random, shared));
          builder.appendBytes(present.getLast());
        }
      }
      ColumnStats stats = new StatsCollector().collect(builder.build(), 1, rows + 1, temporary);

      assertThat(stats.nulls()).isEqualTo(rows - present.size());
      if (present.isEmpty()) {
        assertThat(stats.min()).isNull();
        return;
      }
      present.sort(Arrays::compareUnsigned);
      byte[] least = present.getFirst();
      byte[] greatest = present.getLast();
      int most = StatsCollector.BOUND_BYTES;
      assertThat((byte[]) stats.min())
          .isEqualTo(Arrays.copyOf(least, Math.min(most, least.length)));
      assertThat((byte[]) stats.max())
          .isEqualTo(greatest.length <= most ? greatest : StatsCollector.countedUp(greatest));
      assertThat(stats.exact()).isEqualTo(least.length <= most && greatest.length <= most);
    }
  }
}
