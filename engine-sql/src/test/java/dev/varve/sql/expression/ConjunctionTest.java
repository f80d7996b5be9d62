// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

final class ConjunctionTest {
  private static final DataType TEXT = DataTypes.nullable(DataTypes.STRING);
  private static final List<DataType> NUMBERS =
      List.of("Int8", "UInt8", "Int16", "UInt16", "Int32", "UInt32", "Int64").stream()
          .map(DataTypes::parse)
          .toList();

  @Randomized(times = 60)
  void batchesOfSharedDictionariesKeepTheRowsOfTheModel(RandomGenerator random) {
    DataType number = NUMBERS.get(random.nextInt(NUMBERS.size()));
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      ValueSet texts = new ValueSet(TEXT, List.of("a1", "a3", "a5", "a20"), scratch);
      ValueSet numbers = new ValueSet(number, List.of(1L, 2L, 4L, 100L), scratch);
      Expression.InputColumn text = new Expression.InputColumn(0, TEXT);
      Expression isText = new Expression.InList(text, texts);
      boolean takesNull = random.nextBoolean();
      Expression first =
          takesNull
              ? new Expression.Or(List.of(isText, new Expression.IsNull(text)))
              : random.nextBoolean() ? isText : new Expression.Not(new Expression.Not(isText));
      Expression second = new Expression.InList(new Expression.InputColumn(1, number), numbers);
      Conjunction conjunction = new Conjunction(List.of(first, second));
      List<Vector> dictionaries = dictionaries(random, scratch);
      for (int round = 0; round < 50; round++) {
        Batch batch = batch(dictionaries, number, random, scratch);
        long[] mask = mask(batch.rows(), random);
        long[] before = mask.clone();
        int left = conjunction.test(_ -> batch, batch.rows(), scratch, mask);
        assertThat(left).isEqualTo(Masks.count(mask));
        for (int i = 0; i < batch.rows(); i++) {
          Object word = VectorValues.get(batch.column(0), i);
          long n = batch.column(1).getLong(i);
          boolean wanted =
              Masks.isSet(before, i)
                  && (word == null ? takesNull : texts.values().contains(word))
                  && numbers.values().contains(n);
          assertThat(Masks.isSet(mask, i)).isEqualTo(wanted);
        }
      }
    }
  }

  @Randomized(times = 60)
  void entriesSideBySideAreKeptByTheirCodes(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      Object[] entries = new Object[1 + random.nextInt(200)];
      Arrays.setAll(entries, i -> "a" + (1000 + 2 * i));
      Vector dictionary = VectorValues.of(TEXT, scratch, entries);
      ValueSet wanted =
          new ValueSet(TEXT, List.of(entries[0], entries[entries.length / 2], "zz"), scratch);
      Expression in = new Expression.InList(new Expression.InputColumn(0, TEXT), wanted);
      boolean isIn = random.nextBoolean();
      Conjunction tested = new Conjunction(List.of(isIn ? in : new Expression.Not(in)));
      for (int round = 0; round < 20; round++) {
        int rows = 1 + random.nextInt(300);
        MemorySegment codes = scratch.allocate(rows * 4L);
        for (int i = 0; i < rows; i++) {
          codes.set(Vector.I32, i * 4L, random.nextInt(entries.length));
        }
        Batch batch =
            new Batch(rows, List.of(Vector.dictionary(TEXT, rows, codes, dictionary, null)));
        long[] mask = mask(rows, random);
        long[] before = mask.clone();
        int left = tested.test(new Coded(batch), rows, scratch, mask);
        assertThat(left).isEqualTo(Masks.count(mask));
        for (int i = 0; i < rows; i++) {
          boolean holds = wanted.values().contains(VectorValues.get(batch.column(0), i));
          assertThat(Masks.isSet(mask, i)).isEqualTo(Masks.isSet(before, i) && holds == isIn);
        }
      }
    }
  }

  /// Answers ranges of codes itself, row by row.
  private record Coded(Batch batch) implements Conjunction.Columns {
    @Override
    public Batch with(BitSet wanted) {
      return batch;
    }

    @Override
    public Vector dictionary(int column) {
      return batch.column(column).dictionary();
    }

    @Override
    public boolean keepCodes(int column, int low, int high, long[] mask) {
      for (int i = 0; i < batch.rows(); i++) {
        int code = batch.column(column).values().get(Vector.I32, i * 4L);
        if (code < low || code > high) {
          mask[i >>> 6] &= ~(1L << i);
        }
      }
      return true;
    }
  }

  private static List<Vector> dictionaries(RandomGenerator random, Scratch scratch) {
    List<Vector> dictionaries = new ArrayList<>();
    for (int d = 0; d < 2; d++) {
      Object[] entries = new Object[1 + random.nextInt(40)];
      Arrays.setAll(entries, i -> "a" + random.nextInt(25));
      dictionaries.add(VectorValues.of(TEXT, scratch, entries));
    }
    return dictionaries;
  }

  private static Batch batch(
      List<Vector> dictionaries, DataType number, RandomGenerator random, Scratch scratch) {
    int rows = random.nextInt(1, 200);
    Vector dictionary = dictionaries.get(random.nextInt(2));
    MemorySegment codes = scratch.allocate(rows * 4L);
    MemorySegment validity = random.nextBoolean() ? null : Validity.allSet(rows, scratch);
    Object[] numbers = new Object[rows];
    for (int i = 0; i < rows; i++) {
      codes.set(Vector.I32, i * 4L, random.nextInt(dictionary.rows()));
      if (validity != null && random.nextInt(4) == 0) {
        Validity.clear(validity, i);
      }
      numbers[i] = (long) random.nextInt(6);
    }
    Vector text =
        random.nextInt(4) == 0
            ? flat(rows, random, scratch)
            : Vector.dictionary(TEXT, rows, codes, dictionary, validity);
    return new Batch(rows, List.of(text, VectorValues.of(number, scratch, numbers)));
  }

  private static Vector flat(int rows, RandomGenerator random, Scratch scratch) {
    Object[] texts = new Object[rows];
    Arrays.setAll(texts, i -> random.nextInt(8) == 0 ? null : "a" + random.nextInt(25));
    return VectorValues.of(TEXT, scratch, texts);
  }

  private static long[] mask(int rows, RandomGenerator random) {
    long[] mask = Masks.all(rows);
    if (random.nextBoolean()) {
      for (int w = 0; w < mask.length; w++) {
        mask[w] &= random.nextLong();
      }
    }
    return mask;
  }
}
