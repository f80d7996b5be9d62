// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.LeaderEpochs;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.access.Privilege;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.requests.AlterReplicaLogDirsResponse;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.apache.kafka.common.requests.DescribeQuorumResponse;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;

/// Who leads partitions and where they lie: that is the cluster's own affair, and a node has one
/// directory. Requests to have it as it is are answered as done, all others with what stands
/// against them.
final class LeadersHandler {
  private static final String METADATA_TOPIC = "__cluster_metadata";

  private final BrokerOperations broker;

  LeadersHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  /// Elections of leaders, of which none is needed: the cluster sees to them.
  Handler.Answer elect(Call call) {
    ElectLeadersRequestData asked = ((ElectLeadersRequest) call.body()).data();
    TopicRights rights = TopicRights.of(broker, call);
    rights.requireOperator();
    Map<String, List<Integer>> wanted = new TreeMap<>();
    if (asked.topicPartitions() == null) {
      for (Topic topic : broker.topics()) {
        wanted.put(topic.name(), IntStream.range(0, topic.partitions()).boxed().toList());
      }
    } else {
      asked.topicPartitions().forEach(topic -> wanted.put(topic.topic(), topic.partitions()));
    }
    List<ReplicaElectionResult> results =
        wanted.entrySet().stream()
            .map(topic ->
                new ReplicaElectionResult()
                    .setTopic(topic.getKey())
                    .setPartitionResult(elections(rights, topic.getKey(), topic.getValue())))
            .toList();
    return () -> new ElectLeadersResponse(0, Errors.NONE.code(), results, call.version());
  }

  private static List<PartitionResult> elections(
      TopicRights rights, String name, List<Integer> partitions) {
    return partitions.stream()
        .map(partition -> {
          PartitionResult result = new PartitionResult().setPartitionId(partition);
          try {
            checkPartition(rights.requireKnown(name), partition);
            return result
                .setErrorCode(Errors.ELECTION_NOT_NEEDED.code())
                .setErrorMessage("leaders are elected where they go away, and not by request");
          } catch (RefusedException e) {
            return result
                .setErrorCode(WireErrors.code(e.refusal()))
                .setErrorMessage(e.getMessage());
          }
        })
        .toList();
  }

  private static void checkPartition(Topic topic, int partition) {
    if (partition < 0 || partition >= topic.partitions()) {
      throw new RefusedException(
          Refusal.UNKNOWN_TOPIC_OR_PARTITION,
          "topic " + topic.name() + " has no partition " + partition);
    }
  }

  /// Moves to other nodes, which are not made by request. One to where it is is over at once.
  Handler.Answer reassign(Call call) {
    AlterPartitionReassignmentsRequestData asked =
        ((AlterPartitionReassignmentsRequest) call.body()).data();
    TopicRights rights = TopicRights.of(broker, call);
    AlterPartitionReassignmentsResponseData data = new AlterPartitionReassignmentsResponseData();
    asked
        .topics()
        .forEach(topic ->
            data.responses()
                .add(
                    new ReassignableTopicResponse()
                        .setName(topic.name())
                        .setPartitions(
                            topic.partitions().stream()
                                .map(partition -> reassigned(rights, topic.name(), partition))
                                .toList())));
    return () -> new AlterPartitionReassignmentsResponse(data);
  }

  private ReassignablePartitionResponse reassigned(
      TopicRights rights, String name, ReassignablePartition asked) {
    ReassignablePartitionResponse response =
        new ReassignablePartitionResponse().setPartitionIndex(asked.partitionIndex());
    try {
      Topic topic = rights.require(Privilege.ALTER, name);
      checkPartition(topic, asked.partitionIndex());
      if (asked.replicas() == null) {
        return response
            .setErrorCode(Errors.NO_REASSIGNMENT_IN_PROGRESS.code())
            .setErrorMessage("no partition moves here");
      }
      List<Integer> replicas = broker.state(topic, asked.partitionIndex()).replicas();
      if (!Set.copyOf(asked.replicas()).equals(Set.copyOf(replicas))) {
        throw new RefusedException(
            Refusal.INVALID_REPLICA_ASSIGNMENT,
            "partitions are not moved by request; this one is kept by " + replicas);
      }
      return response;
    } catch (RefusedException e) {
      return response.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
    }
  }

