// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.transaction.Participant;
import dev.varve.ingest.wire.group.GroupCoordination;
import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.ingest.wire.group.StateLog;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/// The group coordinator: running where there are groups, started by the first request of one
/// elsewhere, so that a server without groups has neither its threads nor its topic. Where several
/// servers keep the topic, it runs at the one that leads it, and begins anew in each epoch. Safe
/// for threads.
final class Groups implements AutoCloseable {
  private static final int PARTITIONS = 50;
  // Small segments: only closed ones are compacted, and all are read after a start.
  private static final Map<String, String> CONFIG =
      Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(16 << 20));

  private final BrokerOperations broker;
  private final GroupSettings settings;
  private volatile Run running;
  private boolean isClosed;

  /// The coordinator in an epoch of its topic.
  private record Run(GroupCoordination coordination, int epoch) {}

  Groups(BrokerOperations broker, GroupSettings settings) {
    this.broker = broker;
    this.settings = settings;
  }

  /// Starts the coordinator where groups were known before a restart.
  void resume() {
    if (broker.topic(Topic.OFFSETS).isPresent()) {
      coordinator();
    }
  }

  /// The topic that groups are kept in, made where it is missing.
  Topic topic() {
    return broker.internalTopic(Topic.OFFSETS, broker.ownPartitions(PARTITIONS), CONFIG);
  }

  /// The coordinator.
  ///
  /// @throws org.apache.kafka.common.errors.ApiException if it cannot be started now
  GroupCoordinator coordinator() {
    try {
      Run known = running;
      int epoch = known == null ? -1 : broker.coordinates(Topic.OFFSETS);
      return (known == null || known.epoch != epoch ? start() : known).coordination.coordinator();
    } catch (RefusedException e) {
      throw Errors.valueOf(e.refusal().name()).exception(e.getMessage());
    }
  }

  private synchronized Run start() {
    if (isClosed) {
      throw Errors.COORDINATOR_NOT_AVAILABLE.exception("the server stops");
    }
    Topic topic;
    try {
      topic = topic();
    } catch (RefusedException e) {
      throw Errors.COORDINATOR_NOT_AVAILABLE.exception(e.getMessage());
    }
    int epoch = broker.coordinates(Topic.OFFSETS);
    if (running == null || running.epoch != epoch) {
      end();
      GroupCoordination started =
          GroupCoordination.start(
              new OffsetsLog(broker, topic), broker.nodeId(), settings, broker.existingTopics());
      running = new Run(started, epoch);
    }
    return running;
  }

  private void end() {
    if (running != null) {
      running.coordination.close();
      running = null;
    }
  }

  /// Ends the coordinator where another server coordinates now.
  private synchronized void endWhereOver() {
    try {
      if (running != null && running.epoch != broker.coordinates(Topic.OFFSETS)) {
        end();
      }
    } catch (RefusedException elsewhere) {
      end();
    }
  }

  /// What `system.consumer_groups` shows; nothing where there never was a group.
  List<GroupStatus> status() {
    Run known = running;
    return known == null
        ? List.of()
        : new GroupViews(broker, known.coordination.coordinator()).rows();
  }

  /// Where a group's offsets are kept.
  Participant partitionOf(String group) {
    return new Participant(Topic.OFFSETS, coordinator().partitionFor(group));
  }

  /// Tells the coordinator of topics that came, went or grew.
  void topicsMayHaveChanged() {
    endWhereOver();
    Run known = running;
    if (known != null) {
      known.coordination.update(broker.existingTopics());
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    end();
  }

  /// The topic `__consumer_offsets` as the coordinator sees it.
  private record OffsetsLog(BrokerOperations broker, Topic topic) implements StateLog {
    @Override
    public int partitions() {
      return topic.partitions();
    }

    @Override
    public PartitionLog log(int partition) {
      return broker.log(topic, partition);
    }

    @Override
    public CompletableFuture<?> append(int partition, byte[] bytes, int from, int to) {
      return broker.appendInternal(topic, partition, bytes, from, to);
    }
  }
}
