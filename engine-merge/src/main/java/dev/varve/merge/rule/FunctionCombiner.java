// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;

/// The result of an aggregate function over the values of a key, for functions without a combiner
/// of their own.
record FunctionCombiner(AggregateFunction function) implements ColumnCombiner {
  @Override
  public Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch) {
    VectorBuilder results = new VectorBuilder(values.type(), scratch);
    List<Vector> arguments = List.of(values);
    for (int g = 0; g < groups.count(); g++) {
      AggregateState state = function.newState();
      for (int i = groups.start(g); i < groups.end(g); i++) {
        state.update(arguments, i);
      }
      state.result(results);
    }
    return results.build();
  }
}
