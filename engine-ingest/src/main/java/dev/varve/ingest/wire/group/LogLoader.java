// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.group;

import dev.varve.ingest.log.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;

/// Tells the coordinator, after a start, all that its log holds.
final class LogLoader implements CoordinatorLoader<CoordinatorRecord> {
  private final StateLog log;
  private final Executor threads;
  private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();

  LogLoader(StateLog log, Executor threads) {
    this.log = log;
    this.threads = threads;
  }

  @Override
  public CompletableFuture<LoadSummary> load(
      TopicPartition partition, CoordinatorPlayback<CoordinatorRecord> playback) {
    return CompletableFuture.supplyAsync(() -> replay(partition.partition(), playback), threads);
  }

  private LoadSummary replay(int partition, CoordinatorPlayback<CoordinatorRecord> playback) {
    long start = System.currentTimeMillis();
    PartitionLog source = log.log(partition);
    Counts counts = new Counts();
    try {
      source.replay(
          source.startOffset(),
          (bytes, size) -> {
            MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes, 0, size));
            records.batches().forEach(batch -> replay(batch, playback, counts));
            counts.bytes += size;
          });
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    if (source.endOffset() > 0) { // the coordinator begins at 0 and wants to be told of steps alone
      playback.updateLastWrittenOffset(source.endOffset());
      playback.updateLastCommittedOffset(source.endOffset());
    }
    return new LoadSummary(start, System.currentTimeMillis(), 0, counts.records, counts.bytes);
  }

  private void replay(
      MutableRecordBatch batch, CoordinatorPlayback<CoordinatorRecord> playback, Counts counts) {
    for (Record record : batch) {
      counts.records++;
      if (batch.isControlBatch()) {
        endOfTransaction(batch, record, playback);
      } else {
        CoordinatorRecord decoded = decode(record);
        if (decoded != null) {
          playback.replay(record.offset(), batch.producerId(), batch.producerEpoch(), decoded);
        }
      }
    }
  }

  private static void endOfTransaction(
      MutableRecordBatch batch, Record record, CoordinatorPlayback<CoordinatorRecord> playback) {
    ControlRecordType type = ControlRecordType.parse(record.key());
    TransactionResult result =
        type == ControlRecordType.COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT;
    playback.replayEndTransactionMarker(batch.producerId(), batch.producerEpoch(), result);
  }

  /// The record, or null where a newer release wrote a kind that this one does not know.
  private CoordinatorRecord decode(Record record) {
    try {
      return serde.deserialize(record.key(), record.value());
    } catch (Deserializer.UnknownRecordTypeException e) {
      return null;
    }
  }

  @Override
  public void close() {}

  private static final class Counts {
    private long records;
    private long bytes;
  }
}
