// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
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

  private Topic topic(String name) {
    return broker
        .topic(name)
        .orElseThrow(
            () -> new RefusedException(Refusal.UNKNOWN_TOPIC_OR_PARTITION, "no topic " + name));
  }

  Handler.Answer create(Call call) {
    CreatePartitionsRequestData asked = ((CreatePartitionsRequest) call.body()).data();
    CreatePartitionsResponseData data = new CreatePartitionsResponseData();
    for (CreatePartitionsTopic topic : asked.topics()) {
      data.results().add(create(topic, asked.validateOnly()));
    }
    return () -> new CreatePartitionsResponse(data);
  }

  private CreatePartitionsTopicResult create(CreatePartitionsTopic request, boolean validateOnly) {
    CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(request.name());
    try {
      if (request.assignments() != null && !request.assignments().isEmpty()) {
        throw new RefusedException(
            Refusal.INVALID_REPLICA_ASSIGNMENT,
            "this broker is alone; leave out the replica assignment");
      }
      broker.addPartitions(topic(request.name()), request.count(), validateOnly);
      return result;
    } catch (RefusedException e) {
      return result.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
    }
  }

  Handler.Answer deleteRecords(Call call) {
    DeleteRecordsResponseData data = new DeleteRecordsResponseData();
    for (DeleteRecordsTopic topic : ((DeleteRecordsRequest) call.body()).data().topics()) {
      DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
      topic.partitions().forEach(p -> result.partitions().add(delete(topic.name(), p)));
      data.topics().add(result);
    }
    return () -> new DeleteRecordsResponse(data);
  }

  private DeleteRecordsPartitionResult delete(String name, DeleteRecordsPartition request) {
    DeleteRecordsPartitionResult result =
        new DeleteRecordsPartitionResult().setPartitionIndex(request.partitionIndex());
    try {
      return result.setLowWatermark(
          broker.deleteRecords(topic(name), request.partitionIndex(), request.offset()));
    } catch (RefusedException e) {
      return result.setLowWatermark(-1).setErrorCode(WireErrors.code(e.refusal()));
    }
  }

  Handler.Answer endOfEpoch(Call call) {
    OffsetForLeaderEpochResponseData data = new OffsetForLeaderEpochResponseData();
    ((OffsetsForLeaderEpochRequest) call.body())
        .data()
        .topics()
        .forEach(topic -> {
          OffsetForLeaderTopicResult result =
              new OffsetForLeaderTopicResult().setTopic(topic.topic());
          topic.partitions().forEach(p -> result.partitions().add(endOfEpoch(topic.topic(), p)));
          data.topics().add(result);
        });
    return () -> new OffsetsForLeaderEpochResponse(data);
  }

  private EpochEndOffset endOfEpoch(String name, OffsetForLeaderPartition request) {
    EpochEndOffset result = new EpochEndOffset().setPartition(request.partition());
    try {
      PartitionLog log = broker.log(topic(name), request.partition());
      if (request.currentLeaderEpoch() > PartitionLog.LEADER_EPOCH) {
        throw new RefusedException(
            Refusal.UNKNOWN_LEADER_EPOCH, "no such leader epoch: " + request.currentLeaderEpoch());
      }
      boolean known = request.leaderEpoch() == PartitionLog.LEADER_EPOCH;
      return result
          .setLeaderEpoch(known ? PartitionLog.LEADER_EPOCH : NO_EPOCH)
          .setEndOffset(known ? log.highWatermark() : -1);
    } catch (RefusedException e) {
      return result.setErrorCode(WireErrors.code(e.refusal())).setLeaderEpoch(NO_EPOCH);
    }
  }
}
