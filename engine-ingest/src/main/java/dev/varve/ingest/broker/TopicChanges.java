// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.io.IOException;
import java.util.Map;

/// Changes to topics that are in service. What a table's topic is follows from its table, and is
/// changed there. Safe for threads.
final class TopicChanges {
  private final BrokerSettings settings;
  private final Topics topics;
  private final TopicOrigin origin;
  private final TopicOpener opener;

  TopicChanges(BrokerSettings settings, Topics topics, TopicOrigin origin, TopicOpener opener) {
    this.settings = settings;
    this.topics = topics;
    this.origin = origin;
    this.opener = opener;
  }

  String directory() {
    return settings.directory().toString();
  }

  Map<String, String> brokerConfig() {
    Map<String, String> shown = TopicConfig.ofBroker(settings.plainLog());
    shown.put("auto.create.topics.enable", Boolean.toString(settings.createsTopics()));
    shown.put("socket.request.max.bytes", Integer.toString(settings.maxRequestBytes()));
    shown.put("log.dirs", directory());
    shown.putAll(settings.groups().shown());
    return shown;
  }

  void addPartitions(LiveTopic live, int total, boolean validateOnly) {
    Topic topic = live.topic();
    checkPlain(live, "has as many partitions as its table has shards");
    if (total <= topic.partitions() || total > TopicNames.MAX_PARTITIONS) {
      throw new RefusedException(
          Refusal.INVALID_PARTITIONS,
          "topic "
              + topic.name()
              + " has "
              + topic.partitions()
              + " partitions and can have up to "
              + TopicNames.MAX_PARTITIONS
              + ", never fewer than before; found "
              + total);
    }
    if (!validateOnly) {
      synchronized (topics) {
        Topic grown = topic.withPartitions(total);
        update(grown);
        topics.replace(live, opener.grown(grown, live.partitions()));
      }
    }
  }

  void alterConfig(LiveTopic live, Map<String, String> config, boolean validateOnly) {
    checkPlain(live, "is kept as its table says");
    LogSettings changed = origin.check(config, settings.plainLog());
    if (validateOnly) {
      return;
    }
    synchronized (topics) {
      Topic altered = live.topic().withConfig(config);
      update(altered);
      topics.replace(live, new LiveTopic(altered, null, null, live.partitions()));
      for (LivePartition partition : live.partitions()) {
        if (partition.log() != null) {
          partition.log().settings(changed);
        }
      }
    }
  }

  long deleteRecords(LiveTopic live, int index, long before) {
    if (live.topic().isInternal() || ErrorTopics.isOne(live)) {
      throw new RefusedException(
          Refusal.POLICY_VIOLATION, "topic " + live.topic().name() + " is the broker's own");
    }
    PartitionLog log = live.partition(index).logInService();
    long durable = Math.min(topics.keepFrom(live, index), log.highWatermark());
    if (before > durable && before <= log.highWatermark()) {
      throw new RefusedException(
          Refusal.POLICY_VIOLATION,
          "records from offset " + durable + " on are not in a part of the table yet");
    }
    try {
      return log.deleteBefore(before == -1 ? durable : before);
    } catch (IOException e) {
      throw storage(live.topic(), e);
    }
  }

  private static void checkPlain(LiveTopic live, String why) {
    if (live.table() != null) {
      throw new RefusedException(
          Refusal.POLICY_VIOLATION, "topic " + live.topic().name() + " " + why);
    }
    if (live.topic().isInternal()) {
      throw new RefusedException(
          Refusal.POLICY_VIOLATION, "topic " + live.topic().name() + " is the broker's own");
    }
  }

  private void update(Topic topic) {
    try {
      origin.update(topic);
    } catch (IOException e) {
      throw storage(topic, e);
    }
  }

  private static RefusedException storage(Topic topic, IOException e) {
    return new RefusedException(
        Refusal.KAFKA_STORAGE_ERROR, "cannot change topic " + topic.name() + ": " + e.getMessage());
  }
}
