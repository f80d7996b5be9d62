// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.LogSlice;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.wire.fetch.Asked;
import dev.varve.ingest.wire.fetch.FetchSession;
import dev.varve.ingest.wire.fetch.FetchSessions;
import dev.varve.ingest.wire.fetch.FileRecords;
import dev.varve.merge.access.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/// Fetch, with sessions. A request waits for its minimum of bytes, woken by the commits of its
/// partitions. Nothing is read for the answer: it says where records lie in the log's files.
final class FetchHandler implements Handler {
  private static final int MAX_RESPONSE_BYTES = 64 << 20;
  private static final short FIRST_WITH_TOPIC_IDS = 13;

  /// A partition that is asked for, and its log, or why there is none.
  private record Wanted(Asked asked, PartitionLog log, RefusedException refusal) {}

  /// What the partitions that are wanted have, one by one.
  private record Found(List<PartitionData> partitions, long bytes, boolean isRefusal) {}

  private final BrokerOperations broker;
  private final LongSupplier nanoClock;
  private final Set<Semaphore> waiting = ConcurrentHashMap.newKeySet();
  private final FetchSessions sessions =
      new FetchSessions(() -> ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));

  FetchHandler(BrokerOperations broker, LongSupplier nanoClock) {
    this.broker = broker;
    this.nanoClock = nanoClock;
  }

  @Override
  public Answer handle(Call call) {
    FetchRequest fetch = (FetchRequest) call.body();
    boolean usesTopicIds = call.version() >= FIRST_WITH_TOPIC_IDS;
    Optional<FetchSession> session = sessions.of(fetch.data(), usesTopicIds, nanoClock.getAsLong());
    List<Asked> asked = session.map(FetchSession::asked).orElseGet(() -> Asked.of(fetch.data()));
    TopicRights rights = TopicRights.of(broker, call);
    List<Wanted> wanted = asked.stream().map(each -> resolve(each, usesTopicIds, rights)).toList();
    return () -> answer(fetch, session, wanted, await(fetch, wanted));
  }

  private Wanted resolve(Asked asked, boolean usesTopicIds, TopicRights rights) {
    try {
      Topic topic =
          usesTopicIds
              ? rights.require(Privilege.SELECT, Ids.uuid(asked.topicId()))
              : rights.require(Privilege.SELECT, asked.topic());
      return new Wanted(asked, broker.log(topic, asked.partition().partition()), null);
    } catch (RefusedException e) {
      return new Wanted(asked, null, e);
    }
  }

  private Found await(FetchRequest fetch, List<Wanted> wanted) throws InterruptedException {
    Found found = find(fetch, wanted);
    long deadline = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(fetch.maxWait());
    if (isEnough(found, fetch) || fetch.maxWait() <= 0) {
      return found;
    }
    Semaphore commits = new Semaphore(0);
    Runnable listener = commits::release;
    waiting.add(commits);
    listen(wanted, listener, true);
    try {
      while (true) {
        commits.drainPermits();
        found = find(fetch, wanted);
        long left = deadline - nanoClock.getAsLong();
        if (isEnough(found, fetch) || left <= 0 || broker.isStopping()) {
          return found;
        }
        commits.tryAcquire(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      waiting.remove(commits);
      listen(wanted, listener, false);
    }
  }

  /// Wakes all that wait, once the broker says that it stops.
  void stop() {
    waiting.forEach(Semaphore::release);
  }

  private static boolean isEnough(Found found, FetchRequest fetch) {
    return found.isRefusal || found.bytes >= fetch.minBytes();
  }

  private static void listen(List<Wanted> wanted, Runnable listener, boolean on) {
    for (Wanted partition : wanted) {
      if (partition.log != null && on) {
        partition.log.addCommitListener(listener);
      } else if (partition.log != null) {
        partition.log.removeCommitListener(listener);
      }
    }
  }

  /// A session is told only what changed, but for its first answer.
  private static AbstractResponse answer(
      FetchRequest fetch, Optional<FetchSession> session, List<Wanted> wanted, Found found) {
    FetchResponseData data = new FetchResponseData();
    session.ifPresent(known -> data.setSessionId(known.id()));
    boolean tellsAll = fetch.metadata().isFull();
    Asked before = null;
    for (int i = 0; i < wanted.size(); i++) {
      Asked asked = wanted.get(i).asked;
      PartitionData partition = found.partitions.get(i);
      boolean changed = session.isEmpty() || session.get().tells(asked, partition);
      if (!changed && !tellsAll) {
        continue;
      }
      if (before == null || !asked.isOfTopicOf(before)) {
        data.responses()
            .add(new FetchableTopicResponse().setTopic(asked.topic()).setTopicId(asked.topicId()));
      }
      data.responses().getLast().partitions().add(partition);
      before = asked;
    }
    return FetchResponse.of(data);
  }

  private static Found find(FetchRequest fetch, List<Wanted> wanted) {
    boolean committedOnly = fetch.data().isolationLevel() != IsolationLevel.READ_UNCOMMITTED.id();
    List<PartitionData> partitions = new ArrayList<>(wanted.size());
    int left = Math.min(fetch.maxBytes(), MAX_RESPONSE_BYTES);
    long bytes = 0;
    boolean isRefusal = false;
    for (Wanted partition : wanted) {
      PartitionData found = find(partition, left, bytes == 0, committedOnly);
      int size = found.records().sizeInBytes();
      left = Math.max(0, left - size);
      bytes += size;
      isRefusal |= found.errorCode() != 0;
      partitions.add(found);
    }
    return new Found(partitions, bytes, isRefusal);
  }

  private static PartitionData find(
      Wanted wanted, int left, boolean isFirst, boolean committedOnly) {
    FetchPartition request = wanted.asked.partition();
    PartitionData data =
        new PartitionData().setPartitionIndex(request.partition()).setHighWatermark(-1);
    try {
      if (wanted.refusal != null) {
        throw wanted.refusal;
      }
      PartitionLog log = wanted.log;
      log.epochs().check(request.currentLeaderEpoch());
      int maxBytes = Math.min(left, request.partitionMaxBytes());
      LogSlice slice = log.slice(request.fetchOffset(), maxBytes, isFirst, committedOnly);
      if (committedOnly) {
        data.setAbortedTransactions(aborted(log, request.fetchOffset(), slice.endOffset()));
      }
      return data.setHighWatermark(log.highWatermark())
          .setLastStableOffset(log.lastStableOffset())
          .setLogStartOffset(log.startOffset())
          .setRecords(slice.size() == 0 ? MemoryRecords.EMPTY : new FileRecords(slice));
    } catch (RefusedException e) {
      return data.setErrorCode(WireErrors.code(e.refusal())).setRecords(MemoryRecords.EMPTY);
    }
  }

  /// The aborted transactions that have records between two offsets.
  private static List<AbortedTransaction> aborted(PartitionLog log, long from, long to) {
    List<AbortedTransaction> answer = new ArrayList<>();
    for (var aborted : log.aborted(from, to)) {
      answer.add(
          new AbortedTransaction()
              .setProducerId(aborted.producerId())
              .setFirstOffset(aborted.firstOffset()));
    }
    return answer;
  }
}
