// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

final class JoinTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private static final DataType INT = DataTypes.parse("Nullable(Int32)");
  private static final DataType TEXT = DataTypes.parse("Nullable(String)");
  private static final List<DataType> TYPES = List.of(INT, TEXT);

  @Randomized(times = 60)
  void joinsAsTheNestedLoopsOfTheModelDo(RandomGenerator random) {
    List<List<Object>> left = rows(random);
    List<List<Object>> right = rows(random);
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
      assertThat(Plans.rows(plan))
          .as(kind.name())
          .containsExactlyInAnyOrderElementsOf(
              model(
                  left,
                  right,
                  kind,
                  (l, r) -> matches(l, r, key, nullSafe) && (!residual || less(l, r))));
    }
  }

  @Randomized(times = 30)
  void joinsWithoutEqualityAsTheModelDoes(RandomGenerator random) {
    List<List<Object>> left = rows(random);
    List<List<Object>> right = rows(random);
    List<Expression> conditions =
        List.of(
            new Expression.Call(
                FUNCTIONS.scalar("less", List.of(INT, INT)),
                List.of(new Expression.InputColumn(0, INT), new Expression.InputColumn(2, INT))));
    for (JoinKind kind : JoinKind.values()) {
      Operator plan =
          new NestedLoopJoin(
              Plans.spread(TYPES, left), Plans.spread(TYPES, right), kind, conditions);
      assertThat(Plans.rows(plan))
          .as(kind.name())
          .containsExactlyInAnyOrderElementsOf(model(left, right, kind, JoinTest::less));
    }
  }

  private static List<List<Object>> rows(RandomGenerator random) {
    List<List<Object>> rows = new ArrayList<>();
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      Object number = random.nextInt(6) == 0 ? null : (Object) (long) random.nextInt(8);
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
          if (kind.givesRight()) {
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
      if (kind.keepsRight() && !seen[r]) {
        result.add(Plans.row(null, null, right.get(r).get(0), right.get(r).get(1)));
      }
    }
    return result;
  }
}
