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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;

/// Produce. A batch is appended when its request is handled; the answer waits until all batches are
/// durable and visible, so that later requests of the connection can be appended meanwhile and
/// share the sync.
final class ProduceHandler implements Handler {
  /// A partition of the request on its way.
  private record Pending(int partition, PartitionLog log, CompletableFuture<Appended> result) {}

  private record PendingTopic(TopicProduceData request, List<Pending> partitions) {}

  private static final short ALL = -1;

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
    List<PendingTopic> topics = new ArrayList<>();
    for (TopicProduceData topicData : produce.data().topicData()) {
      List<Pending> partitions = new ArrayList<>();
      for (PartitionProduceData partition : topicData.partitionData()) {
        partitions.add(begin(produce, version, topicData, partition));
      }
      topics.add(new PendingTopic(topicData, partitions));
    }
    boolean isSilent = produce.acks() == 0;
    // A producer that wants no answer is waited for all the same, or it would fill our memory.
    return () -> {
      AbstractResponse answer = answer(topics, version);
      return isSilent ? null : answer;
    };
  }

  private Pending begin(
      ProduceRequest request,
      short version,
      TopicProduceData topicData,
      PartitionProduceData partition) {
    int index = partition.index();
    PartitionLog log = null;
    try {
      checkRequest(request);
      Topic topic = topic(topicData, version);
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
          index, log, broker.produce(topic, index, bytes.array(), from, to, durability));
    } catch (RefusedException e) {
      return new Pending(index, log, CompletableFuture.failedFuture(e));
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

  private Topic topic(TopicProduceData data, short version) {
    if (version >= 13) {
      UUID id = Ids.uuid(data.topicId());
      Optional<Topic> topic = broker.topic(id);
      return topic.orElseThrow(
          () -> new RefusedException(Refusal.UNKNOWN_TOPIC_ID, "no topic has the id " + id));
    }
    return broker
        .topic(data.name())
        .orElseThrow(() ->
            new RefusedException(Refusal.UNKNOWN_TOPIC_OR_PARTITION, "no topic " + data.name()));
  }

  private static AbstractResponse answer(List<PendingTopic> topics, short version)
      throws InterruptedException {
    ProduceResponseData data = new ProduceResponseData();
    for (PendingTopic topic : topics) {
      TopicProduceResponse response = new TopicProduceResponse();
      if (version >= 13) {
        response.setTopicId(topic.request.topicId());
      } else {
        response.setName(topic.request.name());
      }
      for (Pending pending : topic.partitions) {
        response.partitionResponses().add(answer(pending));
      }
      data.responses().add(response);
    }
    return new ProduceResponse(data);
  }

  private static PartitionProduceResponse answer(Pending pending) throws InterruptedException {
    PartitionProduceResponse response =
        new PartitionProduceResponse().setIndex(pending.partition).setBaseOffset(-1);
    try {
      Appended appended = pending.result.get();
      return response
          .setBaseOffset(appended.baseOffset())
          .setLogStartOffset(pending.log.startOffset());
    } catch (ExecutionException e) {
      return refused(response, e.getCause());
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
