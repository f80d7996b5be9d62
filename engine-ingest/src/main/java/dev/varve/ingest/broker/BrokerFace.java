// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.connection.BrokerMetrics;
import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Durability;
import dev.varve.ingest.log.MarkerLayout;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.ProducerIds;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.BatchCheck;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.replica.PartitionState;
import dev.varve.ingest.sink.CommitQueue;
import dev.varve.ingest.sink.DecodedRows;
import dev.varve.ingest.wire.BrokerOperations;
import dev.varve.ingest.wire.SharedLog;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the protocol sees of the broker. Safe for threads.
final class BrokerFace implements BrokerOperations {
  private static final int ALONE = 1;

  /// Where clients find this node.
  record Address(String host, int port) {}

  private final Topics topics;
  private final TopicChanges changes;
  private final ProducerIds producerIds;
  private final Supplier<String> clusterId;
  private final BrokerMetrics metrics;
  private final BooleanSupplier stopping;
  private final Function<Boolean, Address> address;
  private final Cooperation others;

  /// @param address where clients that encrypt are to connect to, and where the others
  /// @param others null for a server that is alone
  BrokerFace(
      Topics topics,
      TopicChanges changes,
      ProducerIds producerIds,
      Supplier<String> clusterId,
      BrokerMetrics metrics,
      BooleanSupplier stopping,
      Function<Boolean, Address> address,
      Cooperation others) {
    this.topics = topics;
    this.changes = changes;
    this.producerIds = producerIds;
    this.clusterId = clusterId;
    this.metrics = metrics;
    this.stopping = stopping;
    this.address = address;
    this.others = others;
  }

  @Override
  public Node node(boolean encrypted) {
    Address known = address.apply(encrypted);
    return new Node(nodeId(), known.host(), known.port());
  }

  @Override
  public int nodeId() {
    return others == null ? ALONE : others.shared().self();
  }

  @Override
  public List<Node> nodes(boolean encrypted) {
    Node own = node(encrypted);
    return others == null ? List.of(own) : others.nodes(encrypted, own);
  }

  @Override
  public int controllerId() {
    return others == null ? ALONE : others.controllerId();
  }

  @Override
  public int replicas() {
    return others == null ? 1 : others.origin().copies();
  }

  @Override
  public PartitionState state(Topic topic, int partition) {
    return others == null
        ? BrokerOperations.super.state(topic, partition)
        : others.state(live(topic), partition);
  }

  @Override
  public SharedLog shared(Topic topic, int partition) {
    SharedPartition found = live(topic).partition(partition).shared();
    return found == null ? BrokerOperations.super.shared(topic, partition) : found;
  }

  @Override
  public int ownPartitions(int alone) {
    return others == null ? alone : Cooperation.OWN_PARTITIONS;
  }

  @Override
  public int coordinates(String own) {
    return others == null ? 0 : topics.find(own).map(others::coordinates).orElse(-1);
  }

  @Override
  public String clusterId() {
    return clusterId.get();
  }

  @Override
  public Collection<Topic> topics() {
    return topics.all().stream().map(LiveTopic::shown).toList();
  }

  @Override
  public Optional<Topic> topic(String name) {
    return topics.find(name).map(LiveTopic::shown);
  }

  @Override
  public Optional<Topic> topic(UUID id) {
    return topics.find(id).map(LiveTopic::shown);
  }

  @Override
  public TableName grantedAs(Topic topic) {
    return topics
        .find(topic.id())
        .filter(live -> live.table() != null)
        .map(live -> live.table().definition().name())
        .orElseGet(() -> Topic.tableNamed(topic.name()));
  }

  @Override
  public Optional<Topic> topicOrNew(String name) {
    return topics.findOrCreate(name).map(LiveTopic::shown);
  }

  @Override
  public Collection<Topic> existingTopics() {
    return topics.existing();
  }

  @Override
  public Topic internalTopic(String name, int partitions, Map<String, String> config) {
    return topics.internal(name, partitions, config).shown();
  }

  @Override
  public Topic createTopic(
      String name, int partitions, Map<String, String> config, boolean validateOnly) {
    return topics.create(name, partitions, config, validateOnly).topic();
  }

  @Override
  public void deleteTopic(Topic topic) {
    topics.delete(live(topic));
  }

  private LiveTopic live(Topic topic) {
    return topics
        .find(topic.id())
        .orElseThrow(() ->
            new RefusedException(
                Refusal.UNKNOWN_TOPIC_OR_PARTITION, "topic " + topic.name() + " is gone"));
  }

  @Override
  public PartitionLog log(Topic topic, int partition) {
    return live(topic).partition(partition).logInService();
  }

