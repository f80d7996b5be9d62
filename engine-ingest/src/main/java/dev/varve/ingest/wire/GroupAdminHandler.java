// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.merge.access.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// Looking at consumer groups, and deleting them.
final class GroupAdminHandler {
  private static final int FIRST_VERSION_WITH_NOT_FOUND = 6;

  private final BrokerOperations broker;
  private final Groups groups;

  GroupAdminHandler(BrokerOperations broker, Groups groups) {
    this.broker = broker;
    this.groups = groups;
  }

  Handler.Answer list(Call call) {
    ListGroupsRequest list = (ListGroupsRequest) call.body();
    return Later.of(
        call,
        groups.coordinator().listGroups(call.context(), list.data()),
        ListGroupsResponse::new);
  }

  Handler.Answer describe(Call call) {
    List<String> ids = ((DescribeGroupsRequest) call.body()).data().groups();
    return Later.of(
        call,
        groups.coordinator().describeGroups(call.context(), ids),
        found -> described(found, call.version()));
  }

  private static AbstractResponse described(List<DescribedGroup> found, short version) {
    for (DescribedGroup group : found) {
      if (version < FIRST_VERSION_WITH_NOT_FOUND
          && group.errorCode() == Errors.GROUP_ID_NOT_FOUND.code()) {
        // Older clients know a missing group as a dead one.
        group.setErrorCode(Errors.NONE.code()).setErrorMessage(null);
      }
    }
    return new DescribeGroupsResponse(new DescribeGroupsResponseData().setGroups(found));
  }

  Handler.Answer delete(Call call) {
    List<String> ids =
        ((DeleteGroupsRequest) call.body()).data().groupsNames().stream().distinct().toList();
    TopicRights rights = TopicRights.of(broker, call);
    List<CompletableFuture<Boolean>> mayGo =
        ids.stream().map(id -> mayGo(call, rights, id)).toList();
    DeletableGroupResultCollection results = new DeletableGroupResultCollection();
    CompletableFuture<DeletableGroupResultCollection> deleted =
        CompletableFuture.allOf(mayGo.toArray(CompletableFuture[]::new))
            .thenCompose(_ -> {
              List<String> allowed = new ArrayList<>();
              for (int i = 0; i < ids.size(); i++) {
                if (mayGo.get(i).resultNow()) {
                  allowed.add(ids.get(i));
                } else {
                  results.add(
                      new DeletableGroupResult()
                          .setGroupId(ids.get(i))
                          .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()));
                }
              }
              return groups
                  .coordinator()
                  .deleteGroups(call.context(), allowed, BufferSupplier.NO_CACHING);
            });
    return Later.of(
        call,
        deleted,
        done -> {
          done.forEach(result -> results.add(result.duplicate()));
          return new DeleteGroupsResponse(new DeleteGroupsResponseData().setResults(results));
        });
  }

  /// With a group go its offsets: whoever deletes it must be able to read the topics of these.
  private CompletableFuture<Boolean> mayGo(Call call, TopicRights rights, String id) {
    OffsetFetchRequestGroup all = new OffsetFetchRequestGroup().setGroupId(id).setTopics(null);
    return groups
        .coordinator()
        .fetchOffsets(call.context(), all, false)
        .thenApply(found ->
            found.topics().stream()
                .flatMap(topic -> broker.topic(topic.name()).stream())
                .allMatch(topic -> rights.may(Privilege.SELECT, topic)));
  }

  Handler.Answer consumerDescribe(Call call) {
    List<String> ids = ((ConsumerGroupDescribeRequest) call.body()).data().groupIds();
    return Later.of(
        call,
        groups.coordinator().consumerGroupDescribe(call.context(), ids),
        found ->
            new ConsumerGroupDescribeResponse(
                new ConsumerGroupDescribeResponseData().setGroups(found)));
  }
}
