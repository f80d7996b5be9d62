// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

final class SearchTest {
  @Randomized(times = 2000)
  void findsWhatLookingAtEachPlaceFinds(RandomGenerator random) {
    byte[] bytes = text(random, random.nextInt(80));
    byte[] wanted = text(random, random.nextInt(random.nextInt(1, 12)));
    int from = random.nextInt(bytes.length + 1);
    int to = random.nextInt(from, bytes.length + 1);

    assertThat(Search.indexOf(MemorySegment.ofArray(bytes), from, to, wanted))
        .isEqualTo(placeByPlace(bytes, from, to, wanted));
  }

  // Few letters, so that parts of what is wanted are met again and again; some have the high bit.
  private static byte[] text(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (random.nextBoolean() ? 'a' : random.nextInt(-128, 4));
    }
    return bytes;
  }

  private static long placeByPlace(byte[] bytes, int from, int to, byte[] wanted) {
    for (int at = from; at <= to - wanted.length; at++) {
      if (java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }
}
