// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class GroupTableTest {
  private static final List<String> KINDS =
      List.of(
          "Nullable(Int64)",
          "Int8",
          "String",
          "Nullable(String)",
          "Float64",
          "Nullable(Int32)",
          "Decimal(38, 2)",
          "Array(Int32)",
          "UUID");

  @Randomized(times = 80)
  void equalKeysAndOnlyTheyHaveOneNumber(RandomGenerator random) {
    List<DataType> types = new ArrayList<>();
    for (int c = 1 + random.nextInt(4); c > 0; c--) {
      types.add(DataTypes.parse(KINDS.get(random.nextInt(KINDS.size()))));
    }
    Map<List<Object>, Integer> model = new HashMap<>();
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      GroupTable table = new GroupTable(types);
      for (int round = 0; round < 4; round++) {
        int rows = random.nextInt(round == 0 ? 1400 : 400);
        int variety = 1 + random.nextInt(60);
        List<List<Object>> keys = new ArrayList<>(keys(types, rows, variety, random));
        if (random.nextBoolean()) {
          // In runs, as tables bring keys that are near to their order.
          for (int i = 1; i < rows; i++) {
            keys.set(i, keys.get(random.nextInt(5) == 0 ? i : i - 1));
          }
        }
        int[] groups = new int[rows];
        table.add(vectors(types, keys, scratch), rows, groups, scratch);
        for (int i = 0; i < rows; i++) {
          Integer known = model.putIfAbsent(keys.get(i), groups[i]);
          assertThat(known == null ? groups[i] : known).isEqualTo(groups[i]);
        }
      }
      assertThat(table.size()).isEqualTo(model.size());
      checkKeys(table, model, types.size(), scratch);
      checkFinder(table, model, types, random, scratch);
    }
  }

  @Test
  void aConstantOfNoRowsIsNobodysKey() {
    for (String kind : KINDS) {
      DataType type = DataTypes.parse(kind);
      try (BufferAllocator allocator = new RootAllocator();
          Scratch scratch = new Scratch(allocator)) {
        GroupTable table = new GroupTable(List.of(type));
        Vector single = VectorOps.nulls(type, 1, scratch);
        table.add(List.of(Vector.constant(type, 0, single)), 0, new int[0], scratch);
        assertThat(table.size()).as(kind).isZero();
      }
    }
  }

  @Randomized(times = 40)
  void textsHaveTheirNumberWhateverTheyPointInto(RandomGenerator random) {
    DataType type = DataTypes.STRING;
    Map<Object, Integer> model = new HashMap<>();
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      GroupTable table = new GroupTable(List.of(type));
      List<Vector> dictionaries = new ArrayList<>();
      for (int d = 0; d < 3; d++) {
        Object[] entries = new Object[1 + random.nextInt(200)];
        Arrays.setAll(entries, i -> value(type, random.nextInt(80)));
        dictionaries.add(VectorValues.of(type, scratch, entries));
      }
      for (int round = 0; round < 8; round++) {
        Vector dictionary = dictionaries.get(random.nextInt(3));
        int rows = random.nextInt(150);
        MemorySegment codes = scratch.allocate(rows * 4L);
        for (int i = 0; i < rows; i++) {
          codes.set(Vector.I32, i * 4L, random.nextInt(dictionary.rows()));
        }
        Vector pointing = Vector.dictionary(type, rows, codes, dictionary, null);
        int[] groups = new int[rows];
        table.add(List.of(pointing), rows, groups, scratch);
        for (int i = 0; i < rows; i++) {
          Integer known = model.putIfAbsent(VectorValues.get(pointing, i), groups[i]);
          assertThat(known == null ? groups[i] : known).isEqualTo(groups[i]);
        }
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
  }

  @Randomized(times = 20)
  void noMoreIsAskedForThanWasForetold(RandomGenerator random) {
    List<DataType> types = Collections.nCopies(1 + random.nextInt(3), DataTypes.INT64);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        GroupTable table = new GroupTable(types, 0, KeyMemory.of(allocator))) {
      boolean grew = false;
      for (int round = 0; round < 20; round++) {
        List<List<Object>> keys = keys(types, 500 + random.nextInt(500), 100_000, random);
        int sizeBefore = table.size();
        long before = table.bytes();
        long foretold = table.growth(keys.size());
        add(table, types, keys, scratch);
        // A small table may grow more than once.
        if (sizeBefore >= keys.size()) {
          assertThat(table.bytes() - before).isLessThanOrEqualTo(foretold);
          grew |= table.bytes() > before;
        }
      }
      assertThat(grew).isTrue();
    }
  }

  @Randomized(times = 40)
  void keysOfAnotherTableKeepTheirValues(RandomGenerator random) {
    List<DataType> types = new ArrayList<>();
    for (int c = 1 + random.nextInt(3); c > 0; c--) {
      types.add(DataTypes.parse(KINDS.get(random.nextInt(KINDS.size()))));
    }
    boolean points = random.nextBoolean();
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        GroupTable ours = new GroupTable(types, 0, KeyMemory.of(allocator));
        GroupTable theirs = new GroupTable(types, 9, KeyMemory.of(allocator))) {
      Map<List<Object>, Integer> model = new HashMap<>();
      List<List<Object>> first = keys(types, random.nextInt(1500), 120, random);
      add(ours, types, first, scratch);
      List<List<Object>> second = keys(types, 1 + random.nextInt(1500), 120, random);
      int[] numbers = add(theirs, types, second, scratch);
      theirs.seal(null);
      int[] found = new int[numbers.length];
      ours.addFrom(theirs, numbers, numbers.length, null, points, found);
      if (points) {
        theirs.retire();
      } else {
        theirs.close();
      }
      for (int i = 0; i < found.length; i++) {
        model.put(second.get(i), found[i]);
      }
      checkKeys(ours, model, types.size(), scratch);
      model.clear();
      int[] again = add(ours, types, first, scratch);
      for (int i = 0; i < again.length; i++) {
        model.put(first.get(i), again[i]);
      }
      checkKeys(ours, model, types.size(), scratch);
    }
  }

  private static int[] add(
      GroupTable table, List<DataType> types, List<List<Object>> keys, Scratch scratch) {
    int[] groups = new int[keys.size()];
    table.add(vectors(types, keys, scratch), keys.size(), groups, scratch);
    return groups;
  }

  private static void checkKeys(
      GroupTable table, Map<List<Object>, Integer> model, int width, Scratch scratch) {
    List<Vector> keys = table.keys(0, table.size(), scratch);
    model.forEach((key, group) -> {
      for (int c = 0; c < width; c++) {
        assertThat(VectorValues.get(keys.get(c), group)).isEqualTo(key.get(c));
      }
    });
  }

  private static void checkFinder(
      GroupTable table,
      Map<List<Object>, Integer> model,
      List<DataType> types,
      RandomGenerator random,
      Scratch scratch) {
    List<List<Object>> wanted = keys(types, 200, 100, random);
    int[] found = new int[200];
    table.finder().find(vectors(types, wanted, scratch), 200, found, scratch);
    for (int i = 0; i < 200; i++) {
      assertThat(found[i]).isEqualTo(model.getOrDefault(wanted.get(i), -1));
    }
  }

  private static List<Vector> vectors(
      List<DataType> types, List<List<Object>> keys, Scratch scratch) {
    List<Vector> vectors = new ArrayList<>();
    for (int c = 0; c < types.size(); c++) {
      int column = c;
      Object[] values = keys.stream().map(key -> key.get(column)).toArray();
      vectors.add(VectorValues.of(types.get(c), scratch, values));
    }
    return vectors;
  }

  private static List<List<Object>> keys(
      List<DataType> types, int rows, int variety, RandomGenerator random) {
    List<List<Object>> keys = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      List<Object> key = new ArrayList<>();
      for (DataType type : types) {
        key.add(value(type, random.nextInt(variety)));
      }
      keys.add(key);
    }
    return keys;
  }

  private static Object value(DataType type, int n) {
    if (type.isNullable() && n == 0) {
      return null;
    }
    return switch (type.unwrapped()) {
      case DataType.Int(int bits, boolean _) ->
          bits == 8 ? (long) n : bits == 32 ? n * 1_000_003L % 2_000_000 : n * 0x9E3779B97F4A7L;
      case DataType.Float _ -> n / 4.0;
      case DataType.Decimal(int _, int scale) -> new java.math.BigDecimal(n).setScale(scale);
      case DataType.Array _ -> List.of((long) n, (long) n % 3);
      case DataType.Uuid _ -> new java.util.UUID(n, ~n);
      default ->
          switch (n % 5) {
            case 1 -> "";
            case 2 -> "\0".repeat(n / 5 % 9);
            case 3 -> "t" + n;
            default -> "some longer text " + n;
          };
    };
  }
}
