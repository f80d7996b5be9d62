// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.sink.TableSink;
import dev.varve.storage.table.TableName;
import java.util.List;

/// A topic in service. `sink` and `table` are null for a plain topic.
record LiveTopic(Topic topic, TableName table, TableSink sink, List<LivePartition> partitions) {
  LiveTopic {
    partitions = List.copyOf(partitions);
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
