// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class EntryResultsTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private static final DataType TEXT = DataTypes.STRING;

  private static Expression.Call call(String name, Expression... arguments) {
    List<Expression> list = List.of(arguments);
    return new Expression.Call(
        FUNCTIONS.scalar(name, list.stream().map(Expression::type).toList()), list);
  }

  private static Batch batch(Vector dictionary, int rows, RandomGenerator random, Scratch scratch) {
    MemorySegment codes = scratch.allocate(rows * 4L);
    for (int i = 0; i < rows; i++) {
      codes.set(Vector.I32, i * 4L, random.nextInt(dictionary.rows()));
    }
    return new Batch(rows, List.of(Vector.dictionary(TEXT, rows, codes, dictionary, null)));
  }

  private static Vector entries(RandomGenerator random, Scratch scratch) {
    Object[] texts = new Object[1 + random.nextInt(20_000)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = "x".repeat(random.nextInt(4)) + random.nextInt(100);
    }
    return VectorValues.of(TEXT, scratch, texts);
  }

  @Randomized(times = 40)
  void resultsOfEntriesAreThoseOfTheRows(RandomGenerator random) {
    Expression.InputColumn text = new Expression.InputColumn(0, TEXT);
    List<Expression> expressions =
        List.of(
            call("length", text),
            call("upper", text),
            call("toInt32OrZero", text),
            call("reverse", call("upper", text)),
            call("toInt32OrNull", text),
            call("startsWith", text, new Expression.Literal("xx", TEXT)));
    Expression expression = expressions.get(random.nextInt(expressions.size()));
    try (BufferAllocator allocator = new RootAllocator();
        Scratch shared = new Scratch(allocator);
        Scratch scratch = new Scratch(allocator);
        EntryResults results =
            EntryResults.of(expression, () -> new Scratch(allocator)).orElseThrow()) {
      List<Vector> dictionaries = List.of(entries(random, shared), entries(random, shared));
      for (int round = 0; round < 12; round++) {
        scratch.reset();
        Batch batch =
            batch(
                dictionaries.get(random.nextInt(8) / 7), 1 + random.nextInt(3000), random, scratch);
        assertThat(values(results.evaluate(batch, scratch)))
            .as("%s", expression)
            .isEqualTo(values(expression.evaluate(batch, scratch)));
      }
    }
  }

  private static List<Object> values(Vector vector) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < vector.rows(); i++) {
      values.add(VectorValues.get(vector, i));
    }
    return values;
  }

  @Test
  void anEntryThatNoRowHasFailsNobody() {
    Expression number = call("toInt32", new Expression.InputColumn(0, TEXT));
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        EntryResults results =
            EntryResults.of(number, () -> new Scratch(allocator)).orElseThrow()) {
      Vector dictionary = VectorValues.of(TEXT, scratch, "7", "no number", "9");
      MemorySegment codes = scratch.allocate(8);
      codes.set(Vector.I32, 0, 2);
      codes.set(Vector.I32, 4, 0);
      Batch batch = new Batch(2, List.of(Vector.dictionary(TEXT, 2, codes, dictionary, null)));
      for (int i = 0; i < 5; i++) {
        assertThat(values(results.evaluate(batch, scratch))).isEqualTo(List.of(9L, 7L));
      }
    }
  }

  @Test
  void whatIsRandomOrReadsTwoColumnsIsAskedForEachRow() {
    Expression.InputColumn text = new Expression.InputColumn(0, TEXT);
    Expression two = call("concat", text, new Expression.InputColumn(1, TEXT));
    assertThat(EntryResults.of(two, () -> null)).isEmpty();
    assertThat(EntryResults.of(text, () -> null)).isEmpty();
    assertThat(EntryResults.of(call("rand", text), () -> null)).isEmpty();
  }
}
