// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.group;

import dev.varve.ingest.record.RefusedException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/// Writes what the coordinator decides to our log and tells it what is durable. The coordinator
/// writes each partition from one thread at a time.
final class LogWriter implements PartitionWriter {
  private final StateLog log;
  private final LogConfig config;
  private final Map<TopicPartition, Set<Listener>> listeners = new ConcurrentHashMap<>();

  LogWriter(StateLog log) {
    this.log = log;
    this.config = new LogConfig(Map.of());
  }

  @Override
  public void registerListener(TopicPartition partition, Listener listener) {
    listeners.computeIfAbsent(partition, _ -> ConcurrentHashMap.newKeySet()).add(listener);
  }

  @Override
  public void deregisterListener(TopicPartition partition, Listener listener) {
    Set<Listener> known = listeners.get(partition);
    if (known != null) {
      known.remove(listener);
    }
  }

  @Override
  public LogConfig config(TopicPartition partition) {
    return config;
  }

  @Override
  public long append(
      TopicPartition partition,
      VerificationGuard guard,
      MemoryRecords records,
      short transactionVersion) {
    ByteBuffer bytes = records.buffer();
    int from = bytes.arrayOffset() + bytes.position();
    int to = bytes.arrayOffset() + bytes.limit();
    try {
      CompletableFuture<?> durable = log.append(partition.partition(), bytes.array(), from, to);
      // Nobody else writes here, so the end of the log is the end of this batch.
      long end = log.log(partition.partition()).endOffset();
      durable.whenComplete((_, failure) -> {
        if (failure == null) {
          tell(partition, end);
        }
      });
      return end;
    } catch (RefusedException e) {
      throw Errors.valueOf(e.refusal().name()).exception(e.getMessage());
    }
  }

  private void tell(TopicPartition partition, long end) {
    listeners
        .getOrDefault(partition, Set.of())
        .forEach(listener -> listener.onHighWatermarkUpdated(partition, end));
  }

  @Override
  public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
      TopicPartition partition,
      String transactionalId,
      long producerId,
      short producerEpoch,
      int transactionVersion) {
    return CompletableFuture.completedFuture(VerificationGuard.SENTINEL);
  }

  @Override
  public CompletableFuture<Void> deleteRecords(TopicPartition partition, long before) {
    // Compaction alone shortens this log; the group coordinator never asks.
    return CompletableFuture.completedFuture(null);
  }
}
