// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// Requests as bytes, without their length, for tests that damage them.
public final class WireRequests {
  private WireRequests() {}

  /// A produce request of a version before topics had ids in it (3 to 12).
  public static byte[] produce(short version, String topic, int partition, byte[] batch) {
    PartitionProduceData records =
        new PartitionProduceData()
            .setIndex(partition)
            .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(batch)));
    TopicProduceData data = new TopicProduceData().setName(topic);
    data.partitionData().add(records);
    ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
    request.topicData().add(data);
    RequestHeader header = new RequestHeader(ApiKeys.PRODUCE, version, "test", 1);
    ByteBuffer bytes = new ProduceRequest(request, version).serializeWithHeader(header);
    byte[] whole = new byte[bytes.remaining()];
    bytes.get(whole);
    return whole;
  }
}
