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

/// States that tables can store, one object for each group.
final class StateAccumulator implements Accumulator {
  private static final long STATE_BYTES = 256;

  private final dev.varve.merge.aggregate.AggregateFunction function;
  private final DataType type;
  private final List<AggregateState> states = new ArrayList<>();
  private long rowsSeen;

  /// @param type of the results
  StateAccumulator(dev.varve.merge.aggregate.AggregateFunction function, DataType type) {
    this.function = function;
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
    List<Vector> addressable = addressable(arguments, scratch);
    for (int i = 0; i < rows; i++) {
      states.get(groups[i]).update(addressable, i);
    }
    rowsSeen += rows;
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    List<Vector> addressable = addressable(arguments, scratch);
    AggregateState state = states.getFirst();
    for (int i = 0; i < rows; i++) {
      state.update(addressable, i);
    }
    rowsSeen += rows;
  }

  private static List<Vector> addressable(List<Vector> arguments, Scratch scratch) {
    List<Vector> flat = new ArrayList<>(arguments.size());
    for (Vector argument : arguments) {
      flat.add(ValueSlots.addressable(argument, scratch));
    }
    return flat;
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    StateAccumulator that = (StateAccumulator) other;
    for (int i = 0; i < count; i++) {
      byte[] bytes = that.states.get(from[i]).serialize();
      states.get(to[i]).merge(MemorySegment.ofArray(bytes));
    }
    rowsSeen += that.rowsSeen;
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (AggregateState state : states.subList(from, from + count)) {
      state.result(builder);
    }
    return builder.build();
  }

  // States that keep their rows hold about this much; the others less.
  @Override
  public long heapBytes() {
    return states.size() * STATE_BYTES + (function.keepsRows() ? rowsSeen * 64 : 0);
  }
}
