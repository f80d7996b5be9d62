// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.EpochEnd;
import dev.varve.ingest.log.LogSlice;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.wire.fetch.Asked;
import dev.varve.ingest.wire.fetch.FileRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/// Fetch of the servers that copy a partition which this one leads. They get what is written,
/// committed or not, are told where their log parts from this one, and by asking for more they say
/// what they have on disk.
final class CopiesHandler implements Handler {
  private static final int MAX_RESPONSE_BYTES = 16 << 20;

  /// A partition that is asked for, or why there is none.
  private record Wanted(Asked asked, SharedLog log, RefusedException refusal) {}

  private record Found(List<PartitionData> partitions, boolean isNews) {}

  private final BrokerOperations broker;
  private final LongSupplier nanoClock;

  CopiesHandler(BrokerOperations broker, LongSupplier nanoClock) {
    this.broker = broker;
    this.nanoClock = nanoClock;
  }

  @Override
  public Answer handle(Call call) {
    FetchRequest fetch = (FetchRequest) call.body();
    List<Wanted> wanted = Asked.of(fetch.data()).stream().map(this::resolve).toList();
    return () -> answer(wanted, await(fetch, wanted));
  }

  private Wanted resolve(Asked asked) {
    try {
      Topic topic =
          broker
              .topic(Ids.uuid(asked.topicId()))
              .orElseThrow(
                  () -> new RefusedException(Refusal.UNKNOWN_TOPIC_ID, "no such topic here yet"));
      return new Wanted(asked, broker.shared(topic, asked.partition().partition()), null);
    } catch (RefusedException e) {
      return new Wanted(asked, null, e);
    }
  }

  private Found await(FetchRequest fetch, List<Wanted> wanted) throws InterruptedException {
    Semaphore appends = new Semaphore(0);
    Runnable listener = appends::release;
    listen(wanted, listener, true);
    long deadline = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(fetch.maxWait());
    try {
      while (true) {
        appends.drainPermits();
        Found found = find(fetch, wanted);
        long left = deadline - nanoClock.getAsLong();
        if (found.isNews || left <= 0 || broker.isStopping()) {
          return found;
        }
        appends.tryAcquire(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      listen(wanted, listener, false);
    }
  }

  private static void listen(List<Wanted> wanted, Runnable listener, boolean on) {
    for (Wanted partition : wanted) {
      if (partition.log != null && on) {
        partition.log.log().copies().addAppendListener(listener);
      } else if (partition.log != null) {
        partition.log.log().copies().removeAppendListener(listener);
      }
    }
  }

  private static Found find(FetchRequest fetch, List<Wanted> wanted) {
    List<PartitionData> partitions = new ArrayList<>(wanted.size());
    int left = Math.min(fetch.maxBytes(), MAX_RESPONSE_BYTES);
    boolean isFirst = true;
    boolean isNews = false;
    for (Wanted partition : wanted) {
      PartitionData found = find(partition, fetch.replicaId(), left, isFirst);
      int size = found.records().sizeInBytes();
      left = Math.max(0, left - size);
      isFirst &= size == 0;
      isNews |= size > 0 || found.errorCode() != 0 || found.divergingEpoch().endOffset() >= 0;
      partitions.add(found);
    }
    return new Found(partitions, isNews);
  }

  private static PartitionData find(Wanted wanted, int server, int left, boolean isFirst) {
    FetchPartition request = wanted.asked.partition();
    PartitionData data =
        new PartitionData()
            .setPartitionIndex(request.partition())
            .setHighWatermark(-1)
            .setRecords(MemoryRecords.EMPTY);
    try {
      if (wanted.refusal != null) {
        throw wanted.refusal;
      }
      SharedLog shared = wanted.log;
      data.setLogStartOffset(shared.log().startOffset());
      var parting =
          shared.fetched(
              server,
              request.currentLeaderEpoch(),
              request.fetchOffset(),
              request.lastFetchedEpoch());
      data.setHighWatermark(shared.highWatermark());
      if (parting.isPresent()) {
        EpochEnd end = parting.get();
        return data.setDivergingEpoch(
            new EpochEndOffset().setEpoch(end.epoch()).setEndOffset(Math.max(0, end.offset())));
      }
      int maxBytes = Math.min(left, request.partitionMaxBytes());
      LogSlice slice = shared.log().copies().slice(request.fetchOffset(), maxBytes, isFirst);
      return slice.size() == 0 ? data : data.setRecords(new FileRecords(slice));
    } catch (RefusedException e) {
      return data.setErrorCode(WireErrors.code(e.refusal()));
    }
  }

  private static AbstractResponse answer(List<Wanted> wanted, Found found) {
    FetchResponseData data = new FetchResponseData();
    Asked before = null;
    for (int i = 0; i < wanted.size(); i++) {
      Asked asked = wanted.get(i).asked;
      if (before == null || !asked.isOfTopicOf(before)) {
        data.responses()
            .add(new FetchableTopicResponse().setTopic(asked.topic()).setTopicId(asked.topicId()));
      }
      data.responses().getLast().partitions().add(found.partitions.get(i));
      before = asked;
    }
    return FetchResponse.of(data);
  }
}
