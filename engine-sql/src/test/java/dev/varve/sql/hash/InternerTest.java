// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;

final class InternerTest {
  /// Strings in one segment, as a batch names them.
  private static MemorySegment fill(List<String> strings, Interner.Batch batch) {
    batch.reserve(strings.size());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < strings.size(); i++) {
      byte[] one = strings.get(i).getBytes(StandardCharsets.UTF_8);
      batch.from[i] = bytes.size();
      batch.lengths[i] = one.length;
      bytes.writeBytes(one);
    }
    MemorySegment source = MemorySegment.ofArray(bytes.toByteArray());
    for (int i = 0; i < strings.size(); i++) {
      batch.hashes[i] = Interner.hash(source, batch.from[i], batch.lengths[i]);
    }
    return source;
  }

  private static List<String> strings(RandomGenerator random) {
    List<String> strings = new ArrayList<>();
    int variety = 1 + random.nextInt(3000);
    String start = "begins alike ".substring(random.nextInt(13));
    for (int i = random.nextInt(2000); i > 0; i--) {
      int number = random.nextInt(variety);
      strings.add(number == 0 ? "" : start.substring(number % 3 % start.length()) + number);
    }
    return strings;
  }

  private final BufferAllocator allocator = new RootAllocator();
  private final List<KeyMemory> memories = new ArrayList<>();

  /// An interner whose bytes stay until the test ends, whoever points to them.
  private Interner interner() {
    KeyMemory memory = KeyMemory.of(allocator);
    memories.add(memory);
    return new Interner(memory);
  }

  @AfterEach
  void close() {
    memories.forEach(KeyMemory::close);
    allocator.close();
  }

  @Randomized(times = 40)
  void manyAtOnceHaveTheNumbersOfOneByOne(RandomGenerator random) {
    Interner together = interner();
    Interner apart = interner();
    Interner.Batch batch = new Interner.Batch();
    if (random.nextBoolean()) {
      assertThat(together.addNull()).isEqualTo(apart.addNull());
    }
    for (int round = 0; round < 6; round++) {
      List<String> strings = strings(random);
      MemorySegment source = fill(strings, batch);
      int count = strings.size();
      int[] ids = new int[count];
      together.addAll(source, batch, count, ids);
      for (int i = 0; i < count; i++) {
        assertThat(ids[i]).isEqualTo(apart.add(source, batch.from[i], batch.lengths[i]));
      }
    }
    assertThat(together.size()).isEqualTo(apart.size());
  }

  @Randomized(times = 20)
  void stringsOfAnotherKeepTheirBytes(RandomGenerator random) {
    Interner ours = interner();
    Interner theirs = interner();
    Interner.Batch batch = new Interner.Batch();
    Map<Integer, String> known = new HashMap<>();
    for (Interner interner : List.of(ours, theirs)) {
      List<String> strings = strings(random);
      MemorySegment source = fill(strings, batch);
      for (int i = 0; i < strings.size(); i++) {
        int id = interner.add(source, batch.from[i], batch.lengths[i]);
        if (interner == theirs) {
          known.put(id, strings.get(i));
        }
      }
    }
    int[] numbers = known.keySet().stream().mapToInt(Integer::intValue).toArray();
    int[] ids = new int[numbers.length];
    boolean points = random.nextBoolean();
    ours.addAllFrom(theirs, numbers, numbers.length, points, batch, ids);
    if (points) {
      theirs.retire();
    }
    for (int i = 0; i < numbers.length; i++) {
      assertThat(text(ours, ids[i])).isEqualTo(known.get(numbers[i]));
    }
  }

  @Randomized(times = 10)
  void sealedInAnyOrderTheyKeepTheirBytesAndHashes(RandomGenerator random) {
    Interner interner = interner();
    List<String> strings = new ArrayList<>(new LinkedHashSet<>(strings(random)));
    strings.add("x".repeat(65_534 + random.nextInt(3)) + "y");
    Interner.Batch batch = new Interner.Batch();
    MemorySegment source = fill(strings, batch);
    interner.addAll(source, batch, strings.size(), new int[strings.size()]);
    int nulls = interner.addNull();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < interner.size(); i++) {
      order.add(random.nextInt(i + 1), i);
    }
    interner.seal(order.stream().mapToInt(Integer::intValue).toArray());
    for (int i = 0; i < order.size(); i++) {
      int before = order.get(i);
      assertThat(interner.isNull(i)).isEqualTo(before == nulls);
      assertThat(interner.hash(i)).isEqualTo(before == nulls ? 1 : batch.hashes[before]);
      assertThat(text(interner, i)).isEqualTo(before == nulls ? null : strings.get(before));
    }
  }

  private Object text(Interner interner, int id) {
    try (Scratch scratch = new Scratch(allocator)) {
      DataType type = DataTypes.parse("Nullable(String)");
      return VectorValues.get(interner.vector(type, new long[] {id}, 0, 1, scratch), 0);
    }
  }
}
