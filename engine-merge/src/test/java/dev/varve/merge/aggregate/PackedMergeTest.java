// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// What is merged from bytes to bytes is what the states themselves become.
final class PackedMergeTest {
  private static final long[] EDGES = {
    0, 1, -1, 127, 128, -128, -129, 255, 256, 1 << 23, Long.MAX_VALUE / 2, Long.MIN_VALUE / 2
  };

  @Randomized(times = 200)
  void itIsWhatTheStatesBecome(RandomGenerator random) {
    DataType type = random.nextBoolean() ? DataTypes.INT64 : DataTypes.FLOAT64;
    String name = List.of("sum", "avg", "count").get(random.nextInt(3));
    AggregateFunction function = AggregateStates.of(name, List.of(), List.of(type));
    ByteArrayOutputStream states = new ByteArrayOutputStream();
    int[] ends = new int[random.nextInt(1, 6)];
    AggregateState whole = function.newState();
    for (int i = 1; i < ends.length; i++) {
      byte[] state = state(function, type, random);
      states.writeBytes(state);
      ends[i] = states.size();
      whole.merge(MemorySegment.ofArray(state));
    }
    byte[] to = new byte[PackedMerge.MOST_BYTES + 3];
    int end =
        function
            .packed()
            .merge(MemorySegment.ofArray(states.toByteArray()), ends, 0, ends.length - 1, to, 3);
    if (end != PackedMerge.UNKNOWN) {
      assertThat(Arrays.copyOfRange(to, 3, end)).isEqualTo(whole.serialize());
    } else {
      assertThat(function.packed()).isEqualTo(PackedMerge.INTEGER_SUM); // beyond eight bytes
    }
  }

  private static byte[] state(AggregateFunction function, DataType type, RandomGenerator random) {
    AggregateState state = function.newState();
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      for (int row = random.nextInt(random.nextInt(8) == 0 ? 300 : 3); row > 0; row--) {
        long value = EDGES[random.nextInt(EDGES.length)];
        Object given = type.equals(DataTypes.INT64) ? (Object) value : (Object) (value / 3.0);
        state.update(List.of(VectorValues.of(type, scratch, given)), 0);
      }
    }
    return state.serialize();
  }

  @Test
  void bytesThatAreNoStateAreLeftToTheOneThatNamesThem() {
    for (String hex : List.of("02", "0103", "01030206", "010301", "0100010", "018080")) {
      byte[] state = HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : hex + "6");
      byte[] to = new byte[PackedMerge.MOST_BYTES];
      for (PackedMerge form : PackedMerge.values()) {
        boolean isCount = form == PackedMerge.COUNT && hex.equals("0103");
        int end =
            form.merge(MemorySegment.ofArray(state), new int[] {0, state.length}, 0, 1, to, 0);
        assertThat(end).as(hex).isEqualTo(isCount ? 2 : PackedMerge.UNKNOWN);
      }
    }
  }
}
