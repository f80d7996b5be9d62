// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.replica.PartitionState;
import dev.varve.merge.access.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;

/// Metadata: the nodes, the topics, and who leads and keeps each partition.
final class MetadataHandler implements Handler {
  private final BrokerOperations broker;

  MetadataHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  @Override
  public Answer handle(Call call) {
    MetadataRequest metadata = (MetadataRequest) call.body();
    MetadataResponseData data =
        new MetadataResponseData()
            .setClusterId(broker.clusterId())
            .setControllerId(broker.controllerId());
    for (BrokerOperations.Node node : call.nodes(broker)) {
      data.brokers()
          .add(
              new MetadataResponseBroker()
                  .setNodeId(node.id())
                  .setHost(node.host())
                  .setPort(node.port()));
    }
    TopicRights rights = TopicRights.of(broker, call);
    if (metadata.isAllTopics()) {
      for (Topic topic : broker.topics()) {
        if (rights.knows(topic.name())) {
          data.topics().add(known(topic));
        }
      }
    } else {
      for (MetadataRequestTopic topic : metadata.data().topics()) {
        data.topics().add(answer(topic, metadata.allowAutoTopicCreation(), rights));
      }
    }
    return () -> new MetadataResponse(data, call.version());
  }

  private MetadataResponseTopic answer(
      MetadataRequestTopic request, boolean mayCreate, TopicRights rights) {
    boolean byId = request.name() == null;
    try {
      Optional<Topic> topic =
          byId ? broker.topic(Ids.uuid(request.topicId())) : broker.topic(request.name());
      String name = topic.map(Topic::name).orElse(request.name());
      if (name != null && !rights.knows(name)) {
        return refused(request, Refusal.TOPIC_AUTHORIZATION_FAILED);
      }
      if (topic.isEmpty() && !byId && mayCreate) {
        rights.check(Privilege.CREATE, name);
        topic = broker.topicOrNew(name);
      }
      Refusal unknown = byId ? Refusal.UNKNOWN_TOPIC_ID : Refusal.UNKNOWN_TOPIC_OR_PARTITION;
      return topic.map(this::known).orElseGet(() -> refused(request, unknown));
    } catch (RefusedException e) {
      return refused(request, e.refusal());
    }
  }

  private static MetadataResponseTopic refused(MetadataRequestTopic request, Refusal refusal) {
    return new MetadataResponseTopic()
        .setName(request.name())
        .setTopicId(request.topicId() == null ? Uuid.ZERO_UUID : request.topicId())
        .setErrorCode(WireErrors.code(refusal));
  }

  private MetadataResponseTopic known(Topic topic) {
    List<MetadataResponsePartition> partitions = new ArrayList<>();
    for (int i = 0; i < topic.partitions(); i++) {
      PartitionState state = broker.state(topic, i);
      partitions.add(
          new MetadataResponsePartition()
              .setErrorCode(
                  state.hasLeader() ? Errors.NONE.code() : Errors.LEADER_NOT_AVAILABLE.code())
              .setPartitionIndex(i)
              .setLeaderId(state.leader())
              .setLeaderEpoch(state.epoch())
              .setReplicaNodes(state.replicas())
              .setIsrNodes(state.isr()));
    }
    return new MetadataResponseTopic()
        .setName(topic.name())
        .setTopicId(Ids.wire(topic.id()))
        .setIsInternal(topic.isInternal())
        .setPartitions(partitions);
  }
}
