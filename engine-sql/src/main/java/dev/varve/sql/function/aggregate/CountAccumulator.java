// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Rows per group.
final class CountAccumulator implements Accumulator {
  private static final int FEW_GROUPS = 64;

  private long[] counts = new long[16];

  @Override
  public void reserve(int groups) {
    if (groups > counts.length) {
      counts = Arrays.copyOf(counts, Math.max(groups, counts.length * 2));
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    int stride = counts.length;
    if (stride > FEW_GROUPS) {
      for (int i = 0; i < rows; i++) {
        counts[groups[i]]++;
      }
      return;
    }
    // Two counts a group in turn: with few groups each step would otherwise wait for the one
    // before.
    int[] lanes = new int[2 * stride];
    int i = 0;
    for (; i + 2 <= rows; i += 2) {
      lanes[groups[i]]++;
      lanes[stride + groups[i + 1]]++;
    }
    for (; i < rows; i++) {
      lanes[groups[i]]++;
    }
    for (int g = 0; g < stride; g++) {
      counts[g] += lanes[g] + lanes[stride + g];
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    counts[0] += rows;
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    long[] theirs = ((CountAccumulator) other).counts;
    for (int i = 0; i < count; i++) {
      counts[to[i]] += theirs[from[i]];
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    MemorySegment values = scratch.allocate(count * 8L);
    MemorySegment.copy(counts, from, values, Vector.I64, 0, count);
    return Vector.fixed(DataTypes.UINT64, count, values, null);
  }

  long count(int group) {
    return counts[group];
  }

  @Override
  public long heapBytes() {
    return counts.length * 8L;
  }
}
