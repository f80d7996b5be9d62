// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.KnownProducer;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.access.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/// Ends a producer's transaction in partitions that a client names: how an operator frees readers
/// from one that nobody will end.
final class MarkersHandler implements Handler {
  /// A marker on its way, to be told in `result`.
  private record Pending(
      WritableTxnMarkerPartitionResult result, CompletableFuture<Appended> written) {}

  private final BrokerOperations broker;

  MarkersHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  @Override
  public Answer handle(Call call) {
    WriteTxnMarkersResponseData data = new WriteTxnMarkersResponseData();
    List<Pending> pending = new ArrayList<>();
    TopicRights rights = TopicRights.of(broker, call);
    for (WritableTxnMarker marker : ((WriteTxnMarkersRequest) call.body()).data().markers()) {
      WritableTxnMarkerResult result =
          new WritableTxnMarkerResult().setProducerId(marker.producerId());
      for (WritableTxnMarkerTopic topic : marker.topics()) {
        WritableTxnMarkerTopicResult ofTopic =
            new WritableTxnMarkerTopicResult().setName(topic.name());
        for (int partition : topic.partitionIndexes()) {
          Pending begun = begin(rights, marker, topic.name(), partition);
          ofTopic.partitions().add(begun.result);
          pending.add(begun);
        }
        result.topics().add(ofTopic);
      }
      data.markers().add(result);
    }
    return () -> await(data, pending);
  }

  private Pending begin(TopicRights rights, WritableTxnMarker marker, String name, int partition) {
    WritableTxnMarkerPartitionResult result =
        new WritableTxnMarkerPartitionResult().setPartitionIndex(partition);
    try {
      if (Topic.isInternal(name)) {
        throw new RefusedException(
            Refusal.UNKNOWN_TOPIC_OR_PARTITION, "no topic " + name + " of clients");
      }
      Topic topic = rights.require(Privilege.ALTER, name);
      checkEpoch(broker.log(topic, partition).producers(), marker);
      return new Pending(
          result,
          broker.endTransaction(
              topic,
              partition,
              marker.producerId(),
              marker.producerEpoch(),
              marker.transactionResult()));
    } catch (RefusedException e) {
      return new Pending(result, CompletableFuture.failedFuture(e));
    }
  }

  /// The end of a transaction of version 2 comes under a later epoch than its records, or else it
  /// may be that of the transaction before.
  private static void checkEpoch(List<KnownProducer> producers, WritableTxnMarker marker) {
    for (KnownProducer known : producers) {
      boolean isOpen = known.openSince() >= 0;
      int least = known.epoch() + (marker.transactionVersion() >= 2 && isOpen ? 1 : 0);
      if (known.id() == marker.producerId() && marker.producerEpoch() < least) {
        throw new RefusedException(
            Refusal.INVALID_PRODUCER_EPOCH,
            "producer " + known.id() + " has epoch " + known.epoch());
      }
    }
  }

  private static AbstractResponse await(WriteTxnMarkersResponseData data, List<Pending> pending)
      throws InterruptedException {
    for (Pending each : pending) {
      try {
        each.written.get();
      } catch (ExecutionException e) {
        Refusal refusal =
            e.getCause() instanceof RefusedException refused
                ? refused.refusal()
                : Refusal.UNKNOWN_SERVER_ERROR;
        each.result.setErrorCode(WireErrors.code(refusal));
      }
    }
    return new WriteTxnMarkersResponse(data);
  }
}
