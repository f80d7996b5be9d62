// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ReplicaSimulationTest {
  @Randomized(times = 300)
  void noHistoryLosesOrDoublesAnAcknowledgedChange(RandomGenerator random) {
    SimulatedCluster cluster =
        new SimulatedCluster(3 + 2 * random.nextInt(2), 1 << random.nextInt(5), random);
    int steps = 50 + random.nextInt(200);
    for (int i = 0; i < steps; i++) {
      cluster.step();
    }
    cluster.healAndAgree();
  }

  /// Else the histories above would show nothing.
  @Test
  void historiesCommitChangesInSpiteOfTheFaults() {
    RandomGenerator random = new java.util.SplittableRandom(1);
    SimulatedCluster cluster = new SimulatedCluster(3, 16, random);
    for (int i = 0; i < 5_000; i++) {
      cluster.step();
    }
    assertThat(cluster.commits()).isGreaterThan(400);
  }
}
