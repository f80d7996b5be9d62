// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.transaction;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/// What transactions are kept in and what they end in. Safe for threads.
public interface TransactionStore {
  /// An id for a producer, never given before.
  long newProducerId();

  /// Keeps the newest bytes of a transactional id, or forgets the id where they are null. Complete
  /// when that is durable.
  CompletableFuture<?> put(String transactionalId, byte[] state);

  /// All that was kept, oldest first; null for what was forgotten.
  void load(BiConsumer<String, byte[]> visitor);

  /// Ends a producer's transaction in one partition; nothing happens where the partition is gone.
  /// Complete when readers see the outcome.
  CompletableFuture<?> end(Participant partition, long producerId, short epoch, boolean commit);
}
