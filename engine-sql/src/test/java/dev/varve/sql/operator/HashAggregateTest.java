// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.test.Randomized;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HashAggregateTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private static final DataType NULLABLE_TEXT = DataTypes.parse("Nullable(String)");
  private static final DataType NULLABLE_INT = DataTypes.parse("Nullable(Int64)");
  private static final DataType MONEY = DataTypes.parse("Decimal(38, 2)");

  private static AggregateCall call(String name, DataType type, int column) {
    return AggregateCall.of(FUNCTIONS.aggregate(name, List.of(), List.of(type)), column);
  }

  private static AggregateCall countRows() {
    return AggregateCall.of(FUNCTIONS.aggregate("count", List.of(), List.of()));
  }

  @TempDir Path directory;

  @Randomized(times = 30)
  void groupsAsThePlainModelDoes(RandomGenerator random) {
    checkGroups(random, 0, Plans::rows);
  }

  @Randomized(times = 15)
  void groupsOnDiskAreTheSame(RandomGenerator random) {
    checkGroups(
        random,
        1000,
        plan -> Plans.spilled(plan, 256 << 20, new QueryMemory.Thresholds(1, 1, 1), directory));
  }

  @Randomized(times = 15)
  void groupsOfManyTablesAreTheSame(RandomGenerator random) {
    QueryMemory.Thresholds small = new QueryMemory.Thresholds(0, 0, 0, 1 + random.nextInt(100));
    checkGroups(random, 1000, plan -> Plans.kept(plan, small, directory));
  }

  @Randomized(times = 10)
  void groupsOfManyTablesMayGoOnDisk(RandomGenerator random) {
    QueryMemory.Thresholds both = new QueryMemory.Thresholds(0, 1, 0, 50);
    checkGroups(random, 2000, plan -> Plans.spilled(plan, 256 << 20, both, directory));
  }

  @Randomized(times = 15)
  void groupsOfRowsThatArePutByAreTheSame(RandomGenerator random) {
    int groups = 1 + random.nextInt(30);
    QueryMemory.Thresholds early = new QueryMemory.Thresholds(0, 0, 0, 0, groups);
    checkGroups(random, 1000, plan -> Plans.kept(plan, early, directory));
  }

  @Randomized(times = 10)
  void rowsThatArePutByMayGoOnDisk(RandomGenerator random) {
    QueryMemory.Thresholds both = new QueryMemory.Thresholds(0, 1 << 17, 0, 0, 1);
    checkGroups(random, 2000, plan -> Plans.spilled(plan, 256 << 20, both, directory));
  }

  @Test
  void rowsThatOneWorkerPutByAreThereThoughAnotherWentToDisk() {
    List<DataType> types = List.of(DataTypes.INT64, DataTypes.INT64);
    List<List<Object>> rows = new ArrayList<>();
    // The first of three workers fills one partition, the others all.
    for (long i = 0; i < 3000; i++) {
      rows.add(Plans.row(i < 1000 ? 0 : i, 1L));
    }
    Operator plan =
        HashAggregate.of(
            Plans.spread(types, rows), List.of(0), List.of(call("sum", DataTypes.INT64, 1)));
    QueryMemory.Thresholds both = new QueryMemory.Thresholds(0, 1 << 20, 0, 0, 1);
    Set<List<Object>> expected = new HashSet<>();
    expected.add(Plans.row(0L, 1000L));
    for (long i = 1000; i < 3000; i++) {
      expected.add(Plans.row(i, 1L));
    }

    assertThat(new HashSet<>(Plans.spilled(plan, 256 << 20, both, directory))).isEqualTo(expected);
  }

  @Test
  void rowsOfManyGroupsArePutBy() {
    Operator numbers = new Numbers(0, 400_000, 1);
    AggregateCall sum = call("sum", DataTypes.UINT64, 0);
    Operator plan = HashAggregate.of(numbers, List.of(0), List.of(countRows(), sum));
    AggregateCall total = call("sum", DataTypes.UINT64, 2);
    Operator totals = HashAggregate.of(plan, List.of(), List.of(countRows(), total));
    QueryMemory.Thresholds parted = new QueryMemory.Thresholds(0, 0, 0, 0, 100_000);

    assertThat(Plans.kept(totals, parted, directory))
        .containsExactly(
            Plans.row(BigInteger.valueOf(400_000), BigInteger.valueOf(399_999L * 200_000)));
  }

  @Randomized(times = 20)
  void distinctRowsOfManyTablesCountOnce(RandomGenerator random) {
    List<DataType> types = List.of(DataTypes.INT32, NULLABLE_TEXT);
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      Object text = random.nextInt(10) == 0 ? null : "text" + random.nextInt(300);
      rows.add(Plans.row((long) random.nextInt(5), text));
    }
    AggregateCall distinct =
        new AggregateCall(
            FUNCTIONS.aggregate("count", List.of(), List.of(NULLABLE_TEXT)), List.of(1), -1, true);
    int few = 1 + random.nextInt(100);
    QueryMemory.Thresholds small =
        random.nextBoolean()
            ? new QueryMemory.Thresholds(0, 0, 0, few)
            : new QueryMemory.Thresholds(0, 0, 0, 0, few);
    Set<List<Object>> expected = new HashSet<>();
    for (long key = 0; key < 5; key++) {
      long group = key;
      long texts =
          rows.stream()
              .filter(row -> row.get(0).equals(group) && row.get(1) != null)
              .map(row -> row.get(1))
              .distinct()
              .count();
      expected.add(Plans.row(key, BigInteger.valueOf(texts)));
    }

    Operator grouped = HashAggregate.of(Plans.spread(types, rows), List.of(0), List.of(distinct));
    assertThat(new HashSet<>(Plans.kept(grouped, small, directory))).isEqualTo(expected);
    Operator whole = HashAggregate.of(Plans.spread(types, rows), List.of(), List.of(distinct));
    long all = rows.stream().map(row -> row.get(1)).filter(t -> t != null).distinct().count();
    assertThat(Plans.kept(whole, small, directory))
        .containsExactly(Plans.row(BigInteger.valueOf(all)));
  }

  @Test
  void distinctRowsOfManyGroupsAreMergedPartitionByPartition() {
    List<DataType> types = List.of(DataTypes.INT64, DataTypes.INT64);
    List<List<Object>> rows = new ArrayList<>();
    for (long i = 0; i < 140_000; i++) {
      rows.add(Plans.row(i % 70_000, i % 70_000));
    }
    AggregateCall distinct =
        new AggregateCall(
            FUNCTIONS.aggregate("sum", List.of(), List.of(DataTypes.INT64)), List.of(1), -1, true);
    Operator plan = HashAggregate.of(Plans.spread(types, rows), List.of(0), List.of(distinct));

    assertThat(Plans.rows(plan))
        .hasSize(70_000)
        .allMatch(group -> group.get(0).equals(group.get(1)));
  }

  @Test
  void groupsBeyondTheMemoryAreFinishedPartByPart() {
    Operator plan =
        HashAggregate.of(new Numbers(0, 3_000_000, 1), List.of(0), List.of(countRows()));
    Operator count = HashAggregate.of(plan, List.of(), List.of(countRows()));

    assertThat(Plans.spilled(count, 32 << 20, QueryMemory.Thresholds.BY_LIMIT, directory))
        .containsExactly(Plans.row(BigInteger.valueOf(3_000_000)));
  }

  @Test
  void rowsOfAGroupComeInTheirOrderThoughSomeWereOnDisk() {
    Operator rows = new Numbers(0, 200_000, 1);
    AggregateCall list =
        AggregateCall.of(
            FUNCTIONS.aggregate("groupArray", List.of(), List.of(DataTypes.UINT64)), 0);
    Operator plan = HashAggregate.of(new Limit(rows, 0, -1), List.of(0), List.of(list));

    List<List<Object>> groups =
        Plans.spilled(plan, 256 << 20, new QueryMemory.Thresholds(0, 1, 0), directory);

    assertThat(groups).hasSize(200_000);
    assertThat(groups).allMatch(g -> g.get(1).equals(List.of(g.get(0))));
  }

  private static void checkGroups(
      RandomGenerator random, int least, Function<Operator, List<List<Object>>> runner) {
    List<DataType> types = List.of(NULLABLE_TEXT, NULLABLE_INT, DataTypes.INT32, MONEY);
    List<List<Object>> rows = new ArrayList<>();
    int count = least + random.nextInt(3000);
    int keys = 1 + random.nextInt(200);
    for (int i = 0; i < count; i++) {
      Object text = random.nextInt(10) == 0 ? null : "key" + random.nextInt(keys);
      Object number = random.nextInt(10) == 0 ? null : (Object) (long) random.nextInt(5);
      BigInteger cents = new BigInteger(random.nextInt(4) == 0 ? 100 : 20, new java.util.Random(i));
      rows.add(Plans.row(text, number, (long) random.nextInt(), new BigDecimal(cents, 2)));
    }
    Operator plan =
        HashAggregate.of(
            Plans.spread(types, rows),
            List.of(0, 1),
            List.of(
                countRows(),
                call("sum", DataTypes.INT32, 2),
                call("max", DataTypes.INT32, 2),
                call("sum", MONEY, 3),
                call("uniqExact", DataTypes.INT32, 2)));

    assertThat(new HashSet<>(runner.apply(plan))).isEqualTo(model(rows));
  }

  private static Set<List<Object>> model(List<List<Object>> rows) {
    Map<List<Object>, List<List<Object>>> groups = new HashMap<>();
    for (List<Object> row : rows) {
      groups.computeIfAbsent(row.subList(0, 2), _ -> new ArrayList<>()).add(row);
    }
    Set<List<Object>> result = new HashSet<>();
    groups.forEach((key, members) -> {
      List<Object> row = new ArrayList<>(key);
      row.add(BigInteger.valueOf(members.size()));
      row.add(members.stream().mapToLong(r -> (Long) r.get(2)).sum());
      row.add(members.stream().mapToLong(r -> (Long) r.get(2)).max().getAsLong());
      row.add(members.stream().map(r -> (BigDecimal) r.get(3)).reduce(BigDecimal::add).get());
      row.add(BigInteger.valueOf(members.stream().map(r -> r.get(2)).distinct().count()));
      result.add(row);
    });
    return result;
  }

  @Test
  void manyGroupsAreMergedPartitionByPartition() {
    Operator plan = HashAggregate.of(new Numbers(0, 300_000, 1), List.of(0), List.of(countRows()));
    Operator total =
        HashAggregate.of(plan, List.of(), List.of(countRows(), call("sum", DataTypes.UINT64, 0)));

    assertThat(Plans.rows(total))
        .containsExactly(
            Plans.row(BigInteger.valueOf(300_000), BigInteger.valueOf(299_999L * 150_000)));
  }

  @Test
  void noRowsGiveOneRowWithoutKeysAndNoneWithKeys() {
    Operator none = Values.empty(List.of(DataTypes.INT64));
    AggregateCall sum =
        AggregateCall.of(
            FUNCTIONS.orNull(FUNCTIONS.aggregate("sum", List.of(), List.of(DataTypes.INT64))), 0);

    assertThat(Plans.rows(HashAggregate.of(none, List.of(), List.of(countRows(), sum))))
        .containsExactly(Plans.row(BigInteger.ZERO, null));
    assertThat(Plans.rows(HashAggregate.of(none, List.of(0), List.of(countRows())))).isEmpty();
  }

  @Test
  void nullsAreSkippedByAggregatesAndCountedByCountOfRows() {
    Operator input =
        new Values(
            List.of(NULLABLE_INT), List.of(Plans.row(1L), Plans.row((Object) null), Plans.row(5L)));
    Operator plan =
        HashAggregate.of(
            input,
            List.of(),
            List.of(
                countRows(),
                call("count", NULLABLE_INT, 0),
                call("avg", NULLABLE_INT, 0),
                call("min", NULLABLE_INT, 0)));

    assertThat(Plans.rows(plan))
        .containsExactly(Plans.row(BigInteger.valueOf(3), BigInteger.TWO, 3.0, 1L));
  }

  @Test
  void distinctAndFilterApplyBeforeTheAggregate() {
    List<DataType> types = List.of(DataTypes.INT64, DataTypes.BOOL);
    List<List<Object>> rows =
        List.of(
            Plans.row(2L, true),
            Plans.row(2L, true),
            Plans.row(3L, true),
            Plans.row(3L, false),
            Plans.row(9L, false));
    Operator plan =
        HashAggregate.of(
            Plans.spread(types, rows),
            List.of(),
            List.of(
                new AggregateCall(
                    FUNCTIONS.aggregate("sum", List.of(), List.of(DataTypes.INT64)),
                    List.of(0),
                    1,
                    true),
                new AggregateCall(
                    FUNCTIONS.aggregate("count", List.of(), List.of()), List.of(), 1, false)));

    assertThat(Plans.rows(plan)).containsExactly(Plans.row(5L, BigInteger.valueOf(3)));
  }

  @Test
  void distinctMayMeetNoRowThatCountsAtFirst() {
    Operator input = new Values(List.of(NULLABLE_INT), List.of(Plans.row((Object) null)));
    AggregateCall distinct =
        new AggregateCall(
            FUNCTIONS.aggregate("count", List.of(), List.of(NULLABLE_INT)), List.of(0), -1, true);

    assertThat(
            Plans.rows(
                HashAggregate.of(
                    input, List.of(), List.of(distinct, call("uniqExact", NULLABLE_INT, 0)))))
        .containsExactly(Plans.row(BigInteger.ZERO, BigInteger.ZERO));
  }

  @Test
  void groupingSetsGiveEachSetItsRows() {
    List<DataType> types = List.of(DataTypes.INT32, DataTypes.INT32);
    Operator input =
        new Values(types, List.of(Plans.row(1L, 1L), Plans.row(1L, 2L), Plans.row(2L, 2L)));
    Operator plan =
        new HashAggregate(
            input,
            List.of(0, 1),
            List.of(List.of(0, 1), List.of(0), List.of()),
            List.of(countRows()));

    assertThat(Plans.rows(plan))
        .containsExactlyInAnyOrder(
            Plans.row(1L, 1L, BigInteger.ONE, 0L),
            Plans.row(1L, 2L, BigInteger.ONE, 0L),
            Plans.row(2L, 2L, BigInteger.ONE, 0L),
            Plans.row(1L, null, BigInteger.TWO, 1L),
            Plans.row(2L, null, BigInteger.ONE, 1L),
            Plans.row(null, null, BigInteger.valueOf(3), 2L));
  }

  @Test
  void moreThanTheMemoryLimitIsAnErrorOfItsOwn() {
    Operator plan =
        HashAggregate.of(new Numbers(0, 1_000_000, 1), List.of(0), List.of(countRows()));

    assertThatThrownBy(() -> Plans.rows(plan, 8 << 20))
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED));
  }

  @Test
  void aSingleValueIsNoneOneOrAnError() {
    AggregateCall single =
        AggregateCall.of(
            FUNCTIONS.orNull(
                FUNCTIONS.aggregate("singleValue", List.of(), List.of(DataTypes.INT64))),
            0);
    List<DataType> types = List.of(DataTypes.INT64);

    assertThat(Plans.rows(HashAggregate.of(Values.empty(types), List.of(), List.of(single))))
        .containsExactly(Plans.row((Object) null));
    Operator one = new Values(types, List.of(Plans.row(7L)));
    assertThat(Plans.rows(HashAggregate.of(one, List.of(), List.of(single))))
        .containsExactly(Plans.row(7L));
    Operator two = new Values(types, List.of(Plans.row(7L), Plans.row(7L)));
    assertThatThrownBy(() -> Plans.rows(HashAggregate.of(two, List.of(), List.of(single))))
        .hasMessageContaining("gave 2 rows");
  }

  @Test
  void conditionalAndOtherEndingsFindTheirFunction() {
    List<DataType> types = List.of(DataTypes.INT64, DataTypes.BOOL);
    Operator input = new Values(types, List.of(Plans.row(1L, true), Plans.row(2L, false)));
    Operator plan =
        HashAggregate.of(
            input,
            List.of(),
            List.of(
                AggregateCall.of(FUNCTIONS.aggregate("sumIf", List.of(), types), 0, 1),
                AggregateCall.of(FUNCTIONS.aggregate("countIf", List.of(), types.subList(1, 2)), 1),
                AggregateCall.of(
                    FUNCTIONS.aggregate("groupArray", List.of(), types.subList(0, 1)), 0),
                AggregateCall.of(
                    FUNCTIONS.aggregate("quantile", List.of(0.5), types.subList(0, 1)), 0)));

    assertThat(Plans.rows(plan))
        .containsExactly(Plans.row(1L, BigInteger.ONE, Arrays.<Object>asList(1L, 2L), 1.5));
  }
}
