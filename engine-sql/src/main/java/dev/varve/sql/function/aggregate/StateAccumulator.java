// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.merge.aggregate.AggregateState;
import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// States that tables can store, one object for each group: takes rows or stored states, gives
/// results or states to store.
final class StateAccumulator implements Accumulator {
  private static final long STATE_BYTES = 256;

  private final dev.varve.merge.aggregate.AggregateFunction function;
  private final boolean takesStates;
  private final boolean givesStates;
  private final DataType type;
  private final List<AggregateState> states = new ArrayList<>();

  /// @param type of the results
  StateAccumulator(
      dev.varve.merge.aggregate.AggregateFunction function,
      boolean takesStates,
      boolean givesStates,
      DataType type) {
    this.function = function;
    this.takesStates = takesStates;
    this.givesStates = givesStates;
    this.type = type;
  }

  @Override
  public void reserve(int groups) {
    while (states.size() < groups) {
      states.add(function.newState());
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    for (int i = 0; i < rows; i++) {
      add(groups[i], arguments, i);
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    for (int i = 0; i < rows; i++) {
      add(0, arguments, i);
    }
  }

  private void add(int group, List<Vector> arguments, int row) {
    AggregateState state = states.get(group);
    if (takesStates) {
      state.merge(arguments.getFirst().getSegment(row));
    } else {
      state.update(arguments, row);
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    StateAccumulator that = (StateAccumulator) other;
    for (int i = 0; i < count; i++) {
      byte[] bytes = that.states.get(from[i]).serialize();
      states.get(to[i]).merge(MemorySegment.ofArray(bytes));
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (AggregateState state : states.subList(from, from + count)) {
      if (givesStates) {
        builder.appendBytes(state.serialize());
      } else {
        state.result(builder);
      }
    }
    return builder.build();
  }

  @Override
  public long heapBytes() {
    return states.size() * STATE_BYTES;
  }
}
