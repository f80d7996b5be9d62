// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.access.Privilege;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// Membership in consumer groups, of both protocols.
final class GroupHandler {
  private final BrokerOperations broker;
  private final Groups groups;

  GroupHandler(BrokerOperations broker, Groups groups) {
    this.broker = broker;
    this.groups = groups;
  }

  /// A group belongs to nobody: whoever may read some table may be a member.
  private TopicRights rights(Call call) {
    TopicRights rights = TopicRights.of(broker, call);
    rights.requireSomewhere(Privilege.SELECT, Errors.GROUP_AUTHORIZATION_FAILED);
    return rights;
  }

  Handler.Answer join(Call call) {
    rights(call);
    JoinGroupRequest join = (JoinGroupRequest) call.body();
    return Later.of(
        call,
        groups.coordinator().joinGroup(call.context(), join.data(), BufferSupplier.NO_CACHING),
        data -> new JoinGroupResponse(data, call.version()));
  }

  Handler.Answer sync(Call call) {
    rights(call);
    SyncGroupRequest sync = (SyncGroupRequest) call.body();
    if (!sync.areMandatoryProtocolTypeAndNamePresent()) {
      return () -> sync.getErrorResponse(Errors.INCONSISTENT_GROUP_PROTOCOL.exception());
    }
    return Later.of(
        call,
        groups.coordinator().syncGroup(call.context(), sync.data(), BufferSupplier.NO_CACHING),
        SyncGroupResponse::new);
  }

  Handler.Answer heartbeat(Call call) {
    rights(call);
    HeartbeatRequest heartbeat = (HeartbeatRequest) call.body();
    return Later.of(
        call,
        groups.coordinator().heartbeat(call.context(), heartbeat.data()),
        HeartbeatResponse::new);
  }

  Handler.Answer leave(Call call) {
    rights(call);
    LeaveGroupRequest leave = (LeaveGroupRequest) call.body();
    return Later.of(
        call,
        groups.coordinator().leaveGroup(call.context(), leave.normalizedData()),
        data -> new LeaveGroupResponse(data, call.version()));
  }

  Handler.Answer consumerHeartbeat(Call call) {
    TopicRights rights = rights(call);
    ConsumerGroupHeartbeatRequest heartbeat = (ConsumerGroupHeartbeatRequest) call.body();
    if (heartbeat.data().subscribedTopicNames() != null) {
      try {
        heartbeat.data().subscribedTopicNames().forEach(t -> rights.check(Privilege.SELECT, t));
      } catch (RefusedException e) {
        throw Errors.TOPIC_AUTHORIZATION_FAILED.exception(e.getMessage());
      }
    }
    if (heartbeat.data().memberEpoch() == 0) {
      groups.topicsMayHaveChanged(); // a table is a topic from its first second on
    }
    return Later.of(
        call,
        groups.coordinator().consumerGroupHeartbeat(call.context(), heartbeat.data()),
        ConsumerGroupHeartbeatResponse::new);
  }
}