  @Override
  public Map<String, String> config(Topic topic) {
    return TopicConfig.shown(topics.settings(live(topic)));
  }

  @Override
  public Map<String, String> brokerConfig() {
    return changes.brokerConfig();
  }

  @Override
  public void addPartitions(Topic topic, int total, boolean validateOnly) {
    changes.addPartitions(live(topic), total, validateOnly);
  }

  @Override
  public void alterConfig(Topic topic, Map<String, String> config, boolean validateOnly) {
    changes.alterConfig(live(topic), config, validateOnly);
  }

  @Override
  public long deleteRecords(Topic topic, int partition, long before) {
    return changes.deleteRecords(live(topic), partition, before);
  }

  @Override
  public String logDirectory() {
    return changes.directory();
  }

  @Override
  public CompletableFuture<Appended> produce(
      Topic topic, int partition, byte[] bytes, int from, int to, Durability durability) {
    LiveTopic live = live(topic);
    LivePartition target = live.partition(partition);
    PartitionLog log = target.logInService();
    try {
      checkOpenToClients(topic);
      ErrorTopics.checkWritable(live);
      BatchCheck.check(bytes, from, to, log.settings().maxBatchBytes());
      if (log.settings().compacts()) {
        CompactedRecords.checkKeys(bytes, from);
      }
      int least = leastInSync(live, durability);
      if (least > 1) {
        target.shared().requireInSync(least, Refusal.NOT_ENOUGH_REPLICAS);
      }
      Appended known = log.duplicateOf(bytes, from);
      if (known != null) {
        metrics.add("kafka_batches_sent_again", 1);
        return inSync(target, least, target.queueInService().await(known, null, durability));
      }
      DecodedRows rows = live.sink() == null ? null : live.sink().decode(partition, bytes, from);
      metrics.add("kafka_records_received", BatchLayout.records(bytes, from));
      CommitQueue queue = target.queueInService();
      return inSync(target, least, queue.append(bytes, from, to - from, rows, durability));
    } catch (RefusedException e) {
      metrics.add("kafka_batches_refused_" + e.refusal().name(), 1);
      metrics.add("kafka_records_refused", e.badRecords().size());
      throw e;
    }
  }

  /// How many servers must have a batch before it is answered; 1 where this one is enough.
  private int leastInSync(LiveTopic live, Durability durability) {
    return live.isShared() && durability == Durability.SYNCED
        ? others.origin().minInSync(live.topic())
        : 1;
  }

  private static CompletableFuture<Appended> inSync(
      LivePartition partition, int least, CompletableFuture<Appended> result) {
    return least <= 1
        ? result
        : result.thenApply(appended -> {
          partition.shared().requireInSync(least, Refusal.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
          return appended;
        });
  }

  @Override
  public int delayMillis(Topic topic) {
    int delay =
        topics
            .find(topic.id())
            .filter(live -> live.table() != null)
            .map(live -> live.table().delayMillis())
            .orElse(0);
    if (delay > 0) {
      metrics.add("kafka_produces_throttled", 1);
    }
    return delay;
  }

  private static void checkOpenToClients(Topic topic) {
    if (topic.isInternal()) {
      throw new RefusedException(
          Refusal.INVALID_TOPIC_EXCEPTION, "only the broker itself writes to " + topic.name());
    }
  }

  @Override
  public CompletableFuture<Appended> appendInternal(
      Topic topic, int partition, byte[] bytes, int from, int to) {
    LiveTopic live = live(topic);
    LivePartition target = live.partition(partition);
    int least = leastInSync(live, Durability.SYNCED);
    if (least > 1) {
      target.shared().requireInSync(least, Refusal.NOT_ENOUGH_REPLICAS);
    }
    CommitQueue queue = target.queueInService();
    return inSync(target, least, queue.append(bytes, from, to - from, null, Durability.SYNCED));
  }

  @Override
  public CompletableFuture<Appended> endTransaction(
      Topic topic, int partition, long producerId, short epoch, boolean commit) {
    LiveTopic live = live(topic);
    if (ErrorTopics.isOne(live)) {
      // A client may have named it for its transaction, but nothing of that came there.
      long end = live.partition(partition).logInService().endOffset();
      return CompletableFuture.completedFuture(new Appended(end, end, -1, -1, true));
    }
    long now = System.currentTimeMillis();
    byte[] marker = MarkerLayout.marker(producerId, epoch, commit, now);
    return appendInternal(topic, partition, marker, 0, marker.length);
  }

  @Override
  public long newProducerId() {
    long id = producerIds.take();
    return others == null ? id : others.newProducerId(id);
  }

  @Override
  public boolean isStopping() {
    return stopping.getAsBoolean();
  }
}
