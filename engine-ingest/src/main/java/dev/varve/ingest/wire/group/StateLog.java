// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.group;

import dev.varve.ingest.log.PartitionLog;
import java.util.concurrent.CompletableFuture;

/// The partitions of `__consumer_offsets`, in which groups and their offsets are kept.
public interface StateLog {
  int partitions();

  PartitionLog log(int partition);

  /// Writes a batch, which has its place when the call returns. The result is complete when the
  /// batch is durable.
  CompletableFuture<?> append(int partition, byte[] bytes, int from, int to);
}
