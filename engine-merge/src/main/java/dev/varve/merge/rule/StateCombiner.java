// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;

/// Merges the serialized states of an aggregate function.
record StateCombiner(AggregateFunction function) implements ColumnCombiner {
  @Override
  public Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch) {
    VectorBuilder merged = new VectorBuilder(values.type(), scratch);
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) == 1) {
        merged.append(values, groups.start(g));
        continue;
      }
      AggregateState state = function.newState();
      for (int i = groups.start(g); i < groups.end(g); i++) {
        state.merge(values.getSegment(i));
      }
      merged.appendBytes(state.serialize());
    }
    return merged.build();
  }
}
