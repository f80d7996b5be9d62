// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.ingest.log.Durability;
import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.sink.CommitQueue;
import dev.varve.ingest.wire.group.GroupCoordination;
import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.ingest.wire.group.StateLog;
import dev.varve.test.FaultyDisk;
import dev.varve.test.FaultyDisk.Fault;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A group commits its offset four times, and the life is broken off at each operation on files: a
/// commit that was answered is there, and none is there that was never asked for.
final class OffsetCommitStepsTest {
  private static final int COMMITS = 4;
  private static final Topic CLICKS = new Topic(new UUID(1, 1), "clicks", 1, "", Map.of());
  private static final RequestContext ASKER =
      new Caller("test", InetAddress.getLoopbackAddress())
          .context(new RequestHeader(ApiKeys.OFFSET_COMMIT, (short) 9, "test", 0));

  private static final class Life {
    private final FaultyDisk disk = new FaultyDisk();
    private long answered;
    private long asked;
    private PartitionLog log;
    private CommitQueue queue;
    private GroupCoordination groups;

    void open() {
      log = PartitionLog.open(disk.root().resolve("0"), LogSettings.defaults(), () -> 0, 0);
      queue = new CommitQueue(0, log, null, null, null, Thread.ofVirtual().factory(), null);
      groups =
          GroupCoordination.start(
              new OneLog(log, queue), 1, GroupSettings.defaults(), List.of(CLICKS));
    }

    void run() throws Exception {
      while (answered < COMMITS && commit(answered + 1)) {
        answered = asked;
      }
    }

    /// False if the disk went away before the answer.
    private boolean commit(long offset) throws Exception {
      OffsetCommitRequestPartition partition =
          new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(offset);
      OffsetCommitRequestData data =
          new OffsetCommitRequestData()
              .setGroupId("group")
              .setTopics(
                  List.of(
                      new OffsetCommitRequestTopic()
                          .setName("clicks")
                          .setPartitions(List.of(partition))));
      asked = Math.max(asked, offset);
      while (true) {
        var answer = groups.coordinator().commitOffsets(ASKER, data, BufferSupplier.NO_CACHING);
        while (!answer.isDone() && !disk.isGone()) {
          LockSupport.parkNanos(50_000);
        }
        if (disk.isGone()) {
          return false;
        }
        short error = answer.get().topics().getFirst().partitions().getFirst().errorCode();
        if (error == 0) {
          return true;
        }
        assertThat(Errors.forCode(error)).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
      }
    }

    /// The offset that the group finds, 0 if none.
    long found() throws Exception {
      OffsetFetchRequestGroup wanted =
          new OffsetFetchRequestGroup()
              .setGroupId("group")
              .setTopics(
                  List.of(
                      new OffsetFetchRequestTopics()
                          .setName("clicks")
                          .setPartitionIndexes(List.of(0))));
      while (true) {
        try {
          OffsetFetchResponseGroup found =
              groups.coordinator().fetchOffsets(ASKER, wanted, true).get();
          if (found.errorCode() != Errors.COORDINATOR_LOAD_IN_PROGRESS.code()) {
            assertThat(Errors.forCode(found.errorCode())).isEqualTo(Errors.NONE);
            long offset = found.topics().getFirst().partitions().getFirst().committedOffset();
            return Math.max(0, offset);
          }
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(CoordinatorLoadInProgressException.class);
        }
        LockSupport.parkNanos(1_000_000);
      }
    }

    void close() {
      groups.close();
      queue.close();
      queue.awaitIdle();
      try {
        log.close();
      } catch (RuntimeException e) {
        assertThat(disk.hasFailed()).as(e.toString()).isTrue();
      }
    }
  }

  private record OneLog(PartitionLog log, CommitQueue queue) implements StateLog {
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
      return queue.append(bytes, from, to - from, null, Durability.SYNCED);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnsweredCommitIsThereWhereverTheServerEnds(boolean powerCut) throws Exception {
    Life whole = new Life();
    whole.open();
    assertThat(whole.found()).isZero();
    long before = whole.disk.operations();
    whole.run();
    assertThat(whole.found()).isEqualTo(COMMITS);
    long operations = whole.disk.operations() - before;
    whole.close();
    assertThat(operations).isGreaterThanOrEqualTo(2 * COMMITS);
    for (long step = 1; step <= operations; step++) {
      Life life = new Life();
      life.open();
      assertThat(life.found()).isZero();
      life.disk.failOperation(life.disk.operations() + step, Fault.GONE);
      life.run();
      life.close();
      if (powerCut) {
        life.disk.powerCut(new Random(step));
      } else {
        life.disk.killProcess();
      }
      life.open();
      assertThat(life.found()).as("after operation " + step).isBetween(life.answered, life.asked);
      life.run();
      assertThat(life.found()).as("after operation " + step).isEqualTo(COMMITS);
      life.close();
    }
  }
}
