// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.transaction.Participant;
import dev.varve.ingest.transaction.TransactionCoordinator;
import dev.varve.ingest.transaction.TransactionStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Utils;

/// The transaction coordinator over the topic `__transaction_state`, which comes into being with
/// the first transactional producer. Where several servers keep the topic, it runs at the one that
/// leads it, and begins anew in each epoch. Safe for threads.
final class Transactional {
  private static final Map<String, String> CONFIG =
      Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(16 << 20));

  private final BrokerOperations broker;
  private final Groups groups;
  private volatile Run running;

  /// The coordinator in an epoch of its topic.
  private record Run(TransactionCoordinator coordinator, int epoch) {}

  Transactional(BrokerOperations broker, Groups groups) {
    this.broker = broker;
    this.groups = groups;
  }

  /// Takes up the transactions that were known before a restart.
  void resume() {
    if (broker.topic(Topic.TRANSACTIONS).isPresent()) {
      coordinator();
    }
  }

  /// The topic that transactions are kept in, made where it is missing.
  Topic topic() {
    return broker.internalTopic(Topic.TRANSACTIONS, 1, CONFIG);
  }

  TransactionCoordinator coordinator() {
    Run known = running;
    int epoch = known == null ? -1 : broker.coordinates(Topic.TRANSACTIONS);
    return (known == null || known.epoch != epoch ? start() : known).coordinator;
  }

  private synchronized Run start() {
    Topic topic = topic();
    int epoch = broker.coordinates(Topic.TRANSACTIONS);
    if (running == null || running.epoch != epoch) {
      Store store = new Store(broker, groups, topic);
      running = new Run(new TransactionCoordinator(store, System::currentTimeMillis), epoch);
    }
    return running;
  }

  /// Ends what takes too long; also what another server began that coordinated before.
  void tick() {
    if (coordinatesHere()) {
      coordinator().tick();
    }
  }

  private boolean coordinatesHere() {
    try {
      return broker.topic(Topic.TRANSACTIONS).isPresent()
          && broker.coordinates(Topic.TRANSACTIONS) >= 0;
    } catch (RefusedException elsewhere) {
      return false;
    }
  }

  private record Store(BrokerOperations broker, Groups groups, Topic topic)
      implements TransactionStore {
    @Override
    public long newProducerId() {
      return broker.newProducerId();
    }

    @Override
    public CompletableFuture<?> put(String transactionalId, byte[] state) {
      byte[] key = transactionalId.getBytes(StandardCharsets.UTF_8);
      MemoryRecords records =
          MemoryRecords.withRecords(
              Compression.NONE, new SimpleRecord(System.currentTimeMillis(), key, state));
      ByteBuffer bytes = records.buffer();
      int from = bytes.arrayOffset() + bytes.position();
      return broker.appendInternal(topic, 0, bytes.array(), from, from + bytes.remaining());
    }

    @Override
    public void load(BiConsumer<String, byte[]> visitor) {
      PartitionLog log = broker.log(topic, 0);
      try {
        log.replay(
            log.startOffset(),
            (bytes, size) -> {
              ByteBuffer batch = ByteBuffer.wrap(bytes, 0, size);
              for (Record record : MemoryRecords.readableRecords(batch).records()) {
                String id = StandardCharsets.UTF_8.decode(record.key()).toString();
                visitor.accept(id, Utils.toNullableArray(record.value()));
              }
            });
      } catch (IOException e) {
        throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, e.getMessage());
      }
    }

    @Override
    public CompletableFuture<?> end(
        Participant partition, long producerId, short epoch, boolean commit) {
      if (partition.topic().equals(Topic.OFFSETS)) {
        TransactionResult result = commit ? TransactionResult.COMMIT : TransactionResult.ABORT;
        TopicPartition offsets = new TopicPartition(Topic.OFFSETS, partition.partition());
        return groups
            .coordinator()
            .completeTransaction(offsets, producerId, epoch, 0, result, (short) 2);
      }
      Optional<Topic> target = broker.topic(partition.topic());
      try {
        return target.isEmpty()
            ? CompletableFuture.completedFuture(null)
            : broker.endTransaction(target.get(), partition.partition(), producerId, epoch, commit);
      } catch (RefusedException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }
}
