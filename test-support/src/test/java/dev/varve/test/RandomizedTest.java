// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;

final class RandomizedTest {
  private static final Set<Long> FIRST_NUMBERS = new HashSet<>();

  @Randomized(times = 5)
  void eachRunHasASeedOfItsOwn(RandomGenerator random) {
    assertThat(FIRST_NUMBERS.add(random.nextLong())).isTrue();
  }

  @AfterAll
  static void everyRunTookPlace() {
    if (System.getProperty("varve.seed", "").isEmpty()) {
      assertThat(FIRST_NUMBERS).hasSize(Integer.getInteger("varve.times", 5));
    }
  }
}
