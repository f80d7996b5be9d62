// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.transaction.Participant;
import dev.varve.ingest.transaction.TransactionCoordinator.Producer;
import dev.varve.merge.access.Privilege;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/// Producers and their transactions.
///
/// Producers that know transactions of version 2 end them by a request of version 5 and get an
/// epoch for each transaction; the others keep theirs.
final class TransactionsHandler {
  private static final int FIRST_END_WITH_EPOCH = 5;
  private static final int FIRST_INIT_WITH_FENCED = 4;
  private static final int FIRST_WITH_FENCED = 2;

  private final BrokerOperations broker;
  private final Groups groups;
  private final Transactional transactions;

  TransactionsHandler(BrokerOperations broker, Groups groups, Transactional transactions) {
    this.broker = broker;
    this.groups = groups;
    this.transactions = transactions;
  }

  /// Answers when the step is durable; refusals as errors that the version knows.
  private static Handler.Answer step(
      Call call, int firstWithFenced, Supplier<AbstractResponse> step) {
    return () -> {
      try {
        return step.get();
      } catch (RefusedException e) {
        boolean isOld = e.refusal() == Refusal.PRODUCER_FENCED && call.version() < firstWithFenced;
        Errors error = isOld ? Errors.INVALID_PRODUCER_EPOCH : WireErrors.error(e.refusal());
        return call.body().getErrorResponse(error.exception(e.getMessage()));
      }
    };
  }

  /// A transactional id belongs to nobody: whoever may write to some table may use one.
  private void requireProducer(Call call, Errors error) {
    TopicRights.of(broker, call).requireSomewhere(Privilege.INSERT, error);
  }

  Handler.Answer init(Call call) {
    InitProducerIdRequestData asked = ((InitProducerIdRequest) call.body()).data();
    requireProducer(
        call,
        asked.transactionalId() == null
            ? Errors.CLUSTER_AUTHORIZATION_FAILED
            : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    return step(
        call,
        FIRST_INIT_WITH_FENCED,
        () -> {
          Producer given =
              asked.transactionalId() == null
                  ? new Producer(broker.newProducerId(), (short) 0)
                  : transactions
                      .coordinator()
                      .init(
                          asked.transactionalId(),
                          asked.transactionTimeoutMs(),
                          new Producer(asked.producerId(), asked.producerEpoch()));
          return new InitProducerIdResponse(
              new InitProducerIdResponseData()
                  .setProducerId(given.id())
                  .setProducerEpoch(given.epoch()));
        });
  }

  Handler.Answer addPartitions(Call call) {
    AddPartitionsToTxnRequestData asked = ((AddPartitionsToTxnRequest) call.body()).data();
    List<TopicPartition> partitions =
        AddPartitionsToTxnRequest.getPartitions(asked.v3AndBelowTopics());
    return step(
        call,
        FIRST_WITH_FENCED,
        () -> {
          Map<TopicPartition, Errors> errors = unknown(partitions, TopicRights.of(broker, call));
          if (errors.isEmpty()) {
            Set<Participant> participants = new HashSet<>();
            partitions.forEach(p -> participants.add(new Participant(p.topic(), p.partition())));
            Producer producer =
                new Producer(asked.v3AndBelowProducerId(), asked.v3AndBelowProducerEpoch());
            transactions
                .coordinator()
                .add(asked.v3AndBelowTransactionalId(), producer, participants);
            partitions.forEach(p -> errors.put(p, Errors.NONE));
          } else {
            partitions.forEach(p -> errors.putIfAbsent(p, Errors.OPERATION_NOT_ATTEMPTED));
          }
          return new AddPartitionsToTxnResponse(
              new AddPartitionsToTxnResponseData()
                  .setResultsByTopicV3AndBelow(
                      AddPartitionsToTxnResponse.resultForTransaction("", errors).topicResults()));
        });
  }

  private Map<TopicPartition, Errors> unknown(List<TopicPartition> partitions, TopicRights rights) {
    Map<TopicPartition, Errors> errors = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Optional<Topic> topic = broker.topic(partition.topic());
      if (topic.isEmpty() || partition.partition() >= topic.get().partitions()) {
        errors.put(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      } else if (!rights.may(Privilege.INSERT, topic.get())) {
        errors.put(partition, Errors.TOPIC_AUTHORIZATION_FAILED);
      }
    }
    return errors;
  }

  Handler.Answer addOffsets(Call call) {
    AddOffsetsToTxnRequestData asked = ((AddOffsetsToTxnRequest) call.body()).data();
    requireProducer(call, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    return step(
        call,
        FIRST_WITH_FENCED,
        () -> {
          transactions
              .coordinator()
              .add(
                  asked.transactionalId(),
                  new Producer(asked.producerId(), asked.producerEpoch()),
                  Set.of(groups.partitionOf(asked.groupId())));
          return new AddOffsetsToTxnResponse(new AddOffsetsToTxnResponseData());
        });
  }

  Handler.Answer end(Call call) {
    EndTxnRequestData asked = ((EndTxnRequest) call.body()).data();
    requireProducer(call, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    boolean nextEpoch = call.version() >= FIRST_END_WITH_EPOCH;
    return step(
        call,
        FIRST_WITH_FENCED,
        () -> {
          Producer next =
              transactions
                  .coordinator()
                  .end(
                      asked.transactionalId(),
                      new Producer(asked.producerId(), asked.producerEpoch()),
                      asked.committed(),
                      nextEpoch);
          EndTxnResponseData data = new EndTxnResponseData();
          return new EndTxnResponse(
              nextEpoch ? data.setProducerId(next.id()).setProducerEpoch(next.epoch()) : data);
        });
  }
}
