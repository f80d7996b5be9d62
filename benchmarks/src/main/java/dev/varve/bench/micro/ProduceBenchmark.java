// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.BatchCheck;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.BatchWriter;
import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.format.JsonRows;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What does a record of 100 bytes cost between the socket and the acknowledgement, in batches of
/// 16 KiB?
///
/// The unit is nanoseconds a record. Expected: its CRC32C 5 (107 bytes at 20 GB/s), all checks of
/// the batch no more, the walk over the records 5, the append 30 (a copy to the page cache and a
/// call of the system for each batch), reading it as JSON into four columns 120.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProduceBenchmark {
  private static final int RECORDS = 150;
  private static final int APPENDS_KEPT = 4096;
  private static final LogSettings SETTINGS = new LogSettings(16 << 20, 1 << 20, -1, 64 << 20);

  private final byte[] batch = batch();
  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch memory = new Scratch(allocator);
  private final List<ColumnDefinition> columns =
      List.of(
          ColumnDefinition.of("id", DataTypes.UINT64),
          ColumnDefinition.of("page", DataTypes.INT32),
          ColumnDefinition.of("price", DataTypes.FLOAT64),
          ColumnDefinition.of("kind", DataTypes.STRING));
  private final JsonRows json = new JsonRows(columns, false, true);
  private final RecordCursor cursor = new RecordCursor(ProduceBenchmark::refuse, 1 << 20);
  private Path directory;
  private PartitionLog log;
  private long clock;
  private int appended;

  private static byte[] refuse(int codec, byte[] bytes, int from, int to, int maxBytes) {
    throw new RefusedException(Refusal.UNSUPPORTED_COMPRESSION_TYPE, "none here");
  }

  private static byte[] batch() {
    BatchWriter writer = new BatchWriter();
    for (int i = 0; i < RECORDS; i++) {
      String head = "{\"id\":" + (1_000_000 + i) + ",\"page\":" + i * 31 % 5000;
      String text = head + ",\"price\":" + i % 90 + ".25,\"kind\":\"";
      text += "a".repeat(98 - text.length()) + "\"}";
      writer.add(1_767_225_600_000L + i, null, text.getBytes(StandardCharsets.UTF_8), List.of());
    }
    return writer.build();
  }

  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("varve-produce");
    log = PartitionLog.open(directory.resolve("0"), SETTINGS, () -> clock, 0);
  }

  @TearDown
  public void close() throws IOException {
    log.close();
    memory.close();
    allocator.close();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public boolean checksum() {
    return BatchLayout.isIntact(batch, 0);
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public void checkBatch() {
    BatchCheck.check(batch, 0, batch.length, 1 << 20);
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public int walk() {
    int bytes = 0;
    cursor.open(batch, 0);
    while (cursor.next()) {
      bytes += cursor.valueLength();
    }
    return bytes;
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long append() throws IOException {
    if (++appended % APPENDS_KEPT == 0) {
      log.commit(log.append(batch, 0, batch.length));
      clock += 120_000; // so that deleted segments are closed
      log.retain(Long.MAX_VALUE);
    }
    return log.append(batch, 0, batch.length).baseOffset();
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public Batch decodeJson() {
    memory.reset();
    RowBuilders rows = new RowBuilders(columns, memory);
    cursor.open(batch, 0);
    while (cursor.next()) {
      int from = cursor.valueFrom();
      json.read(rows, cursor.bytes(), from, from + cursor.valueLength());
    }
    return rows.build();
  }
}
