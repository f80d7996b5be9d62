// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.sql.expression.Masks;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.RowPacking;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
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

/// What do the steps cost between an answer for each row and the rows that remain?
///
/// The unit is nanoseconds a row of the granule, whether it remains or not. Expected: masks 0.01,
/// row numbers 0.1 for few and 0.4 for nearly all, gathered numbers 0.3 for each that remains,
/// packed ones of eight bytes 0.2 where the processor packs, or nothing done where it does not;
/// strings 10; a few strings by symbols cost a group of 64 each.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SelectionBenchmark {
  private static final int ROWS = 8192;

  @Param({"0.001", "0.1", "0.9"})
  double share;

  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch memory = new Scratch(allocator);
  private final Scratch out = new Scratch(allocator);
  private final RowPacking packing = RowPacking.create();
  private final int[] selection = new int[ROWS];
  private final long[] mask = new long[ROWS / 64];
  private final long[] other = new long[ROWS / 64];
  private Vector numbers;
  private Vector strings;
  private SampleParts parts;
  private DiskPart part;
  private PartReader reader;
  private int count;

  @Setup
  public void make() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    for (int row = 0; row < ROWS; row++) {
      other[row >> 6] |= random.nextBoolean() ? 1L << row : 0;
      mask[row >> 6] |= random.nextDouble() < share ? 1L << row : 0;
    }
    count = Masks.toSelection(mask, selection);
    numbers = SampleColumns.rows("plain", 0, ROWS, memory);
    strings = SampleColumns.rows("text", 0, ROWS, memory);
    parts = new SampleParts();
    part =
        parts.write(
            List.of(SampleColumns.definition("symbols")),
            List.of(),
            8 * ROWS,
            (from, scratch) -> List.of(SampleColumns.rows("symbols", from, ROWS, scratch)));
    reader = part.open(List.of("symbols"), allocator);
  }

  @TearDown
  public void free() throws IOException {
    reader.close();
    part.close();
    parts.close();
    memory.close();
    out.close();
    allocator.close();
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long[] masks() {
    Masks.and(other, mask);
    Masks.or(other, mask);
    return other;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int rowNumbers() {
    return Masks.toSelection(mask, selection);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Vector gatherNumbers() {
    out.reset();
    return VectorOps.gather(numbers, selection, count, out);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Vector packNumbers() {
    out.reset();
    return packing == null ? null : packing.pack(numbers, mask, count, out);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Vector gatherStrings() {
    out.reset();
    return VectorOps.gather(strings, selection, count, out);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Vector readSymbols() {
    out.reset();
    reader.seek(3);
    return reader.read(0, selection, count, out);
  }
}
