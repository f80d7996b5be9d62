// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.EpochEnd;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.access.Privilege;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/// Partitions of topics: more of them, fewer records in them, and where an epoch of them ends.
final class PartitionsHandler {
  private static final int NO_EPOCH = -1;

  private final BrokerOperations broker;

  PartitionsHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  Handler.Answer create(Call call) {
    CreatePartitionsRequestData asked = ((CreatePartitionsRequest) call.body()).data();
    CreatePartitionsResponseData data = new CreatePartitionsResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    for (CreatePartitionsTopic topic : asked.topics()) {
      data.results().add(create(rights, topic, asked.validateOnly()));
    }
    return () -> new CreatePartitionsResponse(data);
  }

  private CreatePartitionsTopicResult create(
      TopicRights rights, CreatePartitionsTopic request, boolean validateOnly) {
    CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(request.name());
    try {
      if (request.assignments() != null && !request.assignments().isEmpty()) {
        throw new RefusedException(
            Refusal.INVALID_REPLICA_ASSIGNMENT,
            "who keeps a topic is not chosen; leave out the replica assignment");
      }
      Topic topic = rights.require(Privilege.ALTER, request.name());
      broker.addPartitions(topic, request.count(), validateOnly);
      return result;
    } catch (RefusedException e) {
      return result.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
    }
  }

  Handler.Answer deleteRecords(Call call) {
    DeleteRecordsResponseData data = new DeleteRecordsResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    for (DeleteRecordsTopic topic : ((DeleteRecordsRequest) call.body()).data().topics()) {
      DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
      topic.partitions().forEach(p -> result.partitions().add(delete(rights, topic.name(), p)));
      data.topics().add(result);
    }
    return () -> new DeleteRecordsResponse(data);
  }

  private DeleteRecordsPartitionResult delete(
      TopicRights rights, String name, DeleteRecordsPartition request) {
    DeleteRecordsPartitionResult result =
        new DeleteRecordsPartitionResult().setPartitionIndex(request.partitionIndex());
    try {
      Topic topic = rights.require(Privilege.ALTER, name);
      return result.setLowWatermark(
          broker.deleteRecords(topic, request.partitionIndex(), request.offset()));
    } catch (RefusedException e) {
      return result.setLowWatermark(-1).setErrorCode(WireErrors.code(e.refusal()));
    }
  }

  Handler.Answer endOfEpoch(Call call) {
    OffsetForLeaderEpochResponseData data = new OffsetForLeaderEpochResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    ((OffsetsForLeaderEpochRequest) call.body())
        .data()
        .topics()
        .forEach(topic -> {
          OffsetForLeaderTopicResult result =
              new OffsetForLeaderTopicResult().setTopic(topic.topic());
          topic
              .partitions()
              .forEach(p -> result.partitions().add(endOfEpoch(rights, topic.topic(), p)));
          data.topics().add(result);
        });
    return () -> new OffsetsForLeaderEpochResponse(data);
  }

  private EpochEndOffset endOfEpoch(
      TopicRights rights, String name, OffsetForLeaderPartition request) {
    EpochEndOffset result = new EpochEndOffset().setPartition(request.partition());
    try {
      PartitionLog log = broker.log(rights.requireKnown(name), request.partition());
      log.epochs().check(request.currentLeaderEpoch());
      EpochEnd end = log.epochs().end(request.leaderEpoch());
      return result.setLeaderEpoch(end.epoch()).setEndOffset(end.offset());
    } catch (RefusedException e) {
      return result.setErrorCode(WireErrors.code(e.refusal())).setLeaderEpoch(NO_EPOCH);
    }
  }
}
