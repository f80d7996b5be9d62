// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// How many bytes a second can one core read that lie in no cache?
///
/// The unit is bytes per nanosecond, so GB/s. All that is decoded is held against this figure of
/// the same run.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemoryBandwidth {
  private static final int BYTES = 1 << 28;
  private static final int SLICE = 1 << 16;

  private MemorySegment memory;

  @Setup
  public void fill() {
    memory = Arena.ofAuto().allocate(BYTES, 64);
    memory.fill((byte) 1);
  }

  @Benchmark
  @OperationsPerInvocation(BYTES)
  public long read() {
    long greatest = 0;
    for (int slice = 0; slice < BYTES; slice += SLICE) {
      greatest = Math.max(greatest, greatest(memory.asSlice(slice, SLICE)));
    }
    return greatest;
  }

  // The greatest of 8,192 numbers and not their sum: the JIT compiler makes vectors of this loop.
  private static long greatest(MemorySegment slice) {
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < SLICE / 8; i++) {
      greatest = Math.max(greatest, slice.get(ValueLayout.JAVA_LONG, i * 8L));
    }
    return greatest;
  }
}
