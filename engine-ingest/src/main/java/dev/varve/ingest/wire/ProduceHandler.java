// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Durability;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.transaction.Participant;
import dev.varve.ingest.transaction.TransactionCoordinator.Producer;
import dev.varve.merge.access.Privilege;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;

/// Produce. A batch is appended when its request is handled; the answer waits until all batches are
/// durable and visible, so that later requests of the connection can be appended meanwhile and
/// share the sync.
final class ProduceHandler implements Handler {
  /// A partition of the request on its way; without a topic where none was found.
  private record Pending(
      int partition, Topic topic, PartitionLog log, CompletableFuture<Appended> result) {}

  private record PendingTopic(TopicProduceData request, List<Pending> partitions) {}

  private static final short ALL = -1;

  /// Where nobody syncs, an answer needs no time, and some clients give it none.
  private static final int LEAST_MILLIS = 1_000;

  /// From here on a partition joins its producer's transaction by the first batch.
  private static final int FIRST_THAT_JOINS = 12;

  private final BrokerOperations broker;
  private final Transactional transactions;

  ProduceHandler(BrokerOperations broker, Transactional transactions) {
    this.broker = broker;
    this.transactions = transactions;
  }

  @Override
  public Answer handle(Call call) {
    ProduceRequest produce = (ProduceRequest) call.body();
    short version = call.version();
    TopicRights rights = TopicRights.of(broker, call);
    List<PendingTopic> topics = new ArrayList<>();
    for (TopicProduceData topicData : produce.data().topicData()) {
      List<Pending> partitions = new ArrayList<>();
      for (PartitionProduceData partition : topicData.partitionData()) {
        partitions.add(begin(produce, version, rights, topicData, partition));
      }
      topics.add(new PendingTopic(topicData, partitions));
    }
    boolean isSilent = produce.acks() == 0;
    int millis = Math.max(LEAST_MILLIS, produce.timeout());
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    // A producer that wants no answer is waited for all the same, or it would fill our memory.
    return () -> {
      ProduceResponseData answer =
          answer(topics, version, deadline).setThrottleTimeMs(delayMillis(topics));
      return isSilent ? null : new ProduceResponse(answer);
    };
  }

  private Pending begin(
      ProduceRequest request,
      short version,
      TopicRights rights,
      TopicProduceData topicData,
      PartitionProduceData partition) {
    int index = partition.index();
    Topic topic = null;
    PartitionLog log = null;
    try {
      checkRequest(request);
      topic =
          version >= 13
              ? rights.require(Privilege.INSERT, Ids.uuid(topicData.topicId()))
              : rights.require(Privilege.INSERT, topicData.name());
      log = broker.log(topic, index);
      if (!(partition.records() instanceof MemoryRecords records)) {
        throw new RefusedException(Refusal.INVALID_RECORD, "the partition has no batch");
      }
      ByteBuffer bytes = records.buffer();
      int from = bytes.arrayOffset() + bytes.position();
      int to = bytes.arrayOffset() + bytes.limit();
      join(request, version, new Participant(topic.name(), index), bytes.array(), from, to);
      Durability durability = request.acks() == ALL ? Durability.SYNCED : Durability.WRITTEN;
      return new Pending(
          index, topic, log, broker.produce(topic, index, bytes.array(), from, to, durability));
    } catch (RefusedException e) {
      return new Pending(index, topic, log, CompletableFuture.failedFuture(e));
    }
  }

  private static void checkRequest(ProduceRequest request) {
    if (request.acks() < ALL || request.acks() > 1) {
      throw new RefusedException(
          Refusal.INVALID_REQUIRED_ACKS, "acks must be 0, 1 or all, found " + request.acks());
    }
  }

  /// A transactional batch must be part of its producer's transaction before it is in the log:
  /// nobody would end it otherwise, and readers would wait for ever.
  private void join(
      ProduceRequest request, short version, Participant partition, byte[] bytes, int at, int to) {
    boolean isTransactional =
        to - at >= BatchLayout.HEADER_BYTES && BatchLayout.isTransactional(bytes, at);
    if (!isTransactional) {
      return;
    }
    if (request.transactionalId() == null) {
      throw new RefusedException(
          Refusal.INVALID_REQUEST, "a transactional batch in a request without transactional.id");
    }
    Producer producer =
        new Producer(BatchLayout.producerId(bytes, at), BatchLayout.producerEpoch(bytes, at));
    String id = request.transactionalId();
    if (version >= FIRST_THAT_JOINS) {
      transactions.coordinator().add(id, producer, Set.of(partition));
    } else {
      transactions.coordinator().verify(id, producer, partition);
    }
  }

  /// Clients wait so long before they send again: how merges that fall behind are felt.
  private int delayMillis(List<PendingTopic> topics) {
    int most = 0;
    for (PendingTopic topic : topics) {
      for (Pending pending : topic.partitions) {
        if (pending.topic != null) {
          most = Math.max(most, broker.delayMillis(pending.topic));
        }
      }
    }
    return most;
  }

  private static ProduceResponseData answer(
      List<PendingTopic> topics, short version, long deadlineNanos) throws InterruptedException {
    ProduceResponseData data = new ProduceResponseData();
    for (PendingTopic topic : topics) {
      TopicProduceResponse response = new TopicProduceResponse();
      if (version >= 13) {
        response.setTopicId(topic.request.topicId());
      } else {
        response.setName(topic.request.name());
      }
      for (Pending pending : topic.partitions) {
        response.partitionResponses().add(answer(pending, deadlineNanos));
      }
      data.responses().add(response);
    }
    return data;
  }

  private static PartitionProduceResponse answer(Pending pending, long deadlineNanos)
      throws InterruptedException {
    PartitionProduceResponse response =
        new PartitionProduceResponse().setIndex(pending.partition).setBaseOffset(-1);
    try {
      long left = Math.max(0, deadlineNanos - System.nanoTime());
      Appended appended = pending.result.get(left, TimeUnit.NANOSECONDS);
      return response
          .setBaseOffset(appended.baseOffset())
          .setLogStartOffset(pending.log.startOffset());
    } catch (ExecutionException e) {
      return refused(response, e.getCause());
    } catch (TimeoutException e) {
      // Its memory is given back. What is in the log stays there: sent again, it is known.
      return refused(
          response,
          new RefusedException(
              Refusal.REQUEST_TIMED_OUT,
              "the batch was not durable and visible in the time that the request gives it"));
    }
  }

  private static PartitionProduceResponse refused(
      PartitionProduceResponse response, Throwable cause) {
    response.setErrorMessage(String.valueOf(cause.getMessage()));
    if (!(cause instanceof RefusedException refused)) {
      return response.setErrorCode(WireErrors.code(Refusal.UNKNOWN_SERVER_ERROR));
    }
    for (RefusedException.BadRecord bad : refused.badRecords()) {
      response
          .recordErrors()
          .add(
              new BatchIndexAndErrorMessage()
                  .setBatchIndex(bad.index())
                  .setBatchIndexErrorMessage(bad.reason()));
    }
    return response.setErrorCode(WireErrors.code(refused.refusal()));
  }
}
