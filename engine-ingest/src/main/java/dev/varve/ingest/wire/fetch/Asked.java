// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.fetch;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;

/// A partition that a client wants to read. Its topic has a name or an id, as the version of the
/// request has it.
public record Asked(String topic, Uuid topicId, FetchPartition partition) {
  /// The partitions of a request.
  public static List<Asked> of(FetchRequestData request) {
    List<Asked> all = new ArrayList<>();
    for (FetchTopic topic : request.topics()) {
      for (FetchPartition partition : topic.partitions()) {
        all.add(new Asked(topic.topic(), topic.topicId(), partition));
      }
    }
    return all;
  }

  /// Whether both are of one topic.
  public boolean isOfTopicOf(Asked other) {
    return topic.equals(other.topic) && topicId.equals(other.topicId);
  }
}
