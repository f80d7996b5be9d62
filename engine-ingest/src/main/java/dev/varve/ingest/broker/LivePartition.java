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
record LivePartition(PartitionLog log, CommitQueue queue, DeadLetters deadLetters, String failure) {
  PartitionLog logInService() {
    if (log == null) {
      throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, failure);
    }
    return log;
  }

  CommitQueue queueInService() {
    if (queue == null) {
      throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, failure);
    }
    return queue;
  }

  /// Why it does not take records, or empty.
  String lastError() {
    String logFailure = log == null ? null : log.failure();
    if (logFailure != null) {
      return logFailure;
    }
    return failure != null ? failure : queue.lastError();
  }

  void forgetProducers() throws IOException {
    if (log != null) {
      log.forgetProducers();
    }
  }

  void close() {
    if (queue != null) {
      queue.close();
    }
  }
}
