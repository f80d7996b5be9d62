// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class LogSimulationTest {
  @Randomized(times = 300)
  void noHistoryLosesOrDoublesWhatWasCommitted(RandomGenerator random) {
    SimulatedLog log = new SimulatedLog(3 + 2 * random.nextInt(2), 1 << random.nextInt(5), random);
    int steps = 200 + random.nextInt(800);
    for (int i = 0; i < steps; i++) {
      log.step();
    }
    log.healAndAgree();
  }

  /// Else the histories above would show nothing.
  @Test
  void historiesCommitRecordsUnderManyLeadersInSpiteOfTheFaults() {
    SimulatedLog log = new SimulatedLog(3, 4, new SplittableRandom(1));
    for (int i = 0; i < 20_000; i++) {
      log.step();
    }
    assertThat(log.records()).isGreaterThan(200);
    assertThat(log.epochs()).isGreaterThan(50);
  }
}
