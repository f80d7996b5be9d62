// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Merges the serialized states of an aggregate function. A state that is alone keeps its bytes:
/// stretches of such states are copied as one.
record StateCombiner(AggregateFunction function) implements ColumnCombiner {
  @Override
  public Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch) {
    Vector flat = VectorOps.flatten(values, scratch);
    int[] starts = new int[flat.rows() + 1];
    MemorySegment.copy(flat.offsets(), Vector.I32, 0, starts, 0, starts.length);
    List<byte[]> merged = merged(flat, groups);
    int count = groups.count();
    int[] ends = ends(groups, starts, merged);
    MemorySegment offsets = scratch.allocate((count + 1) * 4L);
    MemorySegment.copy(ends, 0, offsets, Vector.I32, 0, count + 1);
    MemorySegment bytes = scratch.allocate(ends[count]);
    int next = 0;
    int g = 0;
    while (g < count) {
      if (groups.size(g) > 1) {
        byte[] state = merged.get(next++);
        MemorySegment.copy(state, 0, bytes, JAVA_BYTE, ends[g], state.length);
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

  /// The states of groups of several rows, in order.
  private List<byte[]> merged(Vector flat, KeyGroups groups) {
    List<byte[]> merged = new ArrayList<>();
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) > 1) {
        AggregateState state = function.newState();
        for (int i = groups.start(g); i < groups.end(g); i++) {
          state.merge(flat.getSegment(i));
        }
        merged.add(state.serialize());
      }
    }
    return merged;
  }

  /// Where the state of each group begins, and behind them where the last one ends.
  private static int[] ends(KeyGroups groups, int[] starts, List<byte[]> merged) {
    int[] ends = new int[groups.count() + 1];
    int next = 0;
    for (int g = 0; g < groups.count(); g++) {
      int row = groups.start(g);
      int length = groups.size(g) == 1 ? starts[row + 1] - starts[row] : merged.get(next++).length;
      ends[g + 1] = Math.addExact(ends[g], length);
    }
    return ends;
  }
}
