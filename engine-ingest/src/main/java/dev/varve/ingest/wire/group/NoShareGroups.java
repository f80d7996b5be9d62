// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.group;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/// Share groups, which alone ask for this, are not offered to clients.
final class NoShareGroups implements PartitionMetadataClient {
  @Override
  public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
      Set<TopicPartition> partitions) {
    Map<TopicPartition, CompletableFuture<OffsetResponse>> answers = new HashMap<>();
    for (TopicPartition partition : partitions) {
      answers.put(
          partition, CompletableFuture.failedFuture(Errors.UNSUPPORTED_VERSION.exception()));
    }
    return answers;
  }

  @Override
  public void close() {}
}
