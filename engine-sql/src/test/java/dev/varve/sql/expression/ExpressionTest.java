// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.expression.Expression.And;
import dev.varve.sql.expression.Expression.Call;
import dev.varve.sql.expression.Expression.Case;
import dev.varve.sql.expression.Expression.InList;
import dev.varve.sql.expression.Expression.InputColumn;
import dev.varve.sql.expression.Expression.Literal;
import dev.varve.sql.expression.Expression.Not;
import dev.varve.sql.expression.Expression.Or;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ExpressionTest {
  private static final DataType TRUTH = DataTypes.parse("Nullable(Bool)");
  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch scratch = new Scratch(allocator);

  @AfterEach
  void release() {
    scratch.close();
    allocator.close();
  }

  private Batch batch(DataType type, Object... values) {
    return new Batch(values.length, List.of(VectorValues.of(type, scratch, values)));
  }

  private List<Object> values(Expression expression, Batch batch) {
    Vector vector = expression.evaluate(batch, scratch);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < vector.rows(); i++) {
      values.add(VectorValues.get(vector, i));
    }
    return values;
  }

  private static Boolean and(Boolean a, Boolean b) {
    return Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)
        ? Boolean.FALSE
        : a == null || b == null ? null : Boolean.TRUE;
  }

  @Randomized(times = 20)
  void logicHasThreeValues(RandomGenerator random) {
    int rows = 1 + random.nextInt(200);
    Boolean[] a = truths(random, rows);
    Boolean[] b = truths(random, rows);
    Batch batch =
        new Batch(
            rows,
            List.of(
                VectorValues.of(TRUTH, scratch, (Object[]) a),
                VectorValues.of(TRUTH, scratch, (Object[]) b)));
    Expression x = new InputColumn(0, TRUTH);
    Expression y = new InputColumn(1, TRUTH);
    List<Object> conjunction = new ArrayList<>();
    List<Object> disjunction = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      conjunction.add(and(a[i], b[i]));
      Boolean neither = and(a[i] == null ? null : !a[i], b[i] == null ? null : !b[i]);
      disjunction.add(neither == null ? null : !neither);
    }

    assertThat(values(new And(List.of(x, y)), batch)).isEqualTo(conjunction);
    assertThat(values(new Or(List.of(x, y)), batch)).isEqualTo(disjunction);
    assertThat(values(new Not(new And(List.of(new Not(x), new Not(y)))), batch))
        .isEqualTo(disjunction);
  }

  private static Boolean[] truths(RandomGenerator random, int rows) {
    Boolean[] truths = new Boolean[rows];
    for (int i = 0; i < rows; i++) {
      int kind = random.nextInt(3);
      truths[i] = kind == 2 ? null : (Boolean) (kind == 1);
    }
    return truths;
  }

  @Test
  void aBranchOfCaseSeesOnlyTheRowsThatReachIt() {
    // 10 / x would fail for the zeros, did it see them.
    DataType type = DataTypes.INT64;
    Expression x = new InputColumn(0, type);
    BoundFunction divide =
        new BoundFunction(
            "divide",
            List.of(type),
            type,
            BoundFunction.Nulls.PROPAGATE,
            BoundFunction.Stability.IMMUTABLE,
            (v, rows, memory) -> {
              VectorBuilder builder = new VectorBuilder(type, memory);
              for (int i = 0; i < rows; i++) {
                builder.appendLong(10 / v.getFirst().getLong(i));
              }
              return builder.build();
            });
    Expression isZero = new InList(x, new ValueSet(type, List.of(0L), scratch));
    Expression safe =
        new Case(
            List.of(isZero), List.of(new Literal(-1L, type)), new Call(divide, List.of(x)), type);

    assertThat(values(safe, batch(type, 0L, 5L, 0L, 2L))).isEqualTo(List.of(-1L, 2L, -1L, 5L));
  }

  @Test
  void inGivesNullWhereTheAnswerDependsOnANull() {
    DataType type = DataTypes.parse("Nullable(Int32)");
    Expression x = new InputColumn(0, type);
    Batch rows = batch(type, 1L, 2L, null);
    ValueSet plain = new ValueSet(type, List.of(1L), scratch);
    ValueSet withNull = new ValueSet(type, Arrays.asList(1L, null), scratch);

    assertThat(values(new InList(x, plain), rows)).isEqualTo(Arrays.asList(true, false, null));
    assertThat(values(new InList(x, withNull), rows)).isEqualTo(Arrays.asList(true, null, null));
  }

  @Test
  void aFunctionOfADictionaryRunsOncePerDistinctValue() {
    AtomicInteger seen = new AtomicInteger();
    BoundFunction length =
        new BoundFunction(
            "length",
            List.of(DataTypes.STRING),
            DataTypes.INT64,
            BoundFunction.Nulls.PROPAGATE,
            BoundFunction.Stability.IMMUTABLE,
            (v, rows, memory) -> {
              seen.addAndGet(rows);
              VectorBuilder builder = new VectorBuilder(DataTypes.INT64, memory);
              for (int i = 0; i < rows; i++) {
                builder.appendLong(v.getFirst().getBytes(i).length);
              }
              return builder.build();
            });
    MemorySegment codes = scratch.allocate(4 * 4L);
    int[] wanted = {1, 0, 1, 1};
    MemorySegment.copy(wanted, 0, codes, Vector.I32, 0, 4);
    Vector dictionary = VectorValues.of(DataTypes.STRING, scratch, "a", "bcd");
    Vector coded = Vector.dictionary(DataTypes.STRING, 4, codes, dictionary, null);
    Expression call = new Call(length, List.of(new InputColumn(0, DataTypes.STRING)));

    assertThat(values(call, new Batch(4, List.of(coded)))).isEqualTo(List.of(3L, 1L, 3L, 3L));
    assertThat(seen).hasValue(2);
  }

  @Randomized(times = 10)
  void aConjunctionKeepsTheRowsThatAllConditionsHoldFor(RandomGenerator random) {
    DataType type = DataTypes.parse("Nullable(Int32)");
    Expression x = new InputColumn(0, type);
    ValueSet small = new ValueSet(type, List.of(1L, 2L, 3L, 4L), scratch);
    ValueSet odd = new ValueSet(type, List.of(1L, 3L, 5L, 7L), scratch);
    Conjunction conjunction =
        new Conjunction(List.of(new InList(x, small), new Not(new InList(x, odd))));
    for (int round = 0; round < 70; round++) {
      Object[] numbers = new Object[1 + random.nextInt(100)];
      List<Object> kept = new ArrayList<>();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = random.nextInt(9) == 0 ? null : (Object) (long) random.nextInt(8);
        if (numbers[i] != null && List.of(2L, 4L).contains(numbers[i])) {
          kept.add(numbers[i]);
        }
      }
      Batch left = conjunction.filter(batch(type, numbers), scratch);
      assertThat(left == null ? List.of() : values(x, left)).isEqualTo(kept);
    }
  }
}
