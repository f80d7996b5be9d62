// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Batches;
import dev.varve.ingest.log.Durability;
import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.test.FaultyDisk;
import dev.varve.test.FaultyDisk.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A short life of a table that a producer writes to, broken off at each of its operations on
/// files: append, sync, the files of a part, the commit of part and offset, and all between. What
/// was acknowledged is there once; a batch is there whole or not at all; and a producer that sends
/// again what was not acknowledged finds everything there once.
final class CrashStepsTest {
  private static final int BATCHES = 4;

  private static final class Life {
    private final FaultyDisk disk = new FaultyDisk();
    private final Set<Integer> acknowledged = new TreeSet<>();
    private BufferAllocator allocator;
    private ScratchPool pool;
    private MergeEngine engine;
    private PartitionLog log;
    private DeadLetters letters;
    private MergeTableSink sink;
    private CommitQueue queue;

    void open() throws IOException {
      allocator = new RootAllocator();
      pool = new ScratchPool(allocator);
      Path home = disk.root();
      engine = MergeEngine.open(home.resolve("store"), MergeSettings.defaults(), allocator);
      TableName name = new TableName("default", "t");
      MergeTable table = engine.table(name).orElseGet(() -> engine.create(definition(name)));
      sink = new MergeTableSink(table, null, (_, _, _, _, _) -> new byte[0], pool, () -> false);
      log = PartitionLog.open(home.resolve("0"), LogSettings.defaults(), () -> 0, 0);
      letters = new DeadLetters(home.resolve("0"), () -> 0);
      Replay replay = new Replay(0, log, sink, letters, false, pool);
      replay.run();
      queue = new CommitQueue(0, log, sink, letters, replay, Thread.ofVirtual().factory(), pool);
    }

    private static TableDefinition definition(TableName name) {
      return new TableDefinition(
          name,
          List.of(ColumnDefinition.of("id", DataTypes.INT64)),
          "MergeTree",
          List.of(),
          List.of("id"),
          List.of("id"),
          List.of(),
          Map.of(),
          "",
          "",
          1);
    }

    private MergeTable table() {
      return engine.table(new TableName("default", "t")).orElseThrow();
    }

    /// Sends batch `number`, whose rows are `2 * number` and the one behind.
    void produce(int number) throws InterruptedException, ExecutionException {
      byte[] batch =
          Batches.of(
              7,
              (short) 0,
              2 * number,
              1_000,
              "{\"id\":" + 2 * number + "}",
              "{\"id\":" + (2 * number + 1) + "}");
      DecodedRows rows = sink.decode(0, batch, 0);
      CompletableFuture<Appended> sent =
          queue.append(batch, 0, batch.length, rows, Durability.SYNCED);
      while (!sent.isDone()) {
        if (disk.isGone()) {
          queue.close(); // else it asks the table until the disk is back, which is never
        }
        LockSupport.parkNanos(50_000);
      }
      Appended appended = sent.get();
      assertThat(appended.baseOffset()).isEqualTo(2L * number);
      acknowledged.add(number);
    }

    /// All of it, until the disk is gone.
    void run() {
      try {
        for (int number = 0; number < BATCHES; number++) {
          if (!acknowledged.contains(number)) {
            produce(number);
          }
          if (number % 2 == 0) {
            table().flush();
          }
        }
      } catch (RefusedException
          | VarveException
          | ExecutionException
          | UncheckedIOException
          | CompletionException e) {
        assertThat(disk.hasFailed()).as(e.toString()).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void close() {
      if (queue != null) {
        queue.close();
        queue.awaitIdle();
      }
      quietly(letters);
      quietly(log);
      quietly(pool);
      quietly(engine);
      quietly(allocator);
      queue = null;
    }

    /// A disk that is gone cannot be closed well.
    private void quietly(AutoCloseable closing) {
      try {
        if (closing != null) {
          closing.close();
        }
      } catch (Exception e) {
        assertThat(disk.hasFailed()).as(e.toString()).isTrue();
      }
    }

    List<Long> rows() {
      List<Long> rows = new ArrayList<>();
      try (TableView view = table().view(true)) {
        for (VisiblePart visible : view.parts()) {
          try (PartReader reader = visible.part().open(List.of("id"), allocator)) {
            for (int granule = 0; granule < visible.part().granules(); granule++) {
              reader.seek(granule);
              Vector ids = reader.read(0);
              for (int row = 0; row < ids.rows(); row++) {
                rows.add(ids.getLong(row));
              }
            }
          }
        }
      }
      return rows;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyStepLeavesWhatWasAcknowledgedOnce(boolean powerCut) throws Exception {
    long operations = operationsOfALife();
    assertThat(operations).isGreaterThan(20);
    for (long step = 1; step <= operations; step++) {
      Life life = new Life();
      life.open();
      life.disk.failOperation(life.disk.operations() + step, Fault.GONE);
      life.run();
      life.close();
      if (powerCut) {
        life.disk.powerCut(new Random(step));
      } else {
        life.disk.killProcess();
      }
      String when = "after operation " + step + (powerCut ? ", power cut" : ", kill");
      life.open();
      List<Long> found = life.rows();
      assertThat(found).as(when).doesNotHaveDuplicates();
      for (int number = 0; number < BATCHES; number++) {
        boolean first = found.contains(2L * number);
        assertThat(found.contains(2L * number + 1)).as(when).isEqualTo(first);
        if (life.acknowledged.contains(number)) {
          assertThat(first).as(when + ": batch " + number + " was acknowledged").isTrue();
        }
      }
      life.run();
      assertThat(life.acknowledged).as(when).hasSize(BATCHES);
      assertThat(life.rows()).as(when).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
      life.close();
    }
  }

  private static long operationsOfALife() throws IOException {
    Life life = new Life();
    life.open();
    long before = life.disk.operations();
    life.run();
    assertThat(life.acknowledged).hasSize(BATCHES);
    long operations = life.disk.operations() - before;
    life.close();
    return operations;
  }
}
