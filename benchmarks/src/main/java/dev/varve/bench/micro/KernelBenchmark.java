// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.storage.codec.BlockFrames;
import dev.varve.storage.codec.BlockSink;
import dev.varve.storage.codec.CodecChoice;
import dev.varve.storage.codec.IntegerDecoder;
import dev.varve.storage.codec.NodeDecoder;
import dev.varve.storage.codec.NodeEncoder;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
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

/// How long does one granule take from its encoded bytes in the cache to a vector?
///
/// The unit is values per nanosecond, so G values/s. Expected: bit-packed `Int32` at 0.1 ns for the
/// bits and 0.05 ns for the base; ALP twice that for two products and eight bytes written.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {
  private static final int ROWS = 8192;

  @Param({
    "packed32",
    "packed64",
    "delta",
    "double_delta",
    "outliers",
    "divided",
    "alp",
    "alp_rd",
    "urls",
    "text",
    "symbols"
  })
  String shape;

  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch memory = new Scratch(allocator);
  private final Scratch out = new Scratch(allocator);
  private final IntegerDecoder integers = new IntegerDecoder();
  private NodeDecoder decoder;

  @Setup
  public void encode() {
    Vector rows = SampleColumns.rows(shape, 0, ROWS, memory);
    BlockSink sink = new BlockSink(1, memory);
    new NodeEncoder(CodecChoice.parse(SampleColumns.definition(shape).codec()))
        .encode(rows, new int[] {ROWS}, sink);
    MemorySegment head = sink.head().written();
    MemorySegment piece = sink.piece(0).written();
    decoder =
        new NodeDecoder(
            rows.type(),
            new BlockFrames() {
              @Override
              public MemorySegment head() {
                return head;
              }

              @Override
              public boolean isWhole() {
                return false;
              }

              @Override
              public MemorySegment piece(int granule) {
                return piece;
              }
            },
            memory);
  }

  @TearDown
  public void free() {
    memory.close();
    out.close();
    allocator.close();
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Vector decode() {
    out.reset();
    return decoder.decode(0, ROWS, integers, out);
  }
}
