// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.access.Access;
import dev.varve.merge.access.Privilege;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.protocol.Errors;

/// What the sender of a request may do with topics, by the grants of SQL: a topic asks for the
/// rights that its table asks for, a plain one for those of the table that it would be by its name.
/// Whoever may read some rows or columns only may not fetch: a topic has all of them.
///
/// Rights are asked for before it is said whether a topic exists.
record TopicRights(BrokerOperations broker, Access access) {
  /// One of these must hold for the name and the shape of a topic to be told.
  private static final List<Privilege> TELLING =
      List.of(
          Privilege.SELECT,
          Privilege.INSERT,
          Privilege.ALTER,
          Privilege.CREATE,
          Privilege.DROP,
          Privilege.SHOW);

  static TopicRights of(BrokerOperations broker, Call call) {
    return new TopicRights(broker, call.caller().access());
  }

  /// The topic of this name.
  ///
  /// @throws RefusedException TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_OR_PARTITION
  Topic require(Privilege privilege, String name) {
    Optional<Topic> topic = broker.topic(name);
    check(privilege, name, topic);
    return topic.orElseThrow(
        () -> new RefusedException(Refusal.UNKNOWN_TOPIC_OR_PARTITION, "no topic " + name));
  }

  /// The topic of this id, which is no secret.
  ///
  /// @throws RefusedException TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_ID
  Topic require(Privilege privilege, UUID id) {
    Optional<Topic> topic = broker.topic(id);
    topic.ifPresent(known -> check(privilege, known.name(), topic));
    return topic.orElseThrow(
        () -> new RefusedException(Refusal.UNKNOWN_TOPIC_ID, "no topic has the id " + id));
  }

  /// The topic of this name, of which the sender need only know.
  ///
  /// @throws RefusedException TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_OR_PARTITION
  Topic requireKnown(String name) {
    Optional<Topic> topic = broker.topic(name);
    if (!knows(name)) {
      throw unknown(name);
    }
    return topic.orElseThrow(
        () -> new RefusedException(Refusal.UNKNOWN_TOPIC_OR_PARTITION, "no topic " + name));
  }

  private static RefusedException unknown(String name) {
    return new RefusedException(
        Refusal.TOPIC_AUTHORIZATION_FAILED, "this user has no privilege on topic " + name);
  }

  /// Whether a topic of this name, which need not exist, may be told of.
  boolean knows(String name) {
    if (access.isUnlimited()) {
      return true;
    }
    TableName table = granted(name, broker.topic(name));
    return Topic.isInternal(name)
        ? mayOperate()
        : TELLING.stream()
            .anyMatch(privilege -> access.allows(privilege, table.database(), table.table(), ""));
  }

  boolean may(Privilege privilege, Topic topic) {
    return access.isUnlimited() || refusal(privilege, topic.name(), Optional.of(topic)) == null;
  }

  /// @throws RefusedException TOPIC_AUTHORIZATION_FAILED
  void check(Privilege privilege, String name) {
    check(privilege, name, broker.topic(name));
  }

  private void check(Privilege privilege, String name, Optional<Topic> topic) {
    if (access.isUnlimited()) {
      return;
    }
    String why = refusal(privilege, name, topic);
    if (why != null) {
      throw new RefusedException(Refusal.TOPIC_AUTHORIZATION_FAILED, "topic " + name + ": " + why);
    }
  }

  /// Why not, or null.
  private String refusal(Privilege privilege, String name, Optional<Topic> topic) {
    TableName table = granted(name, topic);
    try {
      if (Topic.isInternal(name)) {
        access.require(Privilege.SYSTEM, "", "");
      } else {
        access.require(privilege, table.database(), table.table());
      }
    } catch (VarveException e) {
      return e.getMessage();
    }
    boolean hidesRows =
        privilege == Privilege.SELECT
            && access.rowCondition(table.database(), table.table()).isPresent();
    return hidesRows ? "a row policy of the table stands before this user; use SQL" : null;
  }

  private TableName granted(String name, Optional<Topic> topic) {
    return topic.map(broker::grantedAs).orElseGet(() -> Topic.tableNamed(name));
  }

  /// What belongs to no one topic asks for a privilege on some table at least.
  ///
  /// @throws org.apache.kafka.common.errors.ApiException of this error
  void requireSomewhere(Privilege privilege, Errors error) {
    if (!access.allowsSomewhere(privilege)) {
      throw error.exception("this user has " + privilege.text() + " on no table");
    }
  }

  /// Whether the sender may look at what belongs to the server itself.
  boolean mayOperate() {
    return access.allowsWhole(Privilege.SYSTEM, "", "");
  }

  /// @throws org.apache.kafka.common.errors.ApiException CLUSTER_AUTHORIZATION_FAILED
  void requireOperator() {
    if (!mayOperate()) {
      throw Errors.CLUSTER_AUTHORIZATION_FAILED.exception("this needs SYSTEM on *.*");
    }
  }
}
