// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.ingest.wire.quota.ClientQuotas;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// Requests as bytes, without their length, for tests that damage them.
public final class WireRequests {
  private static final Map<ApiKeys, int[]> ANSWERED =
      new Protocol(
              null,
              System::nanoTime,
              GroupSettings.defaults(),
              new ClientQuotas(Path.of("nowhere")),
              false)
          .answered();

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

  /// A request of some kind that a broker without users answers, of some version.
  public static byte[] any(RandomGenerator random) {
    List<ApiKeys> keys = List.copyOf(ANSWERED.keySet());
    ApiKeys key = keys.get(random.nextInt(keys.size()));
    int[] versions = ANSWERED.get(key);
    short version = (short) random.nextInt(versions[0], versions[1] + 1);
    RequestHeader header = new RequestHeader(key, version, "fuzz", random.nextInt());
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
    ByteBuffer body =
        MessageUtil.toByteBufferAccessor(
                RequestBodies.of(key, version, random.nextBoolean()), version)
            .buffer();
    byte[] whole = new byte[head.remaining() + body.remaining()];
    int headBytes = head.remaining();
    head.get(whole, 0, headBytes);
    body.get(whole, headBytes, whole.length - headBytes);
    return whole;
  }
}
