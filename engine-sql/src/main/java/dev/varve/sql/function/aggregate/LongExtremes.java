// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.sql.function.number.Longs;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Least or greatest of values that fit a long. The greatest is kept as the least of complements,
/// and unsigned 64-bit values with their top bit turned, so that one loop serves all.
final class LongExtremes implements Accumulator {
  private final DataType type;
  private final long turn;
  private long[] least = new long[16];
  private boolean[] seen = new boolean[16];

  LongExtremes(DataType type, boolean greatest) {
    this.type = type;
    long unsigned = type.isUnsigned() && type.physical() == Physical.INT64 ? Long.MIN_VALUE : 0;
    this.turn = unsigned ^ (greatest ? -1L : 0L);
    Arrays.fill(least, Long.MAX_VALUE);
  }

  @Override
  public void reserve(int groups) {
    int length = least.length;
    if (groups > length) {
      least = Arrays.copyOf(least, Math.max(groups, length * 2));
      Arrays.fill(least, length, least.length, Long.MAX_VALUE);
      seen = Arrays.copyOf(seen, least.length);
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment values = Longs.of(arguments.getFirst(), scratch);
    for (int i = 0; i < rows; i++) {
      int group = groups[i];
      least[group] = Math.min(least[group], values.get(Vector.I64, i * 8L) ^ turn);
      seen[group] = true;
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    if (rows == 0) {
      return;
    }
    MemorySegment values = Longs.of(arguments.getFirst(), scratch);
    long min = least[0];
    for (int i = 0; i < rows; i++) {
      min = Math.min(min, values.get(Vector.I64, i * 8L) ^ turn);
    }
    least[0] = min;
    seen[0] = true;
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    LongExtremes that = (LongExtremes) other;
    for (int i = 0; i < count; i++) {
      least[to[i]] = Math.min(least[to[i]], that.least[from[i]]);
      seen[to[i]] |= that.seen[from[i]];
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    MemorySegment values = scratch.allocate(count * 8L);
    for (int i = 0; i < count; i++) {
      values.set(Vector.I64, i * 8L, seen[from + i] ? least[from + i] ^ turn : 0);
    }
    Physical physical = type.physical().isLong() ? type.physical() : Physical.INT64;
    return Vector.fixed(
        type, physical, count, Longs.narrow(values, count, physical, scratch), null);
  }

  @Override
  public long heapBytes() {
    return least.length * 9L;
  }
}
