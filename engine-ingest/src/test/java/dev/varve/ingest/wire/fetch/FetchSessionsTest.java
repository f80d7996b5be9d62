// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

final class FetchSessionsTest {
  private static final Uuid TOPIC = new Uuid(0, 7);
  private static final long MINUTE = 60_000_000_000L;

  private int nextId;
  private final FetchSessions sessions = new FetchSessions(() -> ++nextId);

  private static FetchRequestData request(int session, int epoch, int... partitions) {
    FetchTopic topic = new FetchTopic().setTopicId(TOPIC);
    for (int partition : partitions) {
      topic.partitions().add(new FetchPartition().setPartition(partition));
    }
    FetchRequestData data = new FetchRequestData().setSessionId(session).setSessionEpoch(epoch);
    data.topics().add(topic);
    return data;
  }

  private FetchSession open(int... partitions) {
    return sessions.of(request(0, 0, partitions), true, 0).orElseThrow();
  }

  private static List<Integer> partitions(FetchSession session) {
    return session.asked().stream().map(asked -> asked.partition().partition()).toList();
  }

  private static PartitionData found(long highWatermark, boolean hasRecords) {
    MemoryRecords records =
        hasRecords
            ? MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[1]))
            : MemoryRecords.EMPTY;
    return new PartitionData().setHighWatermark(highWatermark).setRecords(records);
  }

  @Test
  void aSessionKnowsItsPartitionsAndIsToldOnlyWhatChanges() {
    FetchSession session = open(0, 1, 2);
    FetchRequestData changes = request(session.id(), 1, 3);
    changes
        .forgottenTopicsData()
        .add(new ForgottenTopic().setTopicId(TOPIC).setPartitions(List.of(1)));
    assertThat(sessions.of(changes, true, 0)).containsSame(session);
    assertThat(partitions(session)).containsExactly(0, 2, 3);
  }

  @Test
  void aRequestThatWantsNoSessionHasNoneAndEndsTheOneItNames() {
    FetchSession session = open(0);
    assertThat(sessions.of(request(session.id(), -1, 0), true, 0)).isEmpty();
    assertThat(sessions.size()).isZero();
    assertThatThrownBy(() -> sessions.of(request(session.id(), 1), true, 0))
        .isInstanceOf(FetchSessionIdNotFoundException.class);
  }

  @Test
  void aLostOrRepeatedRequestIsNoticed() {
    FetchSession session = open(0);
    assertThatThrownBy(() -> sessions.of(request(session.id(), 2), true, 0))
        .isInstanceOf(InvalidFetchSessionEpochException.class);
    sessions.of(request(session.id(), 1), true, 0);
    assertThatThrownBy(() -> sessions.of(request(session.id(), 1), true, 0))
        .isInstanceOf(InvalidFetchSessionEpochException.class);
    assertThatThrownBy(() -> sessions.of(request(session.id(), 2), false, 0))
        .isInstanceOf(FetchSessionTopicIdException.class);
  }

  @Test
  void aPartitionIsToldOfWhenItHasRecordsOrFailsOrItsEndsMoved() {
    FetchSession session = open(0);
    Asked asked = session.asked().getFirst();
    assertThat(session.tells(asked, found(5, false))).isTrue();
    assertThat(session.tells(asked, found(5, false))).isFalse();
    assertThat(session.tells(asked, found(5, true))).isTrue();
    assertThat(session.tells(asked, found(6, false))).isTrue();
    assertThat(session.tells(asked, found(6, false).setLogStartOffset(2))).isTrue();
    PartitionData failed = found(6, false).setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code());
    assertThat(session.tells(asked, failed)).isTrue();
    assertThat(session.tells(asked, failed)).isTrue();
    assertThat(session.tells(asked, found(6, false).setLogStartOffset(2))).isTrue();
  }

  @Test
  void aPartitionThatGaveRecordsLetsTheOthersGoFirst() {
    FetchSession session = open(0, 1, 2);
    session.tells(session.asked().getFirst(), found(1, true));
    assertThat(partitions(session)).containsExactly(1, 2, 0);
  }

  @Test
  void sessionsInUseAreNotPushedOutAndUnusedOnesAre() {
    for (int i = 0; i < 1000; i++) {
      open(0);
    }
    assertThat(sessions.of(request(0, 0, 0), true, MINUTE)).isEmpty();
    sessions.of(request(1, 1), true, MINUTE);
    assertThat(sessions.of(request(0, 0, 0), true, 2 * MINUTE)).isPresent();
    assertThat(sessions.size()).isEqualTo(1000);
    assertThat(sessions.of(request(1, 2), true, 2 * MINUTE)).isPresent();
    assertThatThrownBy(() -> sessions.of(request(2, 1), true, 2 * MINUTE))
        .isInstanceOf(FetchSessionIdNotFoundException.class);
  }
}
