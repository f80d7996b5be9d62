// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.sink.TableSink;
import dev.varve.merge.engine.MergeTable;
import dev.varve.storage.table.TableName;
import java.util.List;

/// A topic in service. `sink` and `table` are null for a plain topic, and `sink` alone for one of
/// dead letters.
///
/// @param topic as it is kept on disk; its name is the one that its table had when it was opened
record LiveTopic(Topic topic, MergeTable table, TableSink sink, List<LivePartition> partitions) {
  private static final String DEFAULT_DATABASE = "default";

  LiveTopic {
    partitions = List.copyOf(partitions);
  }

  /// The topic of a table: `table` of the default database, or `database.table`.
  static String nameOf(TableName table) {
    return table.database().equals(DEFAULT_DATABASE) ? table.table() : table.toString();
  }

  /// Whether it is open for this table by the name that the table has now.
  boolean serves(MergeTable now) {
    return table == now && topic.name().equals(nameOf(now.definition().name()));
  }

  /// Whether several servers keep it.
  boolean isShared() {
    return !partitions.isEmpty() && partitions.getFirst().shared() != null;
  }

  /// The topic as clients see it.
  Topic shown() {
    return topic.shown();
  }

  LivePartition partition(int index) {
    if (index < 0 || index >= partitions.size()) {
      throw new RefusedException(
          Refusal.UNKNOWN_TOPIC_OR_PARTITION,
          "topic "
              + topic.name()
              + " has "
              + partitions.size()
              + (partitions.size() == 1 ? " partition" : " partitions")
              + ", there is no partition "
              + index);
    }
    return partitions.get(index);
  }
}
