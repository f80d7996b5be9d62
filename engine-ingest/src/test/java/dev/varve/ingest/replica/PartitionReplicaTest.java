// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.record.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PartitionReplicaTest {
  private static final long LAG = 100;
  private static final Set<Integer> ALL = Set.of(1, 2, 3);

  private final PartitionReplica replica = new PartitionReplica(1, LAG);

  private static PartitionState ledBy(int leader, int epoch, Integer... isr) {
    return new PartitionState(List.of(1, 2, 3), leader, epoch, List.of(isr));
  }

  /// Leads from epoch 5 on, with ten records in its log.
  private void lead(Integer... isr) {
    replica.see(ledBy(2, 4, isr), 0, 10, 0);
    assertThat(replica.see(ledBy(1, 5, isr), 1, 10, 0)).isTrue();
    assertThat(replica.isLeader()).isTrue();
  }

  @Test
  void whatAllInSyncHaveOnDiskIsCommitted() {
    lead(1, 2, 3);
    assertThat(replica.synced(12)).isFalse();
    assertThat(replica.fetched(2, 12, 12, 0)).isFalse();
    assertThat(replica.fetched(3, 11, 12, 0)).isTrue();
    assertThat(replica.highWatermark()).isEqualTo(11);
    assertThat(replica.fetched(3, 12, 12, 0)).isTrue();
    assertThat(replica.fetched(2, 14, 14, 0)).as("the leader's own disk counts").isFalse();
    assertThat(replica.highWatermark()).isEqualTo(12);
  }

  @Test
  void whoLedBeforeItStartedDoesNotGoOn() {
    replica.see(ledBy(1, 5, 1, 2), 3, 10, 0);
    assertThat(replica.isLeader()).isFalse();
    assertThat(replica.needsNewEpoch()).isTrue();
    assertThatThrownBy(replica::requireLeader).isInstanceOf(RefusedException.class);
    replica.see(ledBy(1, 6, 1, 2), 4, 10, 0);
    assertThat(replica.isLeader()).isTrue();
    assertThat(replica.needsNewEpoch()).isFalse();
  }

  @Test
  void anOlderStateChangesNothing() {
    lead(1, 2);
    assertThat(replica.see(ledBy(2, 4, 1, 2), 0, 10, 0)).isFalse();
    assertThat(replica.see(ledBy(1, 5, 1, 2, 3), 1, 10, 0)).isFalse();
    assertThat(replica.isLeader()).isTrue();
    assertThat(replica.state().isr()).containsExactly(1, 2);
  }

  @Test
  void whoIsLateOrAwayGoesOutOfSync() {
    lead(1, 2, 3);
    replica.synced(20);
    replica.fetched(2, 20, 20, 90);
    replica.fetched(3, 10, 20, 90);
    assertThat(replica.wish(ALL, 100)).isEmpty();
    assertThat(replica.wish(ALL, 101).orElseThrow().isr()).containsExactly(1, 2);
    assertThat(replica.highWatermark()).as("until it is known to be out").isEqualTo(10);
    replica.granted(ledBy(1, 5, 1, 2), 2);
    assertThat(replica.highWatermark()).isEqualTo(20);
    assertThat(replica.wish(Set.of(1, 3), 101).orElseThrow().isr()).containsExactly(1);
  }

  @Test
  void whoHasWhatTheLeaderHadWhenItAskedLastIsInTime() {
    lead(1, 2);
    replica.synced(20);
    replica.fetched(2, 10, 20, 50);
    replica.fetched(2, 20, 30, 120);
    assertThat(replica.wish(ALL, 150)).as("it was there at 50").isEmpty();
    assertThat(replica.wish(ALL, 151)).isPresent();
  }

  @Test
  void whoCaughtUpComesInAndCountsFromTheWishOn() {
    lead(1, 2);
    replica.synced(12);
    replica.fetched(3, 12, 12, 0);
    assertThat(replica.wish(ALL, 0)).as("the end is not known yet").isEmpty();
    replica.fetched(2, 12, 12, 0);
    Optional<PartitionState> wish = replica.wish(ALL, 0);
    assertThat(wish.orElseThrow().isr()).containsExactly(1, 2, 3);
    replica.synced(13);
    replica.fetched(2, 13, 13, 0);
    assertThat(replica.highWatermark()).as("3 may be in sync already").isEqualTo(12);
    assertThat(replica.wish(Set.of(1, 2), 0))
        .as("asked again until something is written")
        .isPresent();
    assertThat(replica.highWatermark()).isEqualTo(12);
    replica.see(ledBy(1, 5, 1, 2), 2, 13, 0);
    replica.synced(13);
    assertThat(replica.highWatermark()).isEqualTo(13);
  }

  @Test
  void aLeaderKnowsTheEndWhenItHasCommittedAllOfItsPredecessors() {
    lead(1, 2);
    replica.synced(10);
    assertThat(replica.knowsTheEnd()).isFalse();
    replica.fetched(2, 10, 10, 0);
    assertThat(replica.knowsTheEnd()).isTrue();
  }

  @Test
  void followersLearnWhatIsCommittedAsFarAsTheyHaveIt() {
    replica.see(ledBy(2, 4, 1, 2), 0, 10, 0);
    assertThat(replica.isFollower()).isTrue();
    assertThat(replica.learn(8, 6)).isTrue();
    assertThat(replica.highWatermark()).isEqualTo(6);
    assertThat(replica.learn(5, 6)).isFalse();
    assertThat(replica.wish(ALL, 1000)).isEmpty();
  }

  @Test
  void othersEpochsAreRefused() {
    lead(1, 2);
    replica.checkEpoch(5);
    replica.checkEpoch(-1);
    assertThatThrownBy(() -> replica.checkEpoch(4)).hasMessageContaining("epoch 5, not 4");
    assertThatThrownBy(() -> replica.checkEpoch(6)).hasMessageContaining("epoch 5, not 6");
    assertThatThrownBy(() -> replica.fetched(9, 1, 1, 0)).hasMessageContaining("no copy");
  }
}