  /// Moves to other directories, of which there are none.
  Handler.Answer moveDirectories(Call call) {
    TopicRights rights = TopicRights.of(broker, call);
    rights.requireOperator();
    Map<String, AlterReplicaLogDirTopicResult> results = new TreeMap<>();
    for (AlterReplicaLogDir directory : ((AlterReplicaLogDirsRequest) call.body()).data().dirs()) {
      boolean isOurs = directory.path().equals(broker.logDirectory());
      directory
          .topics()
          .forEach(topic -> {
            Collection<AlterReplicaLogDirPartitionResult> partitions =
                results
                    .computeIfAbsent(
                        topic.name(),
                        name -> new AlterReplicaLogDirTopicResult().setTopicName(name))
                    .partitions();
            topic
                .partitions()
                .forEach(index ->
                    partitions.add(
                        new AlterReplicaLogDirPartitionResult()
                            .setPartitionIndex(index)
                            .setErrorCode(moved(rights, topic.name(), index, isOurs).code())));
          });
    }
    AlterReplicaLogDirsResponseData data =
        new AlterReplicaLogDirsResponseData().setResults(List.copyOf(results.values()));
    return () -> new AlterReplicaLogDirsResponse(data);
  }

  private static Errors moved(TopicRights rights, String name, int partition, boolean isOurs) {
    try {
      checkPartition(rights.requireKnown(name), partition);
      return isOurs ? Errors.NONE : Errors.LOG_DIR_NOT_FOUND;
    } catch (RefusedException e) {
      return WireErrors.error(e.refusal());
    }
  }

  /// Who decides about metadata, which is kept in no log: the node that elects.
  Handler.Answer quorum(Call call) {
    TopicRights.of(broker, call).requireOperator();
    DescribeQuorumResponseData data = new DescribeQuorumResponseData();
    ((DescribeQuorumRequest) call.body())
        .data()
        .topics()
        .forEach(topic -> {
          DescribeQuorumResponseData.TopicData answer =
              new DescribeQuorumResponseData.TopicData().setTopicName(topic.topicName());
          topic
              .partitions()
              .forEach(asked ->
                  answer
                      .partitions()
                      .add(voters(topic.topicName(), asked.partitionIndex(), call.version())));
          data.topics().add(answer);
        });
    if (call.version() >= 2) {
      data.nodes().add(listeners(call));
    }
    return () -> new DescribeQuorumResponse(data);
  }

  private DescribeQuorumResponseData.PartitionData voters(String topic, int index, short version) {
    DescribeQuorumResponseData.PartitionData answer =
        new DescribeQuorumResponseData.PartitionData().setPartitionIndex(index);
    if (!topic.equals(METADATA_TOPIC) || index != 0) {
      return answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    DescribeQuorumResponseData.ReplicaState self =
        new DescribeQuorumResponseData.ReplicaState()
            .setReplicaId(broker.controllerId())
            .setLogEndOffset(0);
    if (version >= 2) {
      self.setReplicaDirectoryId(Uuid.ZERO_UUID);
    }
    return answer
        .setLeaderId(broker.controllerId())
        .setLeaderEpoch(LeaderEpochs.FIRST)
        .setHighWatermark(0)
        .setCurrentVoters(List.of(self));
  }

  private DescribeQuorumResponseData.Node listeners(Call call) {
    BrokerOperations.Node node = call.node(broker);
    DescribeQuorumResponseData.Node answer =
        new DescribeQuorumResponseData.Node().setNodeId(node.id());
    answer
        .listeners()
        .add(
            new DescribeQuorumResponseData.Listener()
                .setName("CONTROLLER")
                .setHost(node.host())
                .setPort(node.port()));
    return answer;
  }
}
