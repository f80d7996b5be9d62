// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RowOrderTest {
  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch scratch = new Scratch(allocator);

  @AfterEach
  void free() {
    scratch.close();
    allocator.close();
  }

  @Randomized(times = 200)
  void rowsComeInTheOrderOfTheirWholeKeysAndStable(RandomGenerator random) {
    List<DataType> types =
        random.nextBoolean()
            ? List.of(DataTypes.STRING, DataTypes.INT32)
            : List.of(DataTypes.INT16, DataTypes.parse("Nullable(UInt8)"));
    int rows = 1 + random.nextInt(300);
    int spread = 1 + random.nextInt(rows);
    List<Vector> keys =
        List.of(vector(types.get(0), rows, spread, random), vector(types.get(1), rows, 3, random));
    KeyEncoder encoder = KeyEncoder.ascending(types);
    int[] picked = IntStream.range(0, rows).filter(i -> random.nextInt(8) > 0).toArray();

    RowOrder order = RowOrder.of(encoder, keys, rows, picked);

    Comparator<Integer> byKey =
        (a, b) -> Arrays.compareUnsigned(encoder.encode(keys, a), encoder.encode(keys, b));
    List<Integer> expected = Arrays.stream(picked).boxed().sorted(byKey).toList();
    assertThat(Arrays.stream(order.rows()).boxed()).containsExactlyElementsOf(expected);
    assertThat(order.isSorted()).isEqualTo(Arrays.equals(order.rows(), picked));
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      if (i == 0 || byKey.compare(expected.get(i - 1), expected.get(i)) != 0) {
        starts.add(i);
      }
    }
    assertThat(IntStream.range(0, order.groups().count()).map(order.groups()::start).boxed())
        .containsExactlyElementsOf(starts);
  }

  private Vector vector(DataType type, int rows, int spread, RandomGenerator random) {
    Object[] values = new Object[rows];
    for (int i = 0; i < rows; i++) {
      int value = random.nextInt(spread);
      values[i] =
          switch (type) {
            case DataType.Text _ -> "customer#" + value;
            case DataType.Nullable _ -> value == 0 ? null : (Object) (long) value;
            default -> (long) (value - spread / 2);
          };
    }
    return VectorValues.of(type, scratch, values);
  }

  @Randomized(times = 100)
  void radixSortIsAStableUnsignedSort(RandomGenerator random) {
    int count = random.nextInt(2000);
    long mask = -1L >>> random.nextInt(64) << random.nextInt(64);
    long[] words = random.longs(count).map(word -> word & mask).toArray();
    int[] rows = IntStream.range(0, count).toArray();
    long[] sorted = words.clone();
    RadixSort.sort(sorted, rows);
    List<Integer> expected =
        IntStream.range(0, count)
            .boxed()
            .sorted((a, b) -> Long.compareUnsigned(words[a], words[b]))
            .toList();
    assertThat(Arrays.stream(rows).boxed()).containsExactlyElementsOf(expected);
    assertThat(sorted).containsExactly(expected.stream().mapToLong(i -> words[i]).toArray());
  }

  @Test
  void rowsWithoutAKeyStayAsTheyAre() {
    RowOrder order =
        RowOrder.of(KeyEncoder.ascending(List.of()), List.of(), 3, new int[] {0, 1, 2});
    assertThat(order.isSorted()).isTrue();
    assertThat(order.rows()).containsExactly(0, 1, 2);
  }
}
