// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// What holds for every function with a state, and for endings: the state of no rows has no bytes;
/// states merged in their order give the result of all rows; broken bytes are an error of ours.
final class EveryStateTest {
  private static final List<List<String>> ARGUMENTS =
      List.of(
          List.of("Int64"),
          List.of("Int64", "UInt8"),
          List.of("Array(Int64)"),
          List.of("Array(Int64)", "UInt8"),
          List.of("Array(Int64)", "Array(Int64)"),
          List.of("DateTime", "UInt8", "UInt8"),
          List.of("AggregateFunction(groupBitmap, Int64)"));

  private static final List<List<String>> PARAMETERS =
      List.of(
          List.of(),
          List.of("2"),
          List.of("'(?1)(?2)'"),
          List.of("0", "200", "20"),
          List.of("0.01"),
          List.of("[1, 2]"),
          List.of("1", "1", "0.95"));

  private static final List<String> WITH_ENDINGS =
      List.of(
          "sumIf",
          "avgOrNull",
          "maxOrDefault",
          "uniqExactArray",
          "sumForEach",
          "sumDistinct",
          "avgResample",
          "sumArgMax",
          "minArgMin",
          "groupArrayArray",
          "sumArrayIf",
          "countIfForEach",
          "groupUniqArrayArray",
          "quantileExactIf",
          "topKIf");

  private record Bound(AggregateFunction function, List<DataType> types) {}

  private static Map<String, Bound> all() {
    List<String> names = new ArrayList<>(AggregateStates.names());
    names.addAll(WITH_ENDINGS);
    Map<String, Bound> all = new LinkedHashMap<>();
    names.forEach(name -> all.put(name, bound(name)));
    return all;
  }

  private static Bound bound(String name) {
    for (List<String> parameters : PARAMETERS) {
      for (List<String> arguments : ARGUMENTS) {
        List<DataType> types = arguments.stream().map(DataTypes::parse).toList();
        try {
          return new Bound(AggregateStates.of(name, parameters, types), types);
        } catch (VarveException wrongArguments) {
          // The next ones may be right.
          assertThat(wrongArguments).hasMessageContaining(name.substring(0, 3));
        }
      }
    }
    throw new AssertionError("no arguments fit " + name);
  }

  @Test
  void noRowsHaveNoBytes() {
    all()
        .forEach((name, bound) ->
            assertThat(bound.function().newState().serialize()).as(name).isEmpty());
  }

  @Randomized(times = 10)
  void mergedStatesGiveTheResultOfAllRows(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      all()
          .forEach((name, bound) -> {
            int rows = random.nextInt(30);
            List<Vector> arguments = arguments(bound.types(), rows, random, scratch);
            AggregateState whole = bound.function().newState();
            AggregateState merged = bound.function().newState();
            AggregateState part = bound.function().newState();
            for (int row = 0; row < rows; row++) {
              whole.update(arguments, row);
              part.update(arguments, row);
              if (random.nextInt(4) == 0) {
                merged.merge(MemorySegment.ofArray(part.serialize()));
                part = bound.function().newState();
              }
            }
            merged.merge(MemorySegment.ofArray(part.serialize()));
            assertThat(isSame(result(merged, bound, scratch), result(whole, bound, scratch)))
                .as(
                    "%s of %s rows: %s merged, %s whole",
                    name, rows, result(merged, bound, scratch), result(whole, bound, scratch))
                .isTrue();
          });
    }
  }

  @Randomized(times = 20)
  void brokenBytesAreAnErrorThatNamesTheFunction(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      all()
          .forEach((name, bound) -> {
            AggregateState state = bound.function().newState();
            List<Vector> arguments = arguments(bound.types(), 8, random, scratch);
            for (int row = 0; row < 8; row++) {
              state.update(arguments, row);
            }
            byte[] bytes = state.serialize();
            if (bytes.length > 1) {
              byte[] cut = java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
              assertThatThrownBy(
                      () -> bound.function().newState().merge(MemorySegment.ofArray(cut)))
                  .as(name)
                  .isInstanceOf(VarveException.class)
                  .hasMessageContaining("not a state of");
            }
          });
    }
  }

  private static Object result(AggregateState state, Bound bound, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(bound.function().resultType(), scratch);
    state.result(builder);
    return VectorValues.get(builder.build(), 0);
  }

  // The last bits of doubles depend on the order of additions.
  private static boolean isSame(Object a, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      double scale = Math.max(1, Math.abs(x));
      return x.equals(y) || Math.abs(x - y) <= 1e-6 * scale;
    }
    if (a instanceof List<?> x && b instanceof List<?> y && x.size() == y.size()) {
      for (int i = 0; i < x.size(); i++) {
        if (!isSame(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    }
    return java.util.Objects.equals(a, b);
  }

  private static List<Vector> arguments(
      List<DataType> types, int rows, RandomGenerator random, Scratch scratch) {
    int[] lengths = random.ints(rows, 0, 4).toArray();
    List<Vector> arguments = new ArrayList<>();
    for (DataType type : types) {
      VectorBuilder builder = new VectorBuilder(type, scratch);
      for (int row = 0; row < rows; row++) {
        if (type instanceof DataType.Array) {
          for (int e = 0; e < lengths[row]; e++) {
            builder.child(0).appendLong(random.nextInt(9));
          }
          builder.endList();
        } else if (type instanceof DataType.AggregateState) {
          IntegerSet set = new IntegerSet(DataTypes.parse("Int64"));
          random.longs(5, 0, 9).forEach(set.members()::add);
          builder.appendBytes(set.serialize());
        } else {
          builder.appendLong(random.nextInt(type.equals(DataTypes.UINT8) ? 3 : 100));
        }
      }
      arguments.add(builder.build());
    }
    return arguments;
  }
}
