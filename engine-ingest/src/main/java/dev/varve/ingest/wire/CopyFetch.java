// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/// The bytes by which a server asks another one for what comes next in partitions: Kafka's Fetch.
public final class CopyFetch {
  private static final short VERSION = 17;
  private static final int MAX_BYTES = 8 << 20;
  private static final int MAX_PARTITION_BYTES = 4 << 20;

  /// What is wanted of a partition.
  ///
  /// @param epoch of the leader that is asked
  /// @param lastEpoch that of the last record before `offset`, -1 where there is none
  public record Want(UUID topic, int partition, int epoch, long offset, int lastEpoch) {}

  /// What a leader answers for a partition.
  ///
  /// @param error as Kafka calls it, empty for none
  /// @param partingEpoch where the logs part: the leader's epoch, -1 where they do not
  /// @param partingEnd where that epoch ends
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Piece(
      UUID topic,
      int partition,
      String error,
      long highWatermark,
      long startOffset,
      boolean parts,
      int partingEpoch,
      long partingEnd,
      byte[] records) {}

  private CopyFetch() {}

  /// @param waitMillis how long the leader may wait for news
  public static byte[] request(int server, List<Want> wants, int waitMillis) {
    FetchRequestData data =
        new FetchRequestData()
            .setReplicaState(new ReplicaState().setReplicaId(server).setReplicaEpoch(-1))
            .setMaxWaitMs(waitMillis)
            .setMinBytes(1)
            .setMaxBytes(MAX_BYTES);
    for (Want want : wants) {
      FetchTopic topic = new FetchTopic().setTopicId(Ids.wire(want.topic));
      topic
          .partitions()
          .add(
              new FetchPartition()
                  .setPartition(want.partition)
                  .setCurrentLeaderEpoch(want.epoch)
                  .setFetchOffset(want.offset)
                  .setLastFetchedEpoch(want.lastEpoch)
                  .setPartitionMaxBytes(MAX_PARTITION_BYTES));
      data.topics().add(topic);
    }
    RequestHeader header = new RequestHeader(ApiKeys.FETCH, VERSION, "replica", 0);
    ByteBuffer bytes = new FetchRequest(data, VERSION).serializeWithHeader(header);
    byte[] request = new byte[bytes.remaining()];
    bytes.get(request);
    return request;
  }

  /// @param response with its length in front
  public static List<Piece> pieces(byte[] response) {
    ByteBuffer bytes = ByteBuffer.wrap(response).position(Integer.BYTES);
    ResponseHeader.parse(bytes, ApiKeys.FETCH.responseHeaderVersion(VERSION));
    FetchResponse fetched = FetchResponse.parse(new ByteBufferAccessor(bytes), VERSION);
    List<Piece> pieces = new ArrayList<>();
    for (FetchableTopicResponse topic : fetched.data().responses()) {
      for (PartitionData each : topic.partitions()) {
        pieces.add(piece(topic.topicId(), each));
      }
    }
    return pieces;
  }

  private static Piece piece(Uuid topic, PartitionData data) {
    byte[] records = new byte[0];
    if (data.records() instanceof MemoryRecords found) {
      ByteBuffer bytes = found.buffer();
      records = new byte[bytes.remaining()];
      bytes.get(records);
    }
    Errors error = Errors.forCode(data.errorCode());
    return new Piece(
        Ids.uuid(topic),
        data.partitionIndex(),
        error == Errors.NONE ? "" : error.name(),
        data.highWatermark(),
        data.logStartOffset(),
        data.divergingEpoch().endOffset() >= 0,
        data.divergingEpoch().epoch(),
        data.divergingEpoch().endOffset(),
        records);
  }
}
