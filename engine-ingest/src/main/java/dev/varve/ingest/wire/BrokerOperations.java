// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Durability;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.replica.PartitionState;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// What the protocol asks of a broker. Safe for threads; each method may throw [RefusedException].
public interface BrokerOperations extends TopicAdmin {
  /// The node that clients must connect to for everything.
  record Node(int id, String host, int port) {}

  /// @param encrypted whether for a client that came by the port that encrypts
  Node node(boolean encrypted);

  /// The id of the node.
  int nodeId();

  String clusterId();

  /// All nodes of the cluster that are there.
  ///
  /// @param encrypted whether for a client that came by the port that encrypts
  default List<Node> nodes(boolean encrypted) {
    return List.of(node(encrypted));
  }

  /// The node that decides who leads.
  default int controllerId() {
    return nodeId();
  }

  /// How many nodes keep a topic that is made now.
  default int replicas() {
    return 1;
  }

  /// Who leads a partition, and who keeps it.
  default PartitionState state(Topic topic, int partition) {
    return PartitionState.first(List.of(nodeId()));
  }

  /// A partition that this node leads, for the others that keep it.
  default SharedLog shared(Topic topic, int partition) {
    throw new RefusedException(
        Refusal.NOT_LEADER_OR_FOLLOWER, "no other server keeps " + topic.name());
  }

  /// How many partitions one of the broker's own topics gets: who leads the first one coordinates.
  default int ownPartitions(int alone) {
    return alone;
  }

  /// In which epoch this node coordinates what one of the broker's own topics keeps.
  ///
  /// @throws RefusedException NOT_COORDINATOR where another node does
  default int coordinates(String own) {
    return 0;
  }

  /// All topics, tables among them.
  Collection<Topic> topics();

  Optional<Topic> topic(String name);

  Optional<Topic> topic(UUID id);

  /// The table whose grants count for a topic: its own, or for a plain topic the one that it would
  /// be by its name.
  TableName grantedAs(Topic topic);

  /// As [#topic(String)], and creates a plain topic where settings allow it.
  Optional<Topic> topicOrNew(String name);

  /// As [#topics()], and those that cannot be reached now because their table is detached.
  Collection<Topic> existingTopics();

  /// A topic of the broker's own, made where it is missing.
  Topic internalTopic(String name, int partitions, Map<String, String> config);

  /// The log of a partition.
  PartitionLog log(Topic topic, int partition);

  /// Checks a batch and appends it; `bytes[from, to)` belongs to the broker from now on. The result
  /// is complete when the batch is as durable as asked and visible, or fails with
  /// [RefusedException].
  CompletableFuture<Appended> produce(
      Topic topic, int partition, byte[] bytes, int from, int to, Durability durability);

  /// How long a producer to the topic should wait before it sends more, in milliseconds.
  int delayMillis(Topic topic);

  /// Appends a batch that the broker itself wrote to one of its own topics; it has its place when
  /// the call returns. The result is complete when the batch is durable.
  CompletableFuture<Appended> appendInternal(
      Topic topic, int partition, byte[] bytes, int from, int to);

  /// Ends a producer's transaction in a partition. The result is complete when readers see it.
  CompletableFuture<Appended> endTransaction(
      Topic topic, int partition, long producerId, short epoch, boolean commit);

  /// An id for an idempotent producer.
  long newProducerId();

  /// Whether waiting fetches should give up because the broker stops.
  boolean isStopping();
}
