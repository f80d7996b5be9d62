// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SyncTurnsTest {
  private final SyncTurns turns = new SyncTurns();

  @Test
  void aLaterSyncCountsOnceEarlierOnesHaveEnded() {
    SyncTurns.Turn first = turns.begin(10);
    SyncTurns.Turn second = turns.begin(20);
    SyncTurns.Turn third = turns.begin(30);
    assertThat(turns.end(second)).isZero();
    assertThat(turns.end(first)).isEqualTo(20);
    assertThat(turns.end(third)).isEqualTo(30);
  }

  @Test
  void nothingCountsBehindASyncThatFailed() {
    turns.begin(10);
    SyncTurns.Turn second = turns.begin(20);
    assertThat(turns.end(second)).isZero();
    assertThat(turns.end(turns.begin(30))).isZero();
  }

  @Test
  void whatIsDurableStaysSoThoughALaterSyncSawLess() {
    SyncTurns.Turn ahead = turns.begin(20);
    SyncTurns.Turn behind = turns.begin(10);
    assertThat(turns.end(ahead)).isEqualTo(20);
    assertThat(turns.end(behind)).isEqualTo(20);
  }
}
