// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.test.Randomized;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JoinTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private static final DataType INT = DataTypes.parse("Nullable(Int32)");
  private static final DataType TEXT = DataTypes.parse("Nullable(String)");
  private static final List<DataType> TYPES = List.of(INT, TEXT);

  @TempDir Path directory;

  @Randomized(times = 60)
  void joinsAsTheNestedLoopsOfTheModelDo(RandomGenerator random) {
    checkOneKey(random, (plan, _) -> Plans.rows(plan));
  }

  @Randomized(times = 40)
  void joinsOnDiskAreTheSame(RandomGenerator random) {
    checkOneKey(random, this::onDisk);
  }

  private List<List<Object>> onDisk(Operator plan, List<List<Object>> right) {
    return right.isEmpty()
        ? Plans.rows(plan)
        : Plans.spilled(plan, 256 << 20, new QueryMemory.Thresholds(1, 1, 1), directory);
  }

  private static void checkOneKey(
      RandomGenerator random, BiFunction<Operator, List<List<Object>>, List<List<Object>>> runner) {
    // Far apart, numbers are found by hashing; near each other, by their distance from the least.
    long step = random.nextBoolean() ? 1 : 20_000_019;
    List<List<Object>> left = rows(random, step);
    List<List<Object>> right = random.nextBoolean() ? rows(random, step) : distinct(random, step);
    boolean byText = random.nextBoolean();
    boolean nullSafe = random.nextBoolean();
    boolean residual = random.nextBoolean();
    int key = byText ? 1 : 0;
    // left.0 < right.0, over the joined columns.
    List<Expression> conditions =
        residual
            ? List.of(
                new Expression.Call(
                    FUNCTIONS.scalar("less", List.of(INT, INT)),
                    List.of(
                        new Expression.InputColumn(0, INT), new Expression.InputColumn(2, INT))))
            : List.of();
    for (JoinKind kind : JoinKind.values()) {
      Operator plan =
          new HashJoin(
              Plans.spread(TYPES, left),
              Plans.spread(TYPES, right),
              kind,
              List.of(key),
              List.of(key),
              List.of(nullSafe),
              conditions);
      assertThat(runner.apply(plan, right))
          .as(kind.name())
          .containsExactlyInAnyOrderElementsOf(
              model(
                  left,
                  right,
                  kind,
                  (l, r) -> matches(l, r, key, nullSafe) && (!residual || less(l, r))));
    }
  }

  @Randomized(times = 40)
  void joinsByTwoKeysAsTheModelDoes(RandomGenerator random) {
    checkTwoKeys(random, (plan, _) -> Plans.rows(plan));
  }

  @Randomized(times = 20)
  void joinsOnDiskByTwoKeysAreTheSame(RandomGenerator random) {
    checkTwoKeys(random, this::onDisk);
  }

  @Test
  void aJoinBeyondTheMemoryIsDonePartByPart() {
    Operator numbers = new Numbers(0, 1_500_000, 1);
    Operator plan =
        new HashJoin(
            numbers, numbers, JoinKind.INNER, List.of(0), List.of(0), List.of(false), List.of());
    Operator count =
        HashAggregate.of(
            plan,
            List.of(),
            List.of(AggregateCall.of(FUNCTIONS.aggregate("count", List.of(), List.of()))));

    assertThat(Plans.spilled(count, 32 << 20, QueryMemory.Thresholds.BY_LIMIT, directory))
        .containsExactly(Plans.row(BigInteger.valueOf(1_500_000)));
  }

  @Test
  void oneKeyWithMoreRowsThanFitIsJoinedBlockByBlock() {
    Operator many = new Numbers(0, 600_000, 1);
    DataType number = DataTypes.UINT64;
    Operator same =
        new Project(
            many,
            List.of(
                new Expression.Call(
                    FUNCTIONS.scalar("intDiv", List.of(number, DataTypes.UINT32)),
                    List.of(
                        new Expression.InputColumn(0, number),
                        new Expression.Literal(1_000_000L, DataTypes.UINT32)))));
    Operator plan =
        new HashJoin(
            new Numbers(0, 3, 1),
            same,
            JoinKind.LEFT,
            List.of(0),
            List.of(0),
            List.of(false),
            List.of());
    Operator count =
        HashAggregate.of(
            plan,
            List.of(),
            List.of(AggregateCall.of(FUNCTIONS.aggregate("count", List.of(), List.of()))));

    // 0 meets every row, 1 and 2 none.
    assertThat(Plans.spilled(count, 16 << 20, QueryMemory.Thresholds.BY_LIMIT, directory))
        .containsExactly(Plans.row(BigInteger.valueOf(600_002)));
  }

  private static void checkTwoKeys(
      RandomGenerator random, BiFunction<Operator, List<List<Object>>, List<List<Object>>> runner) {
    List<DataType> types = List.of(INT, INT);
    long step = random.nextBoolean() ? 1 : 20_000_019;
    List<List<Object>> left = pairs(random, step);
    List<List<Object>> right = pairs(random, step);
    boolean first = random.nextBoolean();
    boolean second = random.nextBoolean();
    for (JoinKind kind : JoinKind.values()) {
      Operator plan =
          new HashJoin(
              Plans.spread(types, left),
              Plans.spread(types, right),
              kind,
              List.of(0, 1),
              List.of(1, 0),
              List.of(first, second),
              List.of());
      assertThat(runner.apply(plan, right))
          .as(kind.name())
          .containsExactlyInAnyOrderElementsOf(
              model(
                  left,
                  right,
                  kind,
                  (l, r) -> same(l.get(0), r.get(1), first) && same(l.get(1), r.get(0), second)));
    }
  }

  private static boolean same(Object a, Object b, boolean nullSafe) {
    return a == null || b == null ? nullSafe && a == b : a.equals(b);
  }

  private static List<List<Object>> pairs(RandomGenerator random, long step) {
    List<List<Object>> rows = new ArrayList<>();
    int count = random.nextInt(40);
    for (int i = 0; i < count; i++) {
      Object a = random.nextInt(6) == 0 ? null : (Object) (random.nextInt(4) * step);
      Object b = random.nextInt(6) == 0 ? null : (Object) (long) random.nextInt(4);
      rows.add(random.nextBoolean() ? Plans.row(a, b) : Plans.row(b, a));
    }
    return rows;
  }

  @Randomized(times = 30)
  void joinsWithoutEqualityAsTheModelDoes(RandomGenerator random) {
    checkNoKey(random, (plan, _) -> Plans.rows(plan));
  }

  @Randomized(times = 20)
  void joinsOnDiskWithoutEqualityAreTheSame(RandomGenerator random) {
    checkNoKey(random, this::onDisk);
  }

  private static void checkNoKey(
      RandomGenerator random, BiFunction<Operator, List<List<Object>>, List<List<Object>>> runner) {
    List<List<Object>> left = rows(random, 1);
    List<List<Object>> right = rows(random, 1);
    List<Expression> conditions =
        List.of(
            new Expression.Call(
                FUNCTIONS.scalar("less", List.of(INT, INT)),
                List.of(new Expression.InputColumn(0, INT), new Expression.InputColumn(2, INT))));
    for (JoinKind kind : JoinKind.values()) {
      Operator plan =
          new NestedLoopJoin(
              Plans.spread(TYPES, left), Plans.spread(TYPES, right), kind, conditions);
      assertThat(runner.apply(plan, right))
          .as(kind.name())
          .containsExactlyInAnyOrderElementsOf(model(left, right, kind, JoinTest::less));
    }
  }

  /// Rows whose number and text come once each, so that the table of either is unique.
  private static List<List<Object>> distinct(RandomGenerator random, long step) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      if (random.nextBoolean()) {
        rows.add(Plans.row(i * step, "t" + i));
      }
    }
    return rows;
  }

  private static List<List<Object>> rows(RandomGenerator random, long step) {
    List<List<Object>> rows = new ArrayList<>();
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      Object number = random.nextInt(6) == 0 ? null : (Object) (random.nextInt(8) * step);
      Object text = random.nextInt(6) == 0 ? null : "t" + random.nextInt(8);
      rows.add(Plans.row(number, text));
    }
    return rows;
  }

  private static boolean matches(List<Object> l, List<Object> r, int key, boolean nullSafe) {
    return l.get(key) == null || r.get(key) == null
        ? nullSafe && l.get(key) == r.get(key)
        : Objects.equals(l.get(key), r.get(key));
  }

  private static boolean less(List<Object> l, List<Object> r) {
    return l.get(0) != null && r.get(0) != null && (Long) l.get(0) < (Long) r.get(0);
  }

  private interface Condition {
    boolean holds(List<Object> left, List<Object> right);
  }

  private static List<List<Object>> model(
      List<List<Object>> left, List<List<Object>> right, JoinKind kind, Condition condition) {
    List<List<Object>> result = new ArrayList<>();
    boolean[] seen = new boolean[right.size()];
    for (List<Object> l : left) {
      boolean matched = false;
      for (int r = 0; r < right.size(); r++) {
        if (condition.holds(l, right.get(r))) {
          matched = true;
          seen[r] = true;
          if (kind.givesRight() && kind.givesLeft()) {
            result.add(Plans.row(l.get(0), l.get(1), right.get(r).get(0), right.get(r).get(1)));
          }
        }
      }
      if (kind == JoinKind.SEMI && matched || kind == JoinKind.ANTI && !matched) {
        result.add(l);
      } else if (kind.keepsLeft() && !matched) {
        result.add(Plans.row(l.get(0), l.get(1), null, null));
      }
    }
    for (int r = 0; r < right.size(); r++) {
      if (kind == JoinKind.RIGHT_SEMI && seen[r] || kind == JoinKind.RIGHT_ANTI && !seen[r]) {
        result.add(right.get(r));
      } else if (kind.keepsRight() && !seen[r]) {
        result.add(Plans.row(null, null, right.get(r).get(0), right.get(r).get(1)));
      }
    }
    return result;
  }
}
