// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

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

  @Randomized(times = 40)
  void manyAtOnceHaveTheNumbersOfOneByOne(RandomGenerator random) {
    Interner together = new Interner();
    Interner apart = new Interner();
    Interner.Batch batch = new Interner.Batch();
    if (random.nextBoolean()) {
      assertThat(together.addNull()).isEqualTo(apart.addNull());
    }
    for (int round = 0; round < 6; round++) {
      List<String> strings = strings(random);
      MemorySegment source = fill(strings, batch);
      int count = strings.size();
      int[] ids = new int[count];
      together.addAll(source, batch.from, batch.lengths, batch.hashes, count, ids);
      for (int i = 0; i < count; i++) {
        assertThat(ids[i]).isEqualTo(apart.add(source, batch.from[i], batch.lengths[i]));
      }
    }
    assertThat(together.size()).isEqualTo(apart.size());
  }

  @Randomized(times = 20)
  void stringsOfAnotherKeepTheirBytes(RandomGenerator random) {
    Interner ours = new Interner();
    Interner theirs = new Interner();
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
    ours.addAllFrom(theirs, numbers, numbers.length, batch, ids);
    for (int i = 0; i < numbers.length; i++) {
      MemorySegment bytes =
          ours.bytes().asSlice(ours.offset(ids[i]), ours.offset(ids[i] + 1) - ours.offset(ids[i]));
      String found = new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
      assertThat(found).isEqualTo(known.get(numbers[i]));
    }
  }
}
