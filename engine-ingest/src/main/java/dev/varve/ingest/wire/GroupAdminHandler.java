// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
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

  private final Groups groups;

  GroupAdminHandler(Groups groups) {
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
    List<String> ids = ((DeleteGroupsRequest) call.body()).data().groupsNames();
    return Later.of(
        call,
        groups
            .coordinator()
            .deleteGroups(
                call.context(), ids.stream().distinct().toList(), BufferSupplier.NO_CACHING),
        results -> new DeleteGroupsResponse(new DeleteGroupsResponseData().setResults(results)));
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
