// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.access.Privilege;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;

/// Creating and deleting topics.
final class TopicsHandler {
  private final BrokerOperations broker;

  TopicsHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  Handler.Answer create(Call call) {
    CreateTopicsRequest create = (CreateTopicsRequest) call.body();
    CreateTopicsResponseData data = new CreateTopicsResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    for (CreatableTopic topic : create.data().topics()) {
      data.topics().add(create(rights, topic, create.data().validateOnly()));
    }
    return () -> new CreateTopicsResponse(data);
  }

  private CreatableTopicResult create(
      TopicRights rights, CreatableTopic request, boolean validateOnly) {
    CreatableTopicResult result = new CreatableTopicResult().setName(request.name());
    try {
      rights.check(Privilege.CREATE, request.name());
      if (!request.assignments().isEmpty()) {
        throw new RefusedException(
            Refusal.INVALID_REPLICA_ASSIGNMENT,
            "who keeps a topic is not chosen; leave out the replica assignment");
      }
      int copies = broker.replicas();
      if (request.replicationFactor() != -1 && request.replicationFactor() != copies) {
        throw new RefusedException(
            Refusal.INVALID_REPLICATION_FACTOR,
            (copies == 1 ? "this broker is alone" : "every topic of this cluster has its copies")
                + "; the replication factor can only be "
                + copies
                + ", or be left out");
      }
      Map<String, String> config = new HashMap<>();
      request.configs().forEach(c -> config.put(c.name(), c.value()));
      int partitions = request.numPartitions() == -1 ? 1 : request.numPartitions();
      Topic topic = broker.createTopic(request.name(), partitions, config, validateOnly);
      return result
          .setTopicId(Ids.wire(topic.id()))
          .setNumPartitions(topic.partitions())
          .setReplicationFactor((short) copies);
    } catch (RefusedException e) {
      return result.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
    }
  }

  Handler.Answer delete(Call call) {
    DeleteTopicsRequest delete = (DeleteTopicsRequest) call.body();
    DeleteTopicsResponseData data = new DeleteTopicsResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    for (DeleteTopicState topic : delete.topics()) {
      data.responses().add(delete(rights, topic));
    }
    return () -> new DeleteTopicsResponse(data);
  }

  private DeletableTopicResult delete(TopicRights rights, DeleteTopicState request) {
    boolean byId = request.name() == null;
    DeletableTopicResult result =
        new DeletableTopicResult().setName(request.name()).setTopicId(request.topicId());
    try {
      Topic topic =
          byId
              ? rights.require(Privilege.DROP, Ids.uuid(request.topicId()))
              : rights.require(Privilege.DROP, request.name());
      broker.deleteTopic(topic);
      return result.setName(topic.name()).setTopicId(Ids.wire(topic.id()));
    } catch (RefusedException e) {
      return result.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
    }
  }
}
