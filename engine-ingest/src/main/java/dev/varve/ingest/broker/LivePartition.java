// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.sink.CommitQueue;
import dev.varve.ingest.sink.DeadLetters;
import java.io.IOException;

/// A partition in service, or the reason why it is not: then the others may be null.
///
/// @param deadLetters null for a plain topic
/// @param shared where several servers keep the partition: it has log and queue then; else null
record LivePartition(
    PartitionLog log,
    CommitQueue queue,
    DeadLetters deadLetters,
    String failure,
    SharedPartition shared) {
  LivePartition(PartitionLog log, CommitQueue queue, DeadLetters deadLetters, String failure) {
    this(log, queue, deadLetters, failure, null);
  }

  /// This server's log of the partition, whoever leads it.
  @Override
  public PartitionLog log() {
    return shared == null ? log : shared.log();
  }

  /// Null where another server takes the records.
  @Override
  public CommitQueue queue() {
    return shared == null ? queue : shared.queue();
  }

  /// The log as clients may read it.
  PartitionLog logInService() {
    if (shared != null) {
      return shared.leaderLog();
    }
    if (log == null) {
      throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, failure);
    }
    return log;
  }

  CommitQueue queueInService() {
    if (shared != null) {
      return shared.leaderQueue();
    }
    if (queue == null) {
      throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, failure);
    }
    return queue;
  }

  /// Why it does not take records, or empty.
  String lastError() {
    PartitionLog own = log();
    String logFailure = own == null ? null : own.failure();
    if (logFailure != null) {
      return logFailure;
    }
    if (failure != null) {
      return failure;
    }
    CommitQueue open = queue();
    return open == null ? shared.lastError() : open.lastError();
  }

  void forgetProducers() throws IOException {
    if (log() != null) {
      log().forgetProducers();
    }
  }

  void close() {
    if (shared != null) {
      shared.close();
    } else if (queue != null) {
      queue.close();
    }
  }
}
