// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import java.util.Map;

/// What administrators do to topics. Safe for threads; each method may throw
/// [dev.varve.ingest.record.RefusedException].
public interface TopicAdmin {
  Topic createTopic(String name, int partitions, Map<String, String> config, boolean validateOnly);

  void deleteTopic(Topic topic);

  /// Gives a topic more partitions, empty ones behind those that it has.
  void addPartitions(Topic topic, int total, boolean validateOnly);

  /// Settings in force, by the names that clients know.
  Map<String, String> config(Topic topic);

  /// The broker's own settings, by the names that Kafka has for them.
  Map<String, String> brokerConfig();

  /// Puts these in place of the settings that the topic has of its own.
  void alterConfig(Topic topic, Map<String, String> config, boolean validateOnly);

  /// Deletes a partition's records before an offset, or up to the high watermark where it is -1.
  /// Returns the offset that is the oldest then.
  long deleteRecords(Topic topic, int partition, long before);

  /// Where topics are kept.
  String logDirectory();
}
