// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.log.EpochEnd;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ElectionTest {
  private static PartitionState state(int leader, List<Integer> isr) {
    return new PartitionState(List.of(1, 2, 3), leader, 4, isr);
  }

  @Test
  void aLeaderThatIsThereGoesOn() {
    PartitionState now = state(2, List.of(2, 3));
    assertThat(Election.next(now, Set.of(1, 2, 3), 2)).isSameAs(now);
    assertThat(Election.next(now, Set.of(1, 2, 3), 1)).as("1 is not in sync").isSameAs(now);
    assertThat(Election.next(now, Set.of(2), 3)).as("3 is away").isSameAs(now);
  }

  @Test
  void onlyServersInSyncLeadNext() {
    assertThat(Election.next(state(2, List.of(2, 3)), Set.of(1, 3), 1))
        .isEqualTo(new PartitionState(List.of(1, 2, 3), 3, 5, List.of(2, 3)));
  }

  @Test
  void withoutAnyInSyncNobodyLeadsUntilOneIsBack() {
    PartitionState none = Election.next(state(2, List.of(2)), Set.of(1, 3), 1);
    assertThat(none.hasLeader()).isFalse();
    assertThat(none.isr()).containsExactly(2);
    assertThat(Election.next(none, Set.of(1, 3), 1)).isSameAs(none);
    assertThat(Election.next(none, Set.of(1, 2, 3), 1).leader()).isEqualTo(2);
  }

  @Test
  void thePreferredServerTakesOverOnceItIsInSync() {
    PartitionState next = Election.next(state(2, List.of(1, 2)), Set.of(1, 2, 3), 1);
    assertThat(next.leader()).isEqualTo(1);
    assertThat(next.epoch()).isEqualTo(5);
  }

  @Test
  void whoStartsAgainLeadsInAnotherEpochOrNotAtAll() {
    PartitionState now = state(2, List.of(2));
    assertThat(Election.afterStart(now, 2, Set.of(1, 2), 1).epoch()).isEqualTo(5);
    assertThat(Election.afterStart(now, 2, Set.of(1, 2), 1).leader()).isEqualTo(2);
    assertThat(Election.afterStart(state(2, List.of(1, 2)), 2, Set.of(1, 2), 1).leader())
        .isEqualTo(1);
    assertThat(Election.afterStart(now, 1, Set.of(1, 2), 1)).isSameAs(now);
  }

  @Test
  void aStateThatCannotBeIsRefused() {
    assertThatThrownBy(() -> state(1, List.of(2))).hasMessageContaining("not in sync");
    assertThatThrownBy(() -> state(-1, List.of())).hasMessageContaining("in sync are");
    assertThatThrownBy(() -> state(-1, List.of(7))).hasMessageContaining("in sync are");
  }

  @Test
  void aFollowerIsCutWhereItsEpochEndsAtTheLeader() {
    assertThat(Divergence.is(new EpochEnd(3, 10), 3, 10)).isFalse();
    assertThat(Divergence.is(new EpochEnd(3, 10), 3, 12)).isTrue();
    assertThat(Divergence.is(new EpochEnd(2, 10), 3, 10)).isTrue();
    assertThat(Divergence.cut(new EpochEnd(3, 10), new EpochEnd(3, 12), 12)).isEqualTo(10);
    assertThat(Divergence.cut(new EpochEnd(2, 10), new EpochEnd(2, 8), 12)).isEqualTo(8);
    assertThat(Divergence.cut(new EpochEnd(2, 10), new EpochEnd(1, 6), 12)).isEqualTo(6);
    assertThat(Divergence.cut(new EpochEnd(-1, -1), new EpochEnd(1, 6), 12)).isZero();
  }
}
