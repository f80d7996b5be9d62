// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/// Several grouping sets give what as many plain GROUP BYs give, whichever of them take rows and
/// whichever are made of others' groups.
final class GroupingSetsTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private static final DataType TEXT = DataTypes.parse("Nullable(String)");
  private static final DataType NUMBER = DataTypes.parse("Nullable(Int64)");
  private static final List<DataType> TYPES = List.of(NUMBER, TEXT, NUMBER, NUMBER);

  @TempDir Path directory;

  @Randomized(times = 30)
  void eachSetIsAGroupByOfItsOwn(RandomGenerator random) {
    check(random, Plans::rows);
  }

  @Randomized(times = 15)
  void setsOfGroupsOnDiskAreTheSame(RandomGenerator random) {
    check(
        random,
        plan -> Plans.spilled(plan, 256 << 20, new QueryMemory.Thresholds(1, 1, 1), directory));
  }

  @Randomized(times = 15)
  void setsOfManyTablesAreTheSame(RandomGenerator random) {
    QueryMemory.Thresholds small = new QueryMemory.Thresholds(0, 0, 0, 1 + random.nextInt(50));
    check(random, plan -> Plans.kept(plan, small, directory));
  }

  private static void check(
      RandomGenerator random, Function<HashAggregate, List<List<Object>>> runner) {
    Operator input = Plans.spread(TYPES, rows(random));
    List<List<Integer>> sets = new ArrayList<>();
    for (int s = 2 + random.nextInt(4); s > 0; s--) {
      int bits = random.nextInt(8);
      sets.add(IntStream.range(0, 3).filter(key -> (bits >> key & 1) != 0).boxed().toList());
    }
    // One set of keys at least, so that there is something that may go on disk.
    sets.add(List.of(0, 1));
    boolean distinct = random.nextInt(5) == 0;
    List<AggregateCall> calls =
        List.of(
            AggregateCall.of(FUNCTIONS.aggregate("count", List.of(), List.of())),
            AggregateCall.of(FUNCTIONS.aggregate("sum", List.of(), List.of(NUMBER)), 3),
            AggregateCall.of(FUNCTIONS.aggregate("max", List.of(), List.of(TEXT)), 1),
            AggregateCall.of(FUNCTIONS.aggregate("uniqExact", List.of(), List.of(NUMBER)), 3),
            AggregateCall.of(FUNCTIONS.aggregate("quantileExact", List.of(), List.of(NUMBER)), 3),
            new AggregateCall(
                FUNCTIONS.aggregate("count", List.of(), List.of(NUMBER)),
                List.of(3),
                -1,
                distinct));
    List<List<Object>> found =
        runner.apply(new HashAggregate(input, List.of(0, 1, 2), sets, calls));
    List<List<Object>> wanted = new ArrayList<>();
    for (int s = 0; s < sets.size(); s++) {
      List<Integer> set = sets.get(s);
      for (List<Object> group : Plans.rows(HashAggregate.of(input, set, calls))) {
        List<Object> row = new ArrayList<>(Arrays.asList(null, null, null));
        for (int k = 0; k < set.size(); k++) {
          row.set(set.get(k), group.get(k));
        }
        row.addAll(group.subList(set.size(), group.size()));
        row.add((long) s);
        wanted.add(row);
      }
    }
    assertThat(found).as("sets %s", sets).containsExactlyInAnyOrderElementsOf(wanted);
  }

  private static List<List<Object>> rows(RandomGenerator random) {
    List<List<Object>> rows = new ArrayList<>();
    int count = 500 + random.nextInt(1500);
    int values = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      rows.add(
          Plans.row(
              random.nextInt(9) == 0 ? null : (Object) (long) random.nextInt(values),
              random.nextInt(9) == 0 ? null : "text " + random.nextInt(values),
              (long) random.nextInt(3),
              random.nextInt(9) == 0 ? null : (Object) (long) random.nextInt(-50, 50)));
    }
    return rows;
  }
}
