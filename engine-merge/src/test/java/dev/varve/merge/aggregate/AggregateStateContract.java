// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// What every mergeable state owes: however rows are spread over states and states are merged, the
/// result is the model's.
abstract class AggregateStateContract {
  abstract String function();

  List<String> parameters() {
    return List.of();
  }

  abstract List<String> argumentTypes();

  /// A row of arguments.
  abstract List<Object> row(RandomGenerator random);

  /// The result over all rows, in their order.
  abstract Object model(List<List<Object>> rows);

  /// Whether states may be merged in any order.
  boolean ignoresOrder() {
    return true;
  }

  boolean isSame(Object actual, Object expected) {
    return Objects.equals(actual, expected);
  }

  int rows(RandomGenerator random) {
    return random.nextInt(40);
  }

  @Randomized(times = 60)
  final void anyTreeOfMergesGivesTheModelsResult(RandomGenerator random) {
    List<List<Object>> rows = new ArrayList<>();
    int count = rows(random);
    for (int i = 0; i < count; i++) {
      rows.add(row(random));
    }
    List<DataType> types = argumentTypes().stream().map(DataTypes::parse).toList();
    AggregateFunction function = AggregateStates.of(function(), parameters(), types);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      List<Vector> arguments = new ArrayList<>();
      for (int a = 0; a < types.size(); a++) {
        int argument = a;
        arguments.add(
            VectorValues.of(
                types.get(a), scratch, rows.stream().map(r -> r.get(argument)).toArray()));
      }
      byte[] merged = merge(function, arguments, count, random);
      AggregateState state = function.newState();
      state.merge(MemorySegment.ofArray(merged));
      VectorBuilder result = new VectorBuilder(function.resultType(), scratch);
      state.result(result);
      Object actual = VectorValues.get(result.build(), 0);
      Object expected = model(rows);
      assertThat(isSame(actual, expected))
          .as("result %s of %s, expected %s", actual, rows, expected)
          .isTrue();
    }
  }

  private byte[] merge(
      AggregateFunction function, List<Vector> arguments, int rows, RandomGenerator random) {
    List<byte[]> states = new ArrayList<>(List.of(new byte[0]));
    AggregateState state = function.newState();
    for (int row = 0; row < rows; row++) {
      state.update(arguments, row);
      if (random.nextInt(5) == 0) {
        states.add(state.serialize());
        state = function.newState();
      }
    }
    states.add(state.serialize());
    while (states.size() > 1) {
      int left = random.nextInt(states.size() - 1);
      int right = ignoresOrder() ? random.nextInt(states.size()) : left + 1;
      if (left == right) {
        continue;
      }
      AggregateState both = function.newState();
      both.merge(MemorySegment.ofArray(states.get(left)));
      both.merge(MemorySegment.ofArray(states.get(right)));
      states.set(left, both.serialize());
      states.remove(right);
    }
    return states.getFirst();
  }
}
