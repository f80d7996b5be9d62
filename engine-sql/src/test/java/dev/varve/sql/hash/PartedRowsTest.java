// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class PartedRowsTest {
  private static final List<String> KINDS =
      List.of("Int64", "Nullable(Int32)", "Int16", "Int8", "Float64", "String", "Nullable(String)");

  @Randomized(times = 30)
  void eachPartitionGivesItsRowsInTheirOrder(RandomGenerator random) {
    List<DataType> types = new ArrayList<>();
    for (int c = 1 + random.nextInt(4); c > 0; c--) {
      types.add(DataTypes.parse(KINDS.get(random.nextInt(KINDS.size()))));
    }
    int used = random.nextBoolean() ? 3 : PartedRows.PARTITIONS;
    List<List<List<Object>>> model =
        IntStream.range(0, PartedRows.PARTITIONS)
            .<List<List<Object>>>mapToObj(_ -> new ArrayList<>())
            .toList();
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        PartedRows parted = new PartedRows(types, KeyMemory.of(allocator))) {
      int cleared = random.nextInt(6);
      for (int round = 0; round < 6; round++) {
        int rows = random.nextInt(4000);
        byte[] owners = new byte[rows];
        List<Object[]> values = new ArrayList<>();
        types.forEach(type -> values.add(values(type, rows, random)));
        for (int i = 0; i < rows; i++) {
          int row = i;
          owners[i] = (byte) random.nextInt(used);
          model.get(owners[i] & 0xFF).add(values.stream().map(column -> column[row]).toList());
        }
        List<Vector> vectors = new ArrayList<>();
        for (int c = 0; c < types.size(); c++) {
          vectors.add(vector(types.get(c), values.get(c), random, scratch));
        }
        parted.add(vectors, rows, owners, scratch);
        if (round == cleared) {
          check(parted, model);
          parted.clear();
          model.forEach(List::clear);
          assertThat(parted.rows()).isZero();
          assertThat(parted.bytes()).isZero();
        }
      }
      check(parted, model);
    }
  }

  private static void check(PartedRows parted, List<List<List<Object>>> model) {
    for (int p = 0; p < PartedRows.PARTITIONS; p++) {
      List<List<Object>> found = new ArrayList<>();
      for (int page = 0; page < parted.pages(p); page++) {
        List<Vector> columns = parted.page(p, page);
        for (int i = 0; i < parted.pageRows(p, page); i++) {
          int row = i;
          found.add(columns.stream().map(column -> VectorValues.get(column, row)).toList());
        }
      }
      assertThat(found).isEqualTo(model.get(p));
      assertThat(parted.rows(p)).isEqualTo(found.size());
    }
  }

  private static Object[] values(DataType type, int rows, RandomGenerator random) {
    Object[] values = new Object[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = type.isNullable() && random.nextInt(5) == 0 ? null : value(type, random);
    }
    return values;
  }

  private static Object value(DataType type, RandomGenerator random) {
    return switch (type.unwrapped()) {
      case DataType.Int(int bits, boolean _) -> random.nextLong() >> 64 - bits;
      case DataType.Float _ -> random.nextDouble();
      default -> "x".repeat(random.nextInt(40) == 0 ? random.nextInt(3000) : random.nextInt(20));
    };
  }

  /// Flat, or codes into the values in another order.
  private static Vector vector(
      DataType type, Object[] values, RandomGenerator random, Scratch scratch) {
    boolean hasNull = IntStream.range(0, values.length).anyMatch(i -> values[i] == null);
    if (hasNull || values.length == 0 || random.nextBoolean()) {
      return VectorValues.of(type, scratch, values);
    }
    int last = values.length - 1;
    Object[] turned = new Object[values.length];
    MemorySegment codes = scratch.allocate(values.length * 4L);
    for (int i = 0; i <= last; i++) {
      turned[last - i] = values[i];
      codes.set(Vector.I32, i * 4L, last - i);
    }
    Vector dictionary = VectorValues.of(type.unwrapped(), scratch, turned);
    return Vector.dictionary(type, values.length, codes, dictionary, null);
  }

  @Test
  void listsAreNotPutBy() {
    assertThat(PartedRows.fits(List.of(DataTypes.INT64, DataTypes.STRING))).isTrue();
    assertThat(PartedRows.fits(List.of(DataTypes.parse("Array(Int64)")))).isFalse();
    assertThat(PartedRows.fits(List.of())).isFalse();
  }
}
