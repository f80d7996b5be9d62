// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class KeyOverlapTest {
  private static KeyOverlap.Range range(int first, int last) {
    return new KeyOverlap.Range(new byte[] {(byte) first}, new byte[] {(byte) last});
  }

  @Test
  void rangesThatFollowEachOtherDoNotMeet() {
    assertThat(KeyOverlap.of(List.of(range(0, 9), range(20, 29), range(10, 19))))
        .containsExactly(0, 0, 0);
  }

  @Test
  void aSharedEndIsAMeeting() {
    assertThat(KeyOverlap.of(List.of(range(0, 10), range(10, 200), range(5, 6))))
        .containsExactly(1, 0.5, 0.5);
  }

  @Test
  void onePartAloneMeetsNothing() {
    assertThat(KeyOverlap.of(List.of(range(3, 3)))).containsExactly(0);
  }

  @Randomized(times = 50)
  void sharesAreThoseOfComparingEveryPair(RandomGenerator random) {
    List<KeyOverlap.Range> ranges = new ArrayList<>();
    List<int[]> ends = new ArrayList<>();
    int count = 2 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      int first = random.nextInt(256);
      int last = first + random.nextInt(256 - first);
      ends.add(new int[] {first, last});
      ranges.add(range(first, last));
    }
    double[] shares = KeyOverlap.of(ranges);
    for (int i = 0; i < count; i++) {
      int[] own = ends.get(i);
      long meeting = ends.stream().filter(o -> o[0] <= own[1] && own[0] <= o[1]).count() - 1;
      assertThat(shares[i]).isEqualTo((double) meeting / (count - 1));
    }
  }
}
