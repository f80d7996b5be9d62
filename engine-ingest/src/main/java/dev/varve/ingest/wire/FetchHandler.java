// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/// Fetch without sessions: a client that asks for one is told session id 0 and goes on with full
/// requests. A request waits for its minimum of bytes, woken by the commits of its partitions.
final class FetchHandler implements Handler {
  private static final int MAX_RESPONSE_BYTES = 64 << 20;
  // Between two looks at whether the broker stops.
  private static final long WAIT_STEP_NANOS = 200_000_000;

  /// A partition that is asked for, and its log, or why there is none.
  private record Wanted(FetchPartition request, PartitionLog log, RefusedException refusal) {}

  private record WantedTopic(FetchTopic request, List<Wanted> partitions) {}

  private record Found(FetchResponseData data, long bytes, boolean isRefusal) {}

  private final BrokerOperations broker;
  private final LongSupplier nanoClock;

  FetchHandler(BrokerOperations broker, LongSupplier nanoClock) {
    this.broker = broker;
    this.nanoClock = nanoClock;
  }

  @Override
  public Answer handle(Call call) {
    FetchRequest fetch = (FetchRequest) call.body();
    if (fetch.metadata().sessionId() != 0) {
      FetchResponseData none =
          new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
      return () -> FetchResponse.of(none);
    }
    List<WantedTopic> wanted = new ArrayList<>();
    for (FetchTopic topic : fetch.data().topics()) {
      wanted.add(resolve(topic, call.version()));
    }
    return () -> await(fetch, wanted);
  }

  private WantedTopic resolve(FetchTopic request, short version) {
    Optional<Topic> topic =
        version >= 13 ? broker.topic(Ids.uuid(request.topicId())) : broker.topic(request.topic());
    List<Wanted> partitions = new ArrayList<>();
    for (FetchPartition partition : request.partitions()) {
      try {
        Topic known =
            topic.orElseThrow(() ->
                new RefusedException(
                    version >= 13 ? Refusal.UNKNOWN_TOPIC_ID : Refusal.UNKNOWN_TOPIC_OR_PARTITION,
                    "no such topic"));
        partitions.add(new Wanted(partition, broker.log(known, partition.partition()), null));
      } catch (RefusedException e) {
        partitions.add(new Wanted(partition, null, e));
      }
    }
    return new WantedTopic(request, partitions);
  }

  private AbstractResponse await(FetchRequest fetch, List<WantedTopic> wanted)
      throws InterruptedException {
    Found found = read(fetch, wanted);
    long deadline = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(fetch.maxWait());
    if (isEnough(found, fetch) || fetch.maxWait() <= 0) {
      return FetchResponse.of(found.data);
    }
    Semaphore commits = new Semaphore(0);
    Runnable listener = commits::release;
    listen(wanted, listener, true);
    try {
      while (true) {
        commits.drainPermits();
        found = read(fetch, wanted);
        long left = deadline - nanoClock.getAsLong();
        if (isEnough(found, fetch) || left <= 0 || broker.isStopping()) {
          return FetchResponse.of(found.data);
        }
        commits.tryAcquire(Math.min(left, WAIT_STEP_NANOS), TimeUnit.NANOSECONDS);
      }
    } finally {
      listen(wanted, listener, false);
    }
  }

  private static boolean isEnough(Found found, FetchRequest fetch) {
    return found.isRefusal || found.bytes >= fetch.minBytes();
  }

  private static void listen(List<WantedTopic> wanted, Runnable listener, boolean on) {
    for (WantedTopic topic : wanted) {
      for (Wanted partition : topic.partitions) {
        if (partition.log != null && on) {
          partition.log.addCommitListener(listener);
        } else if (partition.log != null) {
          partition.log.removeCommitListener(listener);
        }
      }
    }
  }

  private static Found read(FetchRequest fetch, List<WantedTopic> wanted) {
    boolean committedOnly = fetch.data().isolationLevel() != IsolationLevel.READ_UNCOMMITTED.id();
    FetchResponseData data = new FetchResponseData();
    int left = Math.min(fetch.maxBytes(), MAX_RESPONSE_BYTES);
    long bytes = 0;
    boolean isRefusal = false;
    for (WantedTopic topic : wanted) {
      FetchableTopicResponse response =
          new FetchableTopicResponse()
              .setTopic(topic.request.topic())
              .setTopicId(topic.request.topicId());
      for (Wanted partition : topic.partitions) {
        PartitionData read = read(partition, left, bytes == 0, committedOnly);
        int size = read.records() == null ? 0 : read.records().sizeInBytes();
        left = Math.max(0, left - size);
        bytes += size;
        isRefusal |= read.errorCode() != 0;
        response.partitions().add(read);
      }
      data.responses().add(response);
    }
    return new Found(data, bytes, isRefusal);
  }

  /// The aborted transactions that have records among these.
  private static List<AbortedTransaction> aborted(PartitionLog log, long from, ByteBuffer records) {
    List<AbortedTransaction> answer = new ArrayList<>();
    for (var aborted : log.aborted(from, endOf(records, from))) {
      answer.add(
          new AbortedTransaction()
              .setProducerId(aborted.producerId())
              .setFirstOffset(aborted.firstOffset()));
    }
    return answer;
  }

  private static long endOf(ByteBuffer records, long from) {
    byte[] bytes = records.array();
    long end = from;
    int at = records.arrayOffset() + records.position();
    int limit = records.arrayOffset() + records.limit();
    while (at + BatchLayout.HEADER_BYTES <= limit) {
      end = BatchLayout.baseOffset(bytes, at) + BatchLayout.lastOffsetDelta(bytes, at) + 1;
      at += BatchLayout.size(bytes, at);
    }
    return end;
  }

  private static PartitionData read(
      Wanted wanted, int left, boolean isFirst, boolean committedOnly) {
    FetchPartition request = wanted.request;
    PartitionData data =
        new PartitionData().setPartitionIndex(request.partition()).setHighWatermark(-1);
    try {
      if (wanted.refusal != null) {
        throw wanted.refusal;
      }
      checkEpoch(request.currentLeaderEpoch());
      PartitionLog log = wanted.log;
      int maxBytes = Math.min(left, request.partitionMaxBytes());
      ByteBuffer records =
          committedOnly
              ? log.readStable(request.fetchOffset(), maxBytes, isFirst)
              : log.read(request.fetchOffset(), maxBytes, isFirst);
      if (committedOnly) {
        data.setAbortedTransactions(aborted(log, request.fetchOffset(), records));
      }
      return data.setHighWatermark(log.highWatermark())
          .setLastStableOffset(log.lastStableOffset())
          .setLogStartOffset(log.startOffset())
          .setRecords(MemoryRecords.readableRecords(records));
    } catch (RefusedException e) {
      return data.setErrorCode(WireErrors.code(e.refusal())).setRecords(MemoryRecords.EMPTY);
    }
  }

  private static void checkEpoch(int epoch) {
    if (epoch > PartitionLog.LEADER_EPOCH) {
      throw new RefusedException(Refusal.UNKNOWN_LEADER_EPOCH, "no such leader epoch: " + epoch);
    }
  }
}
