// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.merge.access.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// Offsets that groups have committed. The coordinator keeps what it is told; that topics and
/// partitions exist is seen to here.
final class GroupOffsetsHandler {
  private final BrokerOperations broker;
  private final Groups groups;

  GroupOffsetsHandler(BrokerOperations broker, Groups groups) {
    this.broker = broker;
    this.groups = groups;
  }

  Handler.Answer commit(Call call) {
    OffsetCommitRequestData asked = ((OffsetCommitRequest) call.body()).data();
    boolean byId = OffsetCommitResponse.useTopicIds(call.version());
    OffsetCommitResponse.Builder answer = OffsetCommitResponse.newBuilder(byId);
    List<OffsetCommitRequestTopic> known = new ArrayList<>();
    TopicRights rights = TopicRights.of(broker, call);
    for (OffsetCommitRequestTopic topic : asked.topics()) {
      Optional<Topic> found = find(byId, topic.topicId(), topic.name());
      boolean isAllowed = found.map(t -> rights.may(Privilege.SELECT, t)).orElse(true);
      List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
      for (OffsetCommitRequestPartition partition : topic.partitions()) {
        if (found.isPresent() && isAllowed && has(found.get(), partition.partitionIndex())) {
          partitions.add(partition);
        } else {
          Errors error = isAllowed ? unknown(byId) : Errors.TOPIC_AUTHORIZATION_FAILED;
          answer.addPartition(topic.topicId(), topic.name(), partition.partitionIndex(), error);
        }
      }
      if (!partitions.isEmpty()) {
        known.add(
            new OffsetCommitRequestTopic()
                .setTopicId(Ids.wire(found.orElseThrow().id()))
                .setName(found.orElseThrow().name())
                .setPartitions(partitions));
      }
    }
    if (known.isEmpty()) {
      return answer::build;
    }
    OffsetCommitRequestData rest = asked.duplicate().setTopics(known);
    return Later.of(
        call,
        groups.coordinator().commitOffsets(call.context(), rest, BufferSupplier.NO_CACHING),
        data -> answer.merge(data).build());
  }

  private Optional<Topic> find(boolean byId, Uuid id, String name) {
    return byId ? broker.topic(Ids.uuid(id)) : broker.topic(name);
  }

  private static Errors unknown(boolean byId) {
    return byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }

  private static boolean has(Topic topic, int partition) {
    return partition >= 0 && partition < topic.partitions();
  }

