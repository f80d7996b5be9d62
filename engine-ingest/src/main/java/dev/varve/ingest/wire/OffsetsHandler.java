// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/// ListOffsets: the first, the last, or the first offset at or after a time.
final class OffsetsHandler implements Handler {
  private static final int MAX_BATCH_BYTES = 256 << 20;
  private static final int NO_EPOCH = -1;

  private record At(long offset, long timestamp) {}

  private final BrokerOperations broker;
  private final KafkaDecompressor decompressor = new KafkaDecompressor();

  OffsetsHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  @Override
  public Answer handle(Call call) {
    ListOffsetsResponseData data = new ListOffsetsResponseData();
    ListOffsetsRequest list = (ListOffsetsRequest) call.body();
    boolean committedOnly = list.data().isolationLevel() != IsolationLevel.READ_UNCOMMITTED.id();
    TopicRights rights = TopicRights.of(broker, call);
    for (ListOffsetsTopic topic : list.data().topics()) {
      ListOffsetsTopicResponse response = new ListOffsetsTopicResponse().setName(topic.name());
      for (ListOffsetsPartition partition : topic.partitions()) {
        response
            .partitions()
            .add(answer(rights, topic.name(), partition, call.version(), committedOnly));
      }
      data.topics().add(response);
    }
    return () -> new ListOffsetsResponse(data);
  }

  private ListOffsetsPartitionResponse answer(
      TopicRights rights,
      String name,
      ListOffsetsPartition request,
      short version,
      boolean committedOnly) {
    ListOffsetsPartitionResponse response =
        new ListOffsetsPartitionResponse().setPartitionIndex(request.partitionIndex());
    try {
      Topic topic = rights.requireKnown(name);
      PartitionLog log = broker.log(topic, request.partitionIndex());
      At found = find(log, request.timestamp(), committedOnly);
      response.setOffset(found.offset).setTimestamp(found.timestamp);
      // Older versions lack the field, and the encoder refuses what it cannot write.
      int epoch = found.offset < 0 ? NO_EPOCH : log.epochs().at(found.offset);
      return version >= 4 ? response.setLeaderEpoch(epoch) : response;
    } catch (RefusedException e) {
      return response.setErrorCode(WireErrors.code(e.refusal()));
    }
  }

  private At find(PartitionLog log, long timestamp, boolean committedOnly) {
    if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
        || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
      return new At(log.startOffset(), -1);
    }
    if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
      return new At(committedOnly ? log.lastStableOffset() : log.highWatermark(), -1);
    }
    if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
      return byTime(log, log.maxTimestamp());
    }
    return timestamp < 0 ? new At(-1, -1) : byTime(log, timestamp);
  }

  private At byTime(PartitionLog log, long timestamp) {
    try {
      ByteBuffer batch = log.batchAtOrAfter(timestamp);
      if (batch == null) {
        return new At(-1, -1);
      }
      RecordCursor records = new RecordCursor(decompressor, MAX_BATCH_BYTES);
      records.open(batch.array(), 0);
      while (records.next()) {
        if (records.timestamp() >= timestamp) {
          long base = BatchLayout.baseOffset(batch.array(), 0);
          return new At(base + records.offsetDelta(), records.timestamp());
        }
      }
      return new At(-1, -1);
    } catch (IOException e) {
      throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, e.getMessage());
    }
  }
}
