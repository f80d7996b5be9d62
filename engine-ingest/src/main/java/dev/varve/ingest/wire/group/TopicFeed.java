// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.group;

import dev.varve.ingest.log.LeaderEpochs;
import dev.varve.ingest.log.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;

/// Tells the coordinator which topics there are: it assigns their partitions, and forgets offsets
/// of topics that are gone. One thread at a time.
final class TopicFeed {
  private record Known(String name, int partitions) {}

  private final GroupCoordinator coordinator;
  private final int node;
  private final Map<UUID, Known> known = new HashMap<>();
  private MetadataImage image = MetadataImage.EMPTY;
  private long version;

  TopicFeed(GroupCoordinator coordinator, int node) {
    this.coordinator = coordinator;
    this.node = node;
  }

  /// Compares all topics with what the coordinator was told, and tells it the difference.
  void update(Collection<Topic> topics) {
    MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
    Map<UUID, Topic> now = new HashMap<>();
    topics.forEach(topic -> now.put(topic.id(), topic));
    boolean changed = remove(now, delta);
    for (Topic topic : now.values()) {
      changed |= add(topic, delta);
    }
    if (changed || version == 0) {
      version++;
      image = delta.apply(new MetadataProvenance(version, 0, version, true));
      coordinator.onMetadataUpdate(delta, image);
    }
  }

  private boolean remove(Map<UUID, Topic> now, MetadataDelta delta) {
    List<UUID> gone = known.keySet().stream().filter(id -> !now.containsKey(id)).toList();
    for (UUID id : gone) {
      delta.replay(new RemoveTopicRecord().setTopicId(wire(id)));
      known.remove(id);
    }
    return !gone.isEmpty();
  }

  private boolean add(Topic topic, MetadataDelta delta) {
    Known before = known.put(topic.id(), new Known(topic.name(), topic.partitions()));
    int from = before == null ? 0 : before.partitions;
    if (before == null) {
      delta.replay(new TopicRecord().setName(topic.name()).setTopicId(wire(topic.id())));
    }
    for (int partition = from; partition < topic.partitions(); partition++) {
      delta.replay(
          new PartitionRecord()
              .setTopicId(wire(topic.id()))
              .setPartitionId(partition)
              .setReplicas(List.of(node))
              .setIsr(List.of(node))
              .setLeader(node)
              .setLeaderEpoch(LeaderEpochs.FIRST)
              .setPartitionEpoch(0));
    }
    return from < topic.partitions();
  }

  private static Uuid wire(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
