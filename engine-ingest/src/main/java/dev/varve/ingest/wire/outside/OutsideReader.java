// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.outside;

import dev.varve.ingest.sink.MergeTableSink;
import dev.varve.ingest.wire.outside.OutsidePartition.Piece;
import dev.varve.merge.engine.CommitNotes;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.TableInsert;
import dev.varve.storage.vector.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// One consumer of a table that reads outside topics, with a thread of its own.
///
/// Where a partition goes on stands in the manifest, in the record that made the rows before it
/// visible. So after whatever failure the reader begins anew from there, and no record counts twice
/// or is left out. The outside cluster is told too, for those who look there; nothing follows from
/// it.
final class OutsideReader {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final long PAUSE_MILLIS = 500;
  private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long MAX_BYTES = 64L << 20;

  private final MergeTable table;
  private final OutsideSource source;
  private final int index;
  private final MergeTableSink sink;
  private final BooleanSupplier isFeeding;
  private final BufferAllocator allocator;
  private final Path directory;
  private final Map<TopicPartition, OutsidePartition> partitions = new ConcurrentHashMap<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile KafkaConsumer<byte[], byte[]> consumer;
  private volatile String lastError = "";
  private Thread thread;

  /// @param index which of the table's consumers it is
  /// @param isFeeding whether a view takes the rows; until then nothing is read
  OutsideReader(
      MergeTable table,
      OutsideSource source,
      int index,
      MergeTableSink sink,
      BooleanSupplier isFeeding,
      BufferAllocator allocator,
      Path directory) {
    this.table = table;
    this.source = source;
    this.index = index;
    this.sink = sink;
    this.isFeeding = isFeeding;
    this.allocator = allocator;
    this.directory = directory;
  }

  void start() {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("varve-kafka-reads-" + table.definition().name() + "-" + index)
            .start(this::run);
  }

  /// Ends it, after a commit that is under way.
  void stop() throws InterruptedException {
    stop.countDown();
    KafkaConsumer<byte[], byte[]> known = consumer;
    if (known != null) {
      known.wakeup();
    }
    thread.join();
    partitions.values().forEach(OutsidePartition::close);
  }

  Collection<OutsidePartition> partitions() {
    return partitions.values();
  }

  /// Why it reads nothing at all now, or empty.
  String lastError() {
    return lastError;
  }

  private void run() {
    while (stop.getCount() > 0) {
      try (KafkaConsumer<byte[], byte[]> opened =
          new KafkaConsumer<>(
              source.consumerConfig(index),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer())) {
        consumer = opened;
        consume(opened);
      } catch (WakeupException e) {
        lastError = ""; // it is to stop
      } catch (IOException | RuntimeException e) {
        lastError = String.valueOf(e.getMessage());
        pause();
      }
    }
  }

