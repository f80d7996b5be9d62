// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.replica.PartitionState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;

/// Topics as tools look at them: page by page, by size on disk, and whether they move.
final class TopicViewsHandler {
  private static final int MAX_PARTITIONS = 2_000;

  private final BrokerOperations broker;

  TopicViewsHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  /// Pages of topics in the order of their names; the cursor is where the next page begins.
  Handler.Answer partitions(Call call) {
    DescribeTopicPartitionsRequestData asked =
        ((DescribeTopicPartitionsRequest) call.body()).data();
    Set<String> names = new TreeSet<>();
    asked.topics().forEach(topic -> names.add(topic.name()));
    TopicRights rights = TopicRights.of(broker, call);
    if (names.isEmpty()) {
      broker.topics().forEach(topic -> names.add(topic.name()));
      names.removeIf(name -> !rights.knows(name));
    }
    DescribeTopicPartitionsResponseData data = new DescribeTopicPartitionsResponseData();
    int left = Math.clamp(asked.responsePartitionLimit(), 1, MAX_PARTITIONS);
    String firstName = asked.cursor() == null ? "" : asked.cursor().topicName();
    for (String name : names) {
      if (name.compareTo(firstName) < 0) {
        continue;
      }
      int from = name.equals(firstName) ? Math.max(0, asked.cursor().partitionIndex()) : 0;
      if (left == 0) {
        data.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(from));
        break;
      }
      left -= add(data, rights, name, from, left);
      if (data.nextCursor() != null) {
        break;
      }
    }
    return () -> new DescribeTopicPartitionsResponse(data);
  }

  /// Adds a topic's partitions from one on, and the cursor if they do not all fit.
  private int add(
      DescribeTopicPartitionsResponseData data,
      TopicRights rights,
      String name,
      int from,
      int limit) {
    DescribeTopicPartitionsResponseTopic answer =
        new DescribeTopicPartitionsResponseTopic().setName(name);
    data.topics().add(answer);
    if (!rights.knows(name)) {
      answer.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
      return 0;
    }
    Optional<Topic> topic = broker.topic(name);
    if (topic.isEmpty()) {
      answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
      return 0;
    }
    answer.setTopicId(Ids.wire(topic.get().id())).setIsInternal(topic.get().isInternal());
    int to = Math.min(topic.get().partitions(), from + limit);
    for (int partition = from; partition < to; partition++) {
      answer.partitions().add(partition(topic.get(), partition));
    }
    if (to < topic.get().partitions()) {
      data.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(to));
    }
    return Math.max(0, to - from);
  }

  private DescribeTopicPartitionsResponsePartition partition(Topic topic, int index) {
    PartitionState state = broker.state(topic, index);
    return new DescribeTopicPartitionsResponsePartition()
        .setErrorCode(state.hasLeader() ? Errors.NONE.code() : Errors.LEADER_NOT_AVAILABLE.code())
        .setPartitionIndex(index)
        .setLeaderId(state.leader())
        .setLeaderEpoch(state.epoch())
        .setReplicaNodes(state.replicas())
        .setIsrNodes(state.isr())
        .setEligibleLeaderReplicas(List.of()) // null is allowed, and clients fall over it
        .setLastKnownElr(List.of());
  }

  /// Nothing ever moves to another node.
  Handler.Answer reassignments(Call call) {
    return () ->
        new ListPartitionReassignmentsResponse(new ListPartitionReassignmentsResponseData());
  }

  Handler.Answer directories(Call call) {
    TopicRights.of(broker, call).requireOperator();
    DescribeLogDirsRequestData asked = ((DescribeLogDirsRequest) call.body()).data();
    DescribeLogDirsResult result = new DescribeLogDirsResult().setLogDir(broker.logDirectory());
    Collection<Topic> topics =
        asked.topics() == null
            ? broker.topics()
            : asked.topics().stream().flatMap(t -> broker.topic(t.topic()).stream()).toList();
    topics.stream()
        .sorted(Comparator.comparing(Topic::name))
        .forEach(topic -> result.topics().add(sizes(topic)));
    DescribeLogDirsResponseData data =
        new DescribeLogDirsResponseData().setResults(List.of(result));
    return () -> new DescribeLogDirsResponse(data);
  }

  private DescribeLogDirsTopic sizes(Topic topic) {
    List<DescribeLogDirsPartition> partitions = new ArrayList<>();
    for (int index = 0; index < topic.partitions(); index++) {
      DescribeLogDirsPartition partition = new DescribeLogDirsPartition().setPartitionIndex(index);
      try {
        partitions.add(partition.setPartitionSize(broker.log(topic, index).bytes()));
      } catch (RefusedException e) {
        partitions.add(partition.setPartitionSize(-1)); // out of service
      }
    }
    return new DescribeLogDirsTopic().setName(topic.name()).setPartitions(partitions);
  }
}
