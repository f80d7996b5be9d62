// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class SparseIndexTest {
  /// Short keys over few bytes, so that fences repeat and bounds hit them.
  private static byte[] key(RandomGenerator random, int most) {
    byte[] key = new byte[1 + random.nextInt(most)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(3) * 127);
    }
    return key;
  }

  @Randomized(times = 300)
  void rangesHoldEveryGranuleWithAKeyWithinBoundsAndNoOther(RandomGenerator random) {
    int granules = 1 + random.nextInt(20);
    byte[][] fences = new byte[granules + 1][];
    for (int i = 0; i < fences.length; i++) {
      fences[i] = key(random, 10);
    }
    Arrays.sort(fences, Arrays::compareUnsigned);
    SparseIndex index = index(fences);
    KeyBounds bounds = bounds(random);
    for (int g = 0; g < granules; g++) {
      assertThat(index.firstKey(g)).isEqualTo(fences[g]);
      assertThat(g >= index.from(bounds) && g < index.to(bounds))
          .as("granule %d", g)
          .isEqualTo(bounds.overlaps(fences[g], fences[g + 1]));
    }
    assertThat(index.lastKey()).isEqualTo(fences[granules]);
  }

  private static SparseIndex index(byte[][] fences) {
    int[] offsets = new int[fences.length + 1];
    byte[] all = new byte[0];
    for (int i = 0; i < fences.length; i++) {
      all = Arrays.copyOf(all, offsets[i] + fences[i].length);
      System.arraycopy(fences[i], 0, all, offsets[i], fences[i].length);
      offsets[i + 1] = all.length;
    }
    return SparseIndex.of(all, offsets);
  }

  private static KeyBounds bounds(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 -> KeyBounds.ALL;
      case 1 -> KeyBounds.startingWith(key(random, 3));
      case 2 -> KeyBounds.atLeast(key(random, 10)).and(KeyBounds.below(key(random, 10)));
      case 3 -> KeyBounds.above(key(random, 3));
      case 4 -> KeyBounds.atMost(key(random, 10));
      default -> KeyBounds.above(key(random, 3)).and(KeyBounds.atMost(key(random, 3)));
    };
  }

  @Test
  void piecesStandForAllKeysThatBeginWithThem() {
    byte[] piece = {1, (byte) 0xFF};
    byte[] longer = {1, (byte) 0xFF, (byte) 0xFF, 7};
    byte[] next = {2};
    assertThat(KeyBounds.startingWith(piece).contains(longer)).isTrue();
    assertThat(KeyBounds.startingWith(piece).contains(next)).isFalse();
    assertThat(KeyBounds.above(piece).contains(longer)).isFalse();
    assertThat(KeyBounds.above(piece).contains(next)).isTrue();
    assertThat(KeyBounds.atMost(piece).contains(longer)).isTrue();
    assertThat(KeyBounds.below(piece).contains(longer)).isFalse();
    assertThat(KeyBounds.above(new byte[] {(byte) 0xFF}).isEmpty()).isTrue();
    assertThat(KeyBounds.atMost(new byte[] {(byte) 0xFF})).isEqualTo(KeyBounds.ALL);
  }
}
