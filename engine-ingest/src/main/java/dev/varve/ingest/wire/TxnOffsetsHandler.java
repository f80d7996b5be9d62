// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.transaction.Participant;
import dev.varve.ingest.transaction.TransactionCoordinator;
import dev.varve.ingest.transaction.TransactionCoordinator.Producer;
import dev.varve.merge.access.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// TxnOffsetCommit: offsets of a group that count once the transaction is committed.
final class TxnOffsetsHandler implements Handler {
  /// From here on the partition of the group joins the transaction by the commit itself.
  private static final int FIRST_THAT_JOINS = 5;

  private final BrokerOperations broker;
  private final Groups groups;
  private final Transactional transactions;

  TxnOffsetsHandler(BrokerOperations broker, Groups groups, Transactional transactions) {
    this.broker = broker;
    this.groups = groups;
    this.transactions = transactions;
  }

  @Override
  public Answer handle(Call call) {
    TxnOffsetCommitRequestData asked = ((TxnOffsetCommitRequest) call.body()).data();
    boolean byId = TxnOffsetCommitResponse.useTopicIds(call.version());
    TxnOffsetCommitResponse.Builder answer = TxnOffsetCommitResponse.newBuilder(byId);
    List<TxnOffsetCommitRequestTopic> known = new ArrayList<>();
    TopicRights rights = TopicRights.of(broker, call);
    for (TxnOffsetCommitRequestTopic topic : asked.topics()) {
      known(topic, rights, byId, answer).ifPresent(known::add);
    }
    if (known.isEmpty()) {
      return answer::build;
    }
    TxnOffsetCommitRequestData rest = asked.duplicate().setTopics(known);
    return () -> {
      try {
        join(call, asked);
      } catch (RefusedException e) {
        Errors error = WireErrors.error(e.refusal());
        return call.body().getErrorResponse(error.exception(e.getMessage()));
      }
      return Later.of(
              call,
              groups
                  .coordinator()
                  .commitTransactionalOffsets(call.context(), rest, BufferSupplier.NO_CACHING),
              data -> answer.merge(data).build())
          .await();
    };
  }

  private void join(Call call, TxnOffsetCommitRequestData asked) {
    Participant partition = groups.partitionOf(asked.groupId());
    Producer producer = new Producer(asked.producerId(), asked.producerEpoch());
    TransactionCoordinator coordinator = transactions.coordinator();
    if (call.version() >= FIRST_THAT_JOINS) {
      coordinator.add(asked.transactionalId(), producer, Set.of(partition));
    } else {
      coordinator.verify(asked.transactionalId(), producer, partition);
    }
  }

  /// The partitions of a topic that are there; for the others an error goes to the answer.
  private Optional<TxnOffsetCommitRequestTopic> known(
      TxnOffsetCommitRequestTopic topic,
      TopicRights rights,
      boolean byId,
      TxnOffsetCommitResponse.Builder answer) {
    Optional<Topic> found =
        byId ? broker.topic(Ids.uuid(topic.topicId())) : broker.topic(topic.name());
    boolean isAllowed = found.map(t -> rights.may(Privilege.SELECT, t)).orElse(true);
    List<TxnOffsetCommitRequestPartition> partitions = new ArrayList<>();
    for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
      int index = partition.partitionIndex();
      if (found.isPresent() && isAllowed && index >= 0 && index < found.get().partitions()) {
        partitions.add(partition);
      } else {
        Errors unknown = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        Errors error = isAllowed ? unknown : Errors.TOPIC_AUTHORIZATION_FAILED;
        answer.addPartition(topic.topicId(), topic.name(), index, error);
      }
    }
    return partitions.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TxnOffsetCommitRequestTopic()
                .setTopicId(Ids.wire(found.orElseThrow().id()))
                .setName(found.orElseThrow().name())
                .setPartitions(partitions));
  }
}
