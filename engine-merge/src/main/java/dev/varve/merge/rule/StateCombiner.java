// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.PackedMerge;
import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Merges the serialized states of an aggregate function. A state that is alone keeps its bytes:
/// stretches of such states are copied as one.
record StateCombiner(AggregateFunction function) implements ColumnCombiner {
  @Override
  public Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch) {
    Vector flat = VectorOps.flatten(values, scratch);
    int[] starts = new int[flat.rows() + 1];
    MemorySegment.copy(flat.offsets(), Vector.I32, 0, starts, 0, starts.length);
    Merged merged = new Merged(flat, starts, groups);
    int count = groups.count();
    int[] ends = ends(groups, starts, merged);
    MemorySegment offsets = scratch.allocate((count + 1) * 4L);
    MemorySegment.copy(ends, 0, offsets, Vector.I32, 0, count + 1);
    MemorySegment bytes = scratch.allocate(ends[count]);
    int next = 0;
    int g = 0;
    while (g < count) {
      if (groups.size(g) > 1) {
        int from = merged.ends[next++];
        MemorySegment.copy(merged.bytes, from, bytes, JAVA_BYTE, ends[g], merged.ends[next] - from);
        g++;
        continue;
      }
      int first = g;
      while (g < count && groups.size(g) == 1) {
        g++;
      }
      long from = starts[groups.start(first)];
      MemorySegment.copy(flat.values(), from, bytes, ends[first], ends[g] - ends[first]);
    }
    return Vector.bytes(values.type(), count, offsets, bytes, null);
  }

  /// The states of groups of several rows, one behind the other.
  private final class Merged {
    private final int[] ends;
    private byte[] bytes = new byte[1 << 12];

    Merged(Vector flat, int[] starts, KeyGroups groups) {
      ends = new int[groups.count() + 1];
      PackedMerge packed = function.packed();
      int made = 0;
      for (int g = 0; g < groups.count(); g++) {
        if (groups.size(g) == 1) {
          continue;
        }
        int at = ends[made];
        reserve(at, PackedMerge.MOST_BYTES);
        int end =
            packed == null
                ? PackedMerge.UNKNOWN
                : packed.merge(flat.values(), starts, groups.start(g), groups.end(g), bytes, at);
        ends[++made] = end == PackedMerge.UNKNOWN ? merge(flat, groups, g, at) : end;
      }
    }

    private int merge(Vector flat, KeyGroups groups, int group, int at) {
      AggregateState state = function.newState();
      for (int i = groups.start(group); i < groups.end(group); i++) {
        state.merge(flat.getSegment(i));
      }
      byte[] serialized = state.serialize();
      reserve(at, serialized.length);
      System.arraycopy(serialized, 0, bytes, at, serialized.length);
      return at + serialized.length;
    }

    private void reserve(int at, int more) {
      if (Math.addExact(at, more) > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
      }
    }
  }

  /// Where the state of each group begins, and behind them where the last one ends.
  private static int[] ends(KeyGroups groups, int[] starts, Merged merged) {
    int[] ends = new int[groups.count() + 1];
    int next = 0;
    for (int g = 0; g < groups.count(); g++) {
      int row = groups.start(g);
      boolean isAlone = groups.size(g) == 1;
      int length =
          isAlone ? starts[row + 1] - starts[row] : merged.ends[next + 1] - merged.ends[next];
      next += isAlone ? 0 : 1;
      ends[g + 1] = Math.addExact(ends[g], length);
    }
    return ends;
  }
}
