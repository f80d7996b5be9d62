// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.RefusedException;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/// All consumer groups with their members, partitions and offsets, for SQL.
final class GroupViews {
  private static final long PATIENCE_SECONDS = 10;
  private static final String CONSUMER = "consumer";

  private final BrokerOperations broker;
  private final GroupCoordinator coordinator;
  private final RequestContext asker;

  GroupViews(BrokerOperations broker, GroupCoordinator coordinator) {
    this.broker = broker;
    this.coordinator = coordinator;
    this.asker =
        new Caller("sql", InetAddress.getLoopbackAddress())
            .context(
                new RequestHeader(
                    ApiKeys.LIST_GROUPS, ApiKeys.LIST_GROUPS.latestVersion(), "sql", 0));
  }

  /// Who reads a partition.
  private record Reader(String member, String client, String host) {
    static final Reader NOBODY = new Reader("", "", "");
  }

  private record Members(String protocol, int count, Map<TopicPartition, Reader> readers) {}

  /// @throws VarveException TIMEOUT_EXCEEDED also while groups are being read from the log
  List<GroupStatus> rows() {
    ListGroupsResponseData listed =
        await(coordinator.listGroups(asker, new ListGroupsRequestData()));
    if (listed.errorCode() != Errors.NONE.code()) {
      throw unavailable(Errors.forCode(listed.errorCode()).message(), null);
    }
    List<GroupStatus> rows = new ArrayList<>();
    for (ListedGroup group : listed.groups()) {
      add(group, rows);
    }
    return rows;
  }

  private void add(ListedGroup group, List<GroupStatus> rows) {
    String type = group.groupType().toLowerCase(Locale.ROOT);
    Members members = type.equals(CONSUMER) ? consumers(group.groupId()) : classic(group.groupId());
    Map<TopicPartition, Long> offsets = offsets(group.groupId());
    Map<String, TopicPartition> all = new TreeMap<>();
    for (TopicPartition partition : offsets.keySet()) {
      all.put(sortKey(partition), partition);
    }
    for (TopicPartition partition : members.readers.keySet()) {
      all.put(sortKey(partition), partition);
    }
    if (all.isEmpty()) {
      all.put("", new TopicPartition("", -1));
    }
    for (TopicPartition partition : all.values()) {
      Reader reader = members.readers.getOrDefault(partition, Reader.NOBODY);
      rows.add(
          new GroupStatus(
              group.groupId(),
              type,
              members.protocol,
              group.groupState(),
              members.count,
              partition.topic(),
              partition.partition(),
              offsets.getOrDefault(partition, -1L),
              end(partition),
              reader.member,
              reader.client,
              reader.host));
    }
  }

  private static String sortKey(TopicPartition partition) {
    return partition.topic() + String.format(Locale.ROOT, " %010d", partition.partition());
  }

  private Members classic(String group) {
    DescribeGroupsResponseData.DescribedGroup found =
        await(coordinator.describeGroups(asker, List.of(group))).getFirst();
    Map<TopicPartition, Reader> readers = new HashMap<>();
    for (DescribeGroupsResponseData.DescribedGroupMember member : found.members()) {
      Reader reader = new Reader(member.memberId(), member.clientId(), member.clientHost());
      assigned(member.memberAssignment()).forEach(partition -> readers.put(partition, reader));
    }
    return new Members(found.protocolData(), found.members().size(), readers);
  }

  /// The assignment of a member of a group whose members are consumers; of others nobody knows.
  private static List<TopicPartition> assigned(byte[] assignment) {
    if (assignment.length == 0) {
      return List.of();
    }
    try {
      return ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment)).partitions();
    } catch (SchemaException e) {
      return List.of(); // a group of another protocol, as Kafka Connect's
    }
  }

  private Members consumers(String group) {
    ConsumerGroupDescribeResponseData.DescribedGroup found =
        await(coordinator.consumerGroupDescribe(asker, List.of(group))).getFirst();
    Map<TopicPartition, Reader> readers = new HashMap<>();
    for (ConsumerGroupDescribeResponseData.Member member : found.members()) {
      Reader reader = new Reader(member.memberId(), member.clientId(), member.clientHost());
      for (var topic : member.assignment().topicPartitions()) {
        for (int partition : topic.partitions()) {
          readers.put(new TopicPartition(topic.topicName(), partition), reader);
        }
      }
    }
    return new Members(found.assignorName(), found.members().size(), readers);
  }

  private Map<TopicPartition, Long> offsets(String group) {
    OffsetFetchRequestGroup asked = new OffsetFetchRequestGroup().setGroupId(group).setTopics(null);
    OffsetFetchResponseGroup found = await(coordinator.fetchOffsets(asker, asked, false));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (OffsetFetchResponseTopics topic : found.topics()) {
      for (OffsetFetchResponsePartitions partition : topic.partitions()) {
        offsets.put(
            new TopicPartition(topic.name(), partition.partitionIndex()),
            partition.committedOffset());
      }
    }
    return offsets;
  }

  private long end(TopicPartition partition) {
    Optional<Topic> topic = broker.topic(partition.topic());
    if (topic.isEmpty() || partition.partition() >= topic.get().partitions()) {
      return -1;
    }
    try {
      return broker.log(topic.get(), partition.partition()).highWatermark();
    } catch (RefusedException e) {
      return -1; // out of service, which system.ingest tells
    }
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VarveException(ErrorCode.QUERY_WAS_CANCELLED, "interrupted while asking", e);
    } catch (ExecutionException e) {
      throw unavailable(String.valueOf(e.getCause().getMessage()), e.getCause());
    } catch (TimeoutException e) {
      throw unavailable("no answer in " + PATIENCE_SECONDS + " s", e);
    }
  }

  private static VarveException unavailable(String why, Throwable cause) {
    return new VarveException(
        ErrorCode.TIMEOUT_EXCEEDED,
        "consumer groups cannot be looked at now: " + why + "; ask again",
        cause);
  }
}