  Handler.Answer fetch(Call call) {
    OffsetFetchRequest fetch = (OffsetFetchRequest) call.body();
    boolean byId = OffsetFetchRequest.useTopicIds(call.version());
    List<CompletableFuture<OffsetFetchResponseGroup>> answers = new ArrayList<>();
    for (OffsetFetchRequestGroup group : fetch.groups()) {
      answers.add(fetch(call, group, fetch.requireStable(), byId));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    return Later.of(
        call,
        all,
        _ ->
            new OffsetFetchResponse.Builder(
                    answers.stream().map(CompletableFuture::resultNow).toList())
                .build(call.version()));
  }

  private CompletableFuture<OffsetFetchResponseGroup> fetch(
      Call call, OffsetFetchRequestGroup group, boolean stable, boolean byId) {
    List<OffsetFetchResponseTopics> missing = new ArrayList<>();
    OffsetFetchRequestGroup asked = group;
    TopicRights rights = TopicRights.of(broker, call);
    if (!OffsetFetchRequest.requestAllOffsets(group)) {
      asked = group.duplicate();
      asked.setTopics(
          allowed(rights, byId ? named(group.topics(), missing) : group.topics(), missing));
    }
    return groups
        .coordinator()
        .fetchOffsets(call.context(), asked, stable)
        .handle((found, failure) -> {
          if (failure != null) {
            Throwable cause =
                failure instanceof java.util.concurrent.CompletionException
                    ? failure.getCause()
                    : failure;
            return OffsetFetchResponse.groupError(
                group, Errors.forException(cause), call.version());
          }
          return found.errorCode() == 0 ? told(found, rights, byId, missing) : found;
        });
  }

  /// Topics asked for by id, with their names; those that are not there go to `missing`.
  private List<OffsetFetchRequestTopics> named(
      List<OffsetFetchRequestTopics> asked, List<OffsetFetchResponseTopics> missing) {
    List<OffsetFetchRequestTopics> named = new ArrayList<>();
    for (OffsetFetchRequestTopics topic : asked) {
      Optional<Topic> found = broker.topic(Ids.uuid(topic.topicId()));
      if (found.isPresent()) {
        named.add(topic.duplicate().setName(found.get().name()));
      } else {
        missing.add(missing(topic, Errors.UNKNOWN_TOPIC_ID));
      }
    }
    return named;
  }

  private static OffsetFetchResponseTopics missing(OffsetFetchRequestTopics topic, Errors error) {
    OffsetFetchResponseTopics answer =
        new OffsetFetchResponseTopics().setName(topic.name()).setTopicId(topic.topicId());
    for (int partition : topic.partitionIndexes()) {
      answer
          .partitions()
          .add(
              new OffsetFetchResponsePartitions()
                  .setPartitionIndex(partition)
                  .setErrorCode(error.code())
                  .setCommittedOffset(-1)
                  .setCommittedLeaderEpoch(-1)
                  .setMetadata(""));
    }
    return answer;
  }

  /// Those of the topics that the sender may know of; for the others an error goes to `missing`.
  private static List<OffsetFetchRequestTopics> allowed(
      TopicRights rights,
      List<OffsetFetchRequestTopics> asked,
      List<OffsetFetchResponseTopics> missing) {
    List<OffsetFetchRequestTopics> allowed = new ArrayList<>();
    for (OffsetFetchRequestTopics topic : asked) {
      if (rights.knows(topic.name())) {
        allowed.add(topic);
      } else {
        missing.add(missing(topic, Errors.TOPIC_AUTHORIZATION_FAILED));
      }
    }
    return allowed;
  }

  /// What was found, without topics that the sender may not know of, and what was not.
  private OffsetFetchResponseGroup told(
      OffsetFetchResponseGroup found,
      TopicRights rights,
      boolean byId,
      List<OffsetFetchResponseTopics> missing) {
    List<OffsetFetchResponseTopics> topics = new ArrayList<>(missing);
    for (OffsetFetchResponseTopics topic : found.topics()) {
      if (!rights.knows(topic.name())) {
        continue;
      }
      if (byId) {
        broker
            .topic(topic.name())
            .ifPresent(known -> topics.add(topic.setTopicId(Ids.wire(known.id()))));
      } else {
        topics.add(topic);
      }
    }
    return found.setTopics(topics);
  }

  Handler.Answer delete(Call call) {
    OffsetDeleteRequestData asked = ((OffsetDeleteRequest) call.body()).data();
    OffsetDeleteResponse.Builder answer = new OffsetDeleteResponse.Builder();
    OffsetDeleteRequestTopicCollection known = new OffsetDeleteRequestTopicCollection();
    TopicRights rights = TopicRights.of(broker, call);
    for (OffsetDeleteRequestTopic topic : asked.topics()) {
      Optional<Topic> found = broker.topic(topic.name());
      boolean isAllowed = found.map(t -> rights.may(Privilege.SELECT, t)).orElse(true);
      List<OffsetDeleteRequestPartition> partitions = new ArrayList<>();
      for (OffsetDeleteRequestPartition partition : topic.partitions()) {
        if (found.isPresent() && isAllowed && has(found.get(), partition.partitionIndex())) {
          partitions.add(partition);
        } else {
          Errors error =
              isAllowed ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.TOPIC_AUTHORIZATION_FAILED;
          answer.addPartition(topic.name(), partition.partitionIndex(), error);
        }
      }
      known.add(new OffsetDeleteRequestTopic().setName(topic.name()).setPartitions(partitions));
    }
    OffsetDeleteRequestData rest =
        new OffsetDeleteRequestData().setGroupId(asked.groupId()).setTopics(known);
    return Later.of(
        call,
        groups.coordinator().deleteOffsets(call.context(), rest, BufferSupplier.NO_CACHING),
        data -> answer.merge(data).build());
  }
}
