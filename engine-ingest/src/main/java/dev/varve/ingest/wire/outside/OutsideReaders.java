// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.outside;

import dev.varve.ingest.sink.DeadLetter;
import dev.varve.ingest.sink.MergeTableSink;
import dev.varve.ingest.sink.ScratchPool;
import dev.varve.ingest.wire.KafkaDecompressor;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;

/// All tables that read topics of outside Kafka clusters. Tables may come, change and go: a table's
/// readers of before have ended when others begin. Close it before the engine. Safe for threads.
public final class OutsideReaders implements AutoCloseable {
  private static final long TICK_MILLIS = 200;

  /// Told of each record that did not fit its table.
  @FunctionalInterface
  public interface LetterVisitor {
    void letter(String topic, int partition, DeadLetter letter);
  }

  /// The readers of a table as it was when they began.
  private record Running(MergeTable table, OutsideSource source, List<OutsideReader> readers) {}

  private final MergeEngine engine;
  private final ExpressionCompiler compiler;
  private final BufferAllocator allocator;
  private final ScratchPool pool;
  private final Path directory;
  private final Map<Long, Running> running = new HashMap<>();
  private final Map<TableName, String> refused = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("varve-kafka-readers").factory());

  private OutsideReaders(
      MergeEngine engine, ExpressionCompiler compiler, BufferAllocator allocator, Path directory) {
    this.engine = engine;
    this.compiler = compiler;
    this.allocator = allocator;
    this.pool = new ScratchPool(allocator);
    this.directory = directory;
  }

  /// @param directory where records are kept that did not fit
  public static OutsideReaders open(
      MergeEngine engine, ExpressionCompiler compiler, BufferAllocator allocator, Path directory) {
    OutsideReaders opened = new OutsideReaders(engine, compiler, allocator, directory);
    opened.timer.scheduleWithFixedDelay(
        opened::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return opened;
  }

  private synchronized void tick() {
    try {
      Map<Long, MergeTable> wanted = new HashMap<>();
      for (MergeTable table : engine.tables()) {
        if (table.definition().readsOutside()) {
          wanted.put(table.id(), table);
        }
      }
      refused.keySet().retainAll(wanted.values().stream().map(t -> t.definition().name()).toList());
      for (Running known : List.copyOf(running.values())) {
        MergeTable now = wanted.get(known.table.id());
        if (now != known.table || !known.source.equals(source(now))) {
          stop(known);
        }
      }
      wanted.values().stream()
          .filter(table -> !running.containsKey(table.id()))
          .forEach(this::start);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What the table reads; null where its settings are wrong, which its status tells.
  private OutsideSource source(MergeTable table) {
    TableDefinition definition = table.definition();
    try {
      OutsideSource source = OutsideSource.of(definition);
      refused.remove(definition.name());
      return source;
    } catch (VarveException e) {
      refused.put(definition.name(), e.getMessage());
      return null;
    }
  }

  private void start(MergeTable table) {
    OutsideSource source = source(table);
    if (source == null) {
      return;
    }
    List<OutsideReader> readers = new ArrayList<>();
    for (int i = 0; i < source.consumers(); i++) {
      MergeTableSink sink =
          new MergeTableSink(
              table, compiler, new KafkaDecompressor(), pool, () -> !engine.hasTable(table.id()));
      OutsideReader reader =
          new OutsideReader(
              table,
              source,
              i,
              sink,
              () -> engine.hasViews(table),
              allocator,
              directory.resolve(Long.toString(table.id())));
      reader.start();
      readers.add(reader);
    }
    running.put(table.id(), new Running(table, source, readers));
  }

  private void stop(Running known) throws InterruptedException {
    running.remove(known.table.id());
    for (OutsideReader reader : known.readers) {
      reader.stop();
    }
  }

  /// A row for each partition that is read, for `system.kafka_consumers`; one for a table that
  /// reads none.
  public synchronized List<OutsideStatus> status() {
    List<OutsideStatus> rows = new ArrayList<>();
    refused.forEach((name, why) -> rows.add(nothing(name, why)));
    for (Running each : running.values()) {
      TableName name = each.table.definition().name();
      for (OutsideReader reader : each.readers) {
        if (reader.partitions().isEmpty()) {
          rows.add(nothing(name, reader.lastError()));
        }
        for (OutsidePartition partition : reader.partitions()) {
          OutsideStatus status = partition.status(name.database(), name.table());
          rows.add(status.lastError().isEmpty() ? status.with(reader.lastError()) : status);
        }
      }
    }
    return rows;
  }

  private static OutsideStatus nothing(TableName name, String why) {
    return new OutsideStatus(name.database(), name.table(), "", -1, 0, -1, 0, why);
  }

  /// Shows the records that did not fit.
  public synchronized void visitDeadLetters(LetterVisitor visitor) {
    for (Running each : running.values()) {
      for (OutsideReader reader : each.readers) {
        for (OutsidePartition partition : reader.partitions()) {
          partition
              .letters()
              .visit(letter ->
                  visitor.letter(partition.name().topic(), partition.name().partition(), letter));
        }
      }
    }
  }

  @Override
  public void close() {
    timer.close();
    try {
      synchronized (this) {
        for (Running known : List.copyOf(running.values())) {
          stop(known);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pool.close();
  }
}
