// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.sql.hash.GroupTable;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Exact number of distinct values (or rows of values) per group: one table over all groups, whose
/// key is the group and the values.
final class DistinctCountAccumulator implements Accumulator {
  private final GroupTable pairs;
  private long[] counts = new long[16];

  DistinctCountAccumulator(List<DataType> types) {
    List<DataType> keys = new ArrayList<>();
    keys.add(DataTypes.UINT32);
    keys.addAll(types);
    pairs = new GroupTable(keys);
  }

  @Override
  public void reserve(int groups) {
    if (groups > counts.length) {
      counts = Arrays.copyOf(counts, Math.max(groups, counts.length * 2));
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment numbers = scratch.allocate(rows * 4L);
    MemorySegment.copy(groups, 0, numbers, Vector.I32, 0, rows);
    add(Vector.fixed(DataTypes.UINT32, rows, numbers, null), groups, arguments, rows, scratch);
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    MemorySegment numbers = scratch.allocateZeroed(rows * 4L);
    add(
        Vector.fixed(DataTypes.UINT32, rows, numbers, null),
        new int[rows],
        arguments,
        rows,
        scratch);
  }

  private void add(
      Vector numbers, int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    List<Vector> keys = new ArrayList<>();
    keys.add(numbers);
    keys.addAll(arguments);
    int[] ids = new int[rows];
    int before = pairs.size();
    pairs.add(keys, rows, ids, scratch);
    // Numbers are given in order, so a row that brought a new pair has the next number.
    for (int i = 0; i < rows; i++) {
      if (ids[i] == before) {
        counts[groups[i]]++;
        before++;
      }
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    DistinctCountAccumulator that = (DistinctCountAccumulator) other;
    int[] target = new int[that.counts.length];
    Arrays.fill(target, -1);
    for (int i = 0; i < count; i++) {
      target[from[i]] = to[i];
    }
    try (Scratch chunk = new Scratch(scratch.allocator())) {
      for (int at = 0; at < that.pairs.size(); at += Batch.MAX_ROWS) {
        int rows = Math.min(Batch.MAX_ROWS, that.pairs.size() - at);
        chunk.reset();
        mergePairs(that.pairs.keys(at, rows, chunk), rows, target, chunk);
      }
    }
  }

  private void mergePairs(List<Vector> pair, int rows, int[] target, Scratch scratch) {
    int[] kept = new int[rows];
    int[] groups = new int[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      int group = target[(int) pair.getFirst().getLong(i)];
      if (group >= 0) {
        kept[count] = i;
        groups[count++] = group;
      }
    }
    List<Vector> arguments = new ArrayList<>();
    for (Vector vector : pair.subList(1, pair.size())) {
      arguments.add(VectorOps.gather(vector, kept, count, scratch));
    }
    update(groups, arguments, count, scratch);
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    MemorySegment values = scratch.allocate(count * 8L);
    MemorySegment.copy(counts, from, values, Vector.I64, 0, count);
    return Vector.fixed(DataTypes.UINT64, count, values, null);
  }

  @Override
  public long heapBytes() {
    return counts.length * 8L + pairs.heapBytes();
  }
}