  private boolean pause() {
    try {
      return stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void consume(KafkaConsumer<byte[], byte[]> from) throws IOException {
    long refreshed = System.nanoTime() - REFRESH_NANOS;
    while (stop.getCount() > 0) {
      if (!isFeeding.getAsBoolean()) {
        pause();
        continue;
      }
      if (System.nanoTime() - refreshed >= REFRESH_NANOS) {
        assign(from);
        refreshed = System.nanoTime();
      }
      if (from.assignment().isEmpty()) {
        lastError = "there is no partition to read of " + source.topics();
        pause();
        refreshed = System.nanoTime() - REFRESH_NANOS;
        continue;
      }
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = gather(from);
      lastError = "";
      if (!records.isEmpty()) {
        commit(from, records);
      }
    }
  }

  /// Takes its share of the partitions that there are now.
  private void assign(KafkaConsumer<byte[], byte[]> from) throws IOException {
    Set<TopicPartition> known = Set.copyOf(from.assignment());
    List<TopicPartition> mine = new ArrayList<>();
    for (int topic = 0; topic < source.topics().size(); topic++) {
      List<PartitionInfo> found = from.partitionsFor(source.topics().get(topic));
      for (PartitionInfo partition : found == null ? List.<PartitionInfo>of() : found) {
        if ((topic + partition.partition()) % source.consumers() == index) {
          mine.add(new TopicPartition(partition.topic(), partition.partition()));
        }
      }
    }
    from.assign(mine);
    for (TopicPartition partition : mine) {
      if (!known.contains(partition)) {
        if (!partitions.containsKey(partition)) {
          partitions.put(partition, new OutsidePartition(partition, directory));
        }
        seek(from, partition);
      }
    }
  }

  /// Goes to where the table is; a table that has nothing yet begins where its group is, else at
  /// the beginning.
  private void seek(KafkaConsumer<byte[], byte[]> from, TopicPartition partition) {
    Long mark = table.marks().get(OutsideSource.mark(partition));
    if (mark == null && !source.group().isEmpty()) {
      OffsetAndMetadata committed = from.committed(Set.of(partition)).get(partition);
      mark = committed == null ? null : committed.offset();
    }
    if (mark == null) {
      from.seekToBeginning(List.of(partition));
    } else {
      from.seek(partition, mark);
      partitions.get(partition).committed(mark, 0);
    }
  }

  private Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> gather(
      KafkaConsumer<byte[], byte[]> from) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
    long count = 0;
    long bytes = 0;
    long until = Long.MAX_VALUE;
    while (count < source.maxRows() && bytes < MAX_BYTES) {
      var polled = from.poll(POLL);
      if (polled.isEmpty()) {
        return records;
      }
      if (count == 0) {
        until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(source.flushMillis());
      }
      for (ConsumerRecord<byte[], byte[]> record : polled) {
        records
            .computeIfAbsent(
                new TopicPartition(record.topic(), record.partition()), _ -> new ArrayList<>())
            .add(record);
        bytes += Math.max(0, record.serializedValueSize());
      }
      count += polled.count();
      if (System.nanoTime() >= until) {
        return records;
      }
    }
    return records;
  }

  /// Brings rows and offsets into the table in one commit. A partition with a record that does not
  /// fit goes on before that record, and tries again.
  private void commit(
      KafkaConsumer<byte[], byte[]> from,
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records) {
    List<Piece> pieces = new ArrayList<>();
    Map<String, Long> marks = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    boolean isStuck = false;
    try {
      records.forEach((name, all) -> {
        long end = partitions.get(name).read(all, sink, pieces);
        ends.put(name, end);
        marks.put(OutsideSource.mark(name), end);
      });
      insert(pieces, new CommitNotes(List.of(), marks));
    } finally {
      pieces.forEach(piece -> piece.rows().close());
    }
    Map<TopicPartition, OffsetAndMetadata> told = new HashMap<>();
    for (var entry : ends.entrySet()) {
      OutsidePartition partition = partitions.get(entry.getKey());
      List<ConsumerRecord<byte[], byte[]>> all = records.get(entry.getKey());
      long end = entry.getValue();
      partition.committed(end, all.stream().filter(record -> record.offset() < end).count());
      from.currentLag(entry.getKey())
          .ifPresent(lag -> partition.endsAt(from.position(entry.getKey()) + lag));
      told.put(entry.getKey(), new OffsetAndMetadata(end));
      if (partition.isStuck()) {
        from.seek(entry.getKey(), end);
        isStuck = true;
      }
    }
    if (!source.group().isEmpty()) {
      from.commitAsync(told, this::told);
    }
    if (isStuck) {
      pause();
    }
  }

  private void told(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    if (failure != null) {
      lastError = "the offsets of group " + source.group() + " could not be told: " + failure;
    }
  }

  private void insert(List<Piece> pieces, CommitNotes notes) {
    try (TableInsert insert = table.insert();
        Scratch scratch = new Scratch(allocator)) {
      for (Piece piece : pieces) {
        if (piece.offsets().length > 0) {
          insert.write(sink.at(piece.rows().rows(), piece.offsets(), scratch));
          scratch.reset();
        }
      }
      insert.commit(notes);
    }
  }
}
