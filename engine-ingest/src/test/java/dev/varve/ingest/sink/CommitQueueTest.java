// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Batches;
import dev.varve.ingest.log.Durability;
import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.merge.engine.LogRows;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.FaultyDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class CommitQueueTest {
  private final BufferAllocator allocator = new RootAllocator();
  private final ScratchPool pool = new ScratchPool(allocator);
  private final FaultyDisk disk = new FaultyDisk();
  private final List<Long> shown = new ArrayList<>();
  private PartitionLog log;
  private CommitQueue queue;
  private volatile int refusals;
  private volatile boolean isGone;

  @BeforeEach
  void open() {
    log = PartitionLog.open(disk.root().resolve("0"), LogSettings.defaults(), () -> 0, 0);
    queue = new CommitQueue(0, log, new Sink(), null, null, Thread.ofVirtual().factory(), pool);
  }

  @AfterEach
  void close() {
    queue.close();
    queue.awaitIdle();
    log.close();
    pool.close();
    allocator.close(); // fails if rows were not given back
  }

  /// A table of one column that remembers offsets in the order they came.
  private final class Sink implements TableSink {
    @Override
    public DecodedRows decode(int partition, byte[] batch, int from) {
      throw new AssertionError("not asked here");
    }

    @Override
    public DecodedRows decodeAgain(
        int partition, byte[] batch, int from, IntPredicate isDead, boolean keepsBad) {
      throw new AssertionError("not asked here");
    }

    @Override
    public void apply(LogRows piece) {
      Batch rows = piece.rows();
      LogRange source = piece.source();
      if (refusals > 0) {
        refusals--;
        throw new IllegalStateException("no room");
      }
      if (isGone) {
        throw new IllegalStateException("gone");
      }
      for (int row = 0; row < rows.rows(); row++) {
        assertThat(rows.column(0).getLong(row)).isEqualTo(7);
        assertThat(piece.offsets()[row]).isBetween(source.from(), source.to() - 1);
        shown.add(piece.offsets()[row]);
      }
    }

    @Override
    public Map<Integer, Long> durableOffsets() {
      return Map.of();
    }

    @Override
    public Map<Integer, Long> appliedOffsets() {
      return Map.of();
    }

    @Override
    public boolean isGone() {
      return isGone;
    }
  }

  private CompletableFuture<Appended> send(byte[] batch, int records) {
    return send(batch, records, Durability.SYNCED);
  }

  private CompletableFuture<Appended> send(byte[] batch, int records, Durability durability) {
    Scratch scratch = pool.take();
    Object[] values = new Object[records];
    int[] indexes = new int[records];
    for (int i = 0; i < records; i++) {
      values[i] = 7L;
      indexes[i] = i;
    }
    Batch rows = new Batch(records, List.of(VectorValues.of(DataTypes.INT64, scratch, values)));
    DecodedRows decoded = new DecodedRows(rows, indexes, scratch, pool);
    return queue.append(batch, 0, batch.length, decoded, durability);
  }

  @Test
  void rowsOfManyProducersAreShownInOffsetOrderBeforeTheyAreAcknowledged() throws Exception {
    int producers = 8;
    int batches = 50;
    List<Future<?>> threads = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int p = 0; p < producers; p++) {
        threads.add(
            executor.submit(() -> {
              for (int i = 0; i < batches; i++) {
                Appended at = send(Batches.of("a", "b", "c"), 3).get();
                assertThat(log.highWatermark()).isGreaterThanOrEqualTo(at.endOffset());
              }
              return null;
            }));
      }
    }
    for (Future<?> thread : threads) {
      thread.get();
    }
    queue.close();
    queue.awaitIdle();
    assertThat(shown).hasSize(producers * batches * 3).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aBatchSentAgainIsAcknowledgedAndShownOnce() throws Exception {
    Appended first = send(Batches.of(5, (short) 0, 0, 0, "a"), 1).get();
    Appended again = send(Batches.of(5, (short) 0, 0, 0, "a"), 1).get();
    assertThat(again.isDuplicate()).isTrue();
    assertThat(again.baseOffset()).isEqualTo(first.baseOffset());
    assertThat(shown).containsExactly(0L);
  }

  @Test
  void aTableThatHasNoRoomIsAskedAgainUntilItTakesTheRows() throws Exception {
    refusals = 2;
    assertThat(send(Batches.of("a"), 1).get().baseOffset()).isZero();
    assertThat(shown).containsExactly(0L);
    assertThat(queue.lastError()).isEmpty();
  }

  @Test
  void aDroppedTableRefusesWhatComes() {
    isGone = true;
    CompletableFuture<Appended> waiting = send(Batches.of("a"), 1);
    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("the table was dropped");
    assertThatThrownBy(() -> send(Batches.of("b"), 1))
        .hasMessageContaining("the table was dropped");
  }

  @Test
  void aSyncThatFailsAcknowledgesNothing() {
    disk.failSyncs(true);
    CompletableFuture<Appended> waiting = send(Batches.of("a"), 1);
    assertThatThrownBy(waiting::get).isInstanceOf(ExecutionException.class);
    assertThat(shown).isEmpty();
    assertThat(log.highWatermark()).isZero();
    disk.failSyncs(false);
  }

  @Test
  void whatNeedNotBeSyncedIsShownAndAcknowledgedWithoutTheDisk() throws Exception {
    disk.failSyncs(true);
    Appended at = send(Batches.of("a"), 1, Durability.WRITTEN).get();
    assertThat(shown).containsExactly(0L);
    assertThat(log.highWatermark()).isEqualTo(at.endOffset());
    assertThat(log.syncedOffset()).isZero();
    disk.failSyncs(false);
  }

  @Test
  @Timeout(60)
  void whereTheLogIsFlushedNowAndThenTheAnswerDoesNotWaitForIt() throws Exception {
    log.settings(flushedAfter(Long.MAX_VALUE));
    send(Batches.of("a"), 1).get();
    assertThat(log.syncedOffset()).isZero();
    log.settings(flushedAfter(0));
    send(Batches.of("b"), 1).get();
    while (log.syncedOffset() < 2) {
      Thread.onSpinWait();
    }
  }

  private LogSettings flushedAfter(long millis) {
    LogSettings now = log.settings();
    return new LogSettings(
        now.segmentBytes(), -1, now.maxBatchBytes(), true, -1, -1, false, 0, millis);
  }

  @Test
  @Timeout(60)
  void syncsUnderWayDoNotHoldUpThoseBehindThem() throws Exception {
    List<CompletableFuture<Appended>> sent = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      sent.add(send(Batches.of("a"), 1, i % 7 == 0 ? Durability.WRITTEN : Durability.SYNCED));
    }
    for (CompletableFuture<Appended> each : sent) {
      Appended at = each.get();
      assertThat(log.highWatermark()).isGreaterThanOrEqualTo(at.endOffset());
    }
    assertThat(shown).hasSize(500).isSorted().doesNotHaveDuplicates();
    assertThat(log.syncedOffset()).isGreaterThanOrEqualTo(499);
  }

  @Test
  void aBatchSentAgainIsSyncedIfThatIsAskedThen() throws Exception {
    send(Batches.of(5, (short) 0, 0, 0, "a"), 1, Durability.WRITTEN).get();
    assertThat(log.syncedOffset()).isZero();
    Appended again = send(Batches.of(5, (short) 0, 0, 0, "a"), 1).get();
    assertThat(again.isDuplicate()).isTrue();
    assertThat(log.syncedOffset()).isEqualTo(1);
    assertThat(shown).containsExactly(0L);
  }

  @Test
  void closingWhileTheTableHasNoRoomLeavesTheRowsToTheReplay() throws Exception {
    refusals = Integer.MAX_VALUE;
    CompletableFuture<Appended> waiting = send(Batches.of("a"), 1);
    queue.close();
    assertThatThrownBy(waiting::get).hasMessageContaining("the server stops");
    assertThat(log.endOffset()).isEqualTo(1);
    assertThat(shown).isEmpty();
  }
}
