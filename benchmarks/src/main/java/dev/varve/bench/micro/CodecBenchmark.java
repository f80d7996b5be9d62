// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// How many values a second go into a column of a part, and come out of one that the page cache
/// holds?
///
/// The unit is values per nanosecond, so times eight it is GB/s of Int64, to hold against
/// [MemoryBandwidth]. Reading includes the read of the file, the checksum and all that makes a
/// vector. Expected: packed numbers are unpacked at 0.1 ns each and written at 8 bytes, so 0.2 ns;
/// differences wait for the one before, 0.4 ns; a string of a dictionary is a code, 0.1 ns.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
  private static final int ROWS = 1 << 19;
  private static final int BATCH = 8192;

  @Param({
    "packed32",
    "packed64",
    "delta",
    "double_delta",
    "outliers",
    "runs",
    "plain",
    "alp",
    "alp_rd",
    "xor",
    "dictionary",
    "urls",
    "text",
    "symbols",
    "divided"
  })
  String shape;

  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch memory = new Scratch(allocator);
  private final List<Vector> batches = new ArrayList<>();
  private Path directory;
  private DiskPart part;
  private ColumnDefinition column;
  private long id;

  @Setup
  public void make() throws IOException {
    column = SampleColumns.definition(shape);
    for (int from = 0; from < ROWS; from += BATCH) {
      batches.add(SampleColumns.rows(shape, from, BATCH, memory));
    }
    directory = Files.createTempDirectory("varve-codec");
    part = write();
    System.out.printf(
        java.util.Locale.ROOT,
        "# %s: %.2f bits a value%n",
        shape,
        part.columnBytes(shape).stored() * 8.0 / ROWS);
  }

  @TearDown(Level.Trial)
  public void remove() throws IOException {
    part.close();
    memory.close();
    allocator.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private DiskPart write() {
    PartDraft draft = new PartDraft(++id, 1, 1, 0, List.of(), "", new SeqRange(0, 1), List.of(), 0);
    PartLayout layout = new PartLayout(List.of(column), List.of());
    PartOptions options = new PartOptions(65536, false);
    try (PartWriter writer = PartWriter.create(directory, draft, layout, options, allocator)) {
      for (Vector batch : batches) {
        writer.write(0, batch);
      }
      return writer.finish();
    }
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long encode() throws IOException {
    try (DiskPart made = write()) {
      long bytes = made.info().bytes();
      try (Stream<Path> files = Files.list(made.directory())) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(made.directory());
      return bytes;
    }
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long decode() {
    long rows = 0;
    try (PartReader reader = part.open(List.of(shape), allocator)) {
      for (int granule = 0; granule < part.granules(); granule++) {
        reader.seek(granule);
        rows += reader.read(0).rows();
      }
    }
    return rows;
  }
}
