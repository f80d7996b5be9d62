// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.wire.group.GroupCoordination;
import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.ingest.wire.group.StateLog;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Groups that nobody is in any more go with their offsets after `offsets.retention.minutes`, and
/// give their memory back.
final class ExpiredGroupsTest {
  private static final int GROUPS = 4_000;
  private static final int RETENTION_MINUTES = 60;
  private static final Topic CLICKS = new Topic(new UUID(1, 1), "clicks", 1, "", Map.of());
  private static final RequestContext ASKER =
      new Caller("test", InetAddress.getLoopbackAddress())
          .context(new RequestHeader(ApiKeys.OFFSET_COMMIT, (short) 9, "test", 0));

  @TempDir Path directory;
  private final HandTurnedClock clock = new HandTurnedClock();
  private PartitionLog log;
  private GroupCoordination groups;

  private record OneLog(PartitionLog log) implements StateLog {
    @Override
    public int partitions() {
      return 1;
    }

    @Override
    public PartitionLog log(int partition) {
      return log;
    }

    @Override
    public CompletableFuture<?> append(int partition, byte[] bytes, int from, int to) {
      Appended appended = log.append(bytes, from, to - from);
      log.commit(appended);
      return CompletableFuture.completedFuture(appended);
    }
  }

  @BeforeEach
  void open() {
    log = PartitionLog.open(directory, LogSettings.defaults(), clock::milliseconds, 0);
    GroupSettings settings = new GroupSettings(0, 10, 45_000, 5_000, RETENTION_MINUTES);
    groups = GroupCoordination.start(new OneLog(log), 1, settings, List.of(CLICKS), clock, clock);
  }

  @AfterEach
  void close() {
    groups.close();
    log.close();
  }

  private short commit(String group) throws Exception {
    OffsetCommitRequestData data =
        new OffsetCommitRequestData()
            .setGroupId(group)
            .setTopics(
                List.of(
                    new OffsetCommitRequestTopic()
                        .setName("clicks")
                        .setPartitions(
                            List.of(
                                new OffsetCommitRequestPartition()
                                    .setPartitionIndex(0)
                                    .setCommittedOffset(5)))));
    return groups
        .coordinator()
        .commitOffsets(ASKER, data, BufferSupplier.NO_CACHING)
        .get()
        .topics()
        .getFirst()
        .partitions()
        .getFirst()
        .errorCode();
  }

  private void commitAll(String prefix) throws Exception {
    while (commit(prefix) == Errors.COORDINATOR_LOAD_IN_PROGRESS.code()) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < GROUPS; i++) {
      assertThat(commit(prefix + i)).isZero();
    }
  }

  private int known() throws Exception {
    ListGroupsResponseData list =
        groups.coordinator().listGroups(ASKER, new ListGroupsRequestData()).get();
    return list.groups().size();
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// Turns the clock on until nothing is left; the coordinator looks every ten minutes.
  private void expire() throws Exception {
    clock.advanceClock(TimeUnit.MINUTES.toMillis(RETENTION_MINUTES));
    while (known() > 0) {
      clock.advanceClock(TimeUnit.MINUTES.toMillis(10));
    }
  }

  @Test
  @Timeout(120)
  void groupsThatNobodyIsInGoAndGiveTheirMemoryBack() throws Exception {
    commitAll("early");
    expire();
    long before = usedBytes();
    for (int round = 0; round < 3; round++) {
      commitAll("group" + round + "-");
      assertThat(known()).isEqualTo(GROUPS + 1);
      long full = usedBytes() - before;
      assertThat(full).as("what %s groups take", GROUPS).isPositive();
      expire();
      long left = usedBytes() - before;
      System.out.println("live heap of " + GROUPS + " groups: " + full + " bytes, then " + left);
      assertThat(left).as("of %s bytes", full).isLessThan(full / 4);
    }
  }

  @Test
  @Timeout(120)
  void groupsThatAreYoungerStay() throws Exception {
    commitAll("group");
    clock.advanceClock(TimeUnit.MINUTES.toMillis(RETENTION_MINUTES - 10));
    clock.advanceClock(TimeUnit.MINUTES.toMillis(5));
    assertThat(known()).isEqualTo(GROUPS + 1);
  }
}
