// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.storage.codec.BlockFrames;
import dev.varve.storage.codec.BlockSink;
import dev.varve.storage.codec.CodecChoice;
import dev.varve.storage.codec.IntegerDecoder;
import dev.varve.storage.codec.NodeDecoder;
import dev.varve.storage.codec.NodeEncoder;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// How far from the bandwidth of the memory is the sum of a hot column of `Int64`?
///
/// The unit is bytes of values per nanosecond, so GB/s, to hold against [MemoryBandwidth].
/// Expected: values that stand as they are come at the bandwidth, less a look at each granule;
/// packed ones at more than that, as a fifth of the bytes comes from memory, a value takes 0.2 ns
/// to unpack and 0.1 ns to add, and lies in the cache in between. From a part, the system copies
/// the stored bytes out of its cache and each block is checksummed: 0.15 ns for each stored byte.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SumBenchmark {
  private static final int ROWS = 8192;
  private static final int GRANULES = 2048;
  private static final int IN_BLOCK = 8;
  private static final int BYTES = 8 * ROWS * GRANULES;

  @Param({"plain", "packed64", "delta"})
  String shape;

  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch memory = new Scratch(allocator);
  private final Scratch out = new Scratch(allocator);
  private final IntegerDecoder integers = new IntegerDecoder();
  private final NodeDecoder[] blocks = new NodeDecoder[GRANULES / IN_BLOCK];
  private SampleParts parts;
  private DiskPart part;

  @Setup
  public void make() throws IOException {
    parts = new SampleParts();
    ColumnDefinition column = SampleColumns.definition(shape);
    part =
        parts.write(
            List.of(column),
            List.of(),
            GRANULES * ROWS,
            (from, scratch) -> List.of(SampleColumns.rows(shape, from, ROWS, scratch)));
    try (Scratch temporary = new Scratch(allocator)) {
      for (int block = 0; block < blocks.length; block++) {
        int from = block * IN_BLOCK * ROWS;
        Vector rows = SampleColumns.rows(shape, from, IN_BLOCK * ROWS, temporary);
        blocks[block] = decoder(rows, temporary);
        temporary.reset();
      }
    }
  }

  private NodeDecoder decoder(Vector rows, Scratch temporary) {
    int[] ends = new int[IN_BLOCK];
    Arrays.setAll(ends, g -> (g + 1) * ROWS);
    BlockSink sink = new BlockSink(IN_BLOCK, temporary);
    new NodeEncoder(CodecChoice.AUTOMATIC).encode(rows, ends, sink);
    List<MemorySegment> pieces = new ArrayList<>();
    for (int g = 0; g < IN_BLOCK; g++) {
      pieces.add(kept(sink.piece(g).written()));
    }
    Frames frames = new Frames(kept(sink.head().written()), pieces);
    return new NodeDecoder(rows.type(), frames, memory);
  }

  private MemorySegment kept(MemorySegment bytes) {
    MemorySegment copy = memory.allocate(bytes.byteSize());
    copy.copyFrom(bytes);
    return copy;
  }

  private record Frames(MemorySegment head, List<MemorySegment> pieces) implements BlockFrames {
    @Override
    public boolean isWhole() {
      return false;
    }

    @Override
    public MemorySegment piece(int granule) {
      return pieces.get(granule);
    }
  }

  @TearDown
  public void free() throws IOException {
    part.close();
    parts.close();
    memory.close();
    out.close();
    allocator.close();
  }

  @Benchmark
  @OperationsPerInvocation(BYTES)
  public long fromMemory() {
    long sum = 0;
    for (NodeDecoder block : blocks) {
      for (int g = 0; g < IN_BLOCK; g++) {
        out.reset();
        sum += sum(block.decode(g, ROWS, integers, out).values());
      }
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(BYTES)
  public long fromPart() {
    long sum = 0;
    try (PartReader reader = part.open(List.of(shape), allocator)) {
      for (int g = 0; g < part.granules(); g++) {
        reader.seek(g);
        sum += sum(reader.read(0).values());
      }
    }
    return sum;
  }

  private static long sum(MemorySegment values) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (int i = 0; i < ROWS; i += 4) {
      a += values.get(Vector.I64, i * 8L);
      b += values.get(Vector.I64, i * 8L + 8);
      c += values.get(Vector.I64, i * 8L + 16);
      d += values.get(Vector.I64, i * 8L + 24);
    }
    return a + b + c + d;
  }
}
