// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.RandomVectors;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// Keys are held against the plainest comparison of values there is.
final class KeyEncoderTest {
  @Randomized(times = 60)
  void bytesOfAnyKeyCompareAsItsRows(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      int rows = 60;
      List<KeyColumn> columns = new ArrayList<>();
      List<Vector> vectors = new ArrayList<>();
      for (int c = 1 + random.nextInt(3); c > 0; c--) {
        DataType type = RandomVectors.TYPES.get(random.nextInt(RandomVectors.TYPES.size()));
        columns.add(new KeyColumn(type, random.nextBoolean(), random.nextBoolean()));
        vectors.add(new RandomVectors(random).of(type, rows, scratch));
      }
      KeyEncoder encoder = new KeyEncoder(columns);
      byte[][] keys = new byte[rows][];
      for (int row = 0; row < rows; row++) {
        keys[row] = encoder.encode(vectors, row);
      }
      for (int a = 0; a < rows; a++) {
        for (int b = 0; b < rows; b++) {
          assertThat(Integer.signum(Arrays.compareUnsigned(keys[a], keys[b])))
              .as("rows %d and %d of %s", a, b, columns)
              .isEqualTo(compare(columns, vectors, a, b));
        }
      }
      checkBulk(encoder, vectors, keys);
    }
  }

  @Randomized(times = 60)
  void valuesUpToAPrefixAreThoseWhoseKeysAreNotBehindIt(RandomGenerator random) {
    List<DataType> numbers =
        List.of("Int8", "UInt8", "Int16", "UInt32", "Int64", "DateTime", "Decimal(9, 2)").stream()
            .map(DataTypes::parse)
            .toList();
    DataType type = numbers.get(random.nextInt(numbers.size()));
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      int rows = 100;
      Vector values = new RandomVectors(random).of(type, rows, scratch);
      KeyColumn first = new KeyColumn(type, random.nextBoolean(), random.nextBoolean());
      KeyEncoder two = new KeyEncoder(List.of(first, KeyColumn.ascending(DataTypes.STRING)));
      KeyEncoder one = new KeyEncoder(List.of(first));
      long[] prefixes = new long[rows];
      one.prefixes(List.of(values), rows, prefixes);
      long prefix = prefixes[random.nextInt(rows)] + random.nextInt(2);
      long[] range = two.upTo(prefix);
      for (int row = 0; row < rows; row++) {
        long value = values.getLong(row);
        assertThat(range[0] <= value && value <= range[1])
            .as("%d of %s up to %x", value, first, prefix)
            .isEqualTo(Long.compareUnsigned(prefixes[row], prefix) <= 0);
      }
    }
  }

  @Randomized(times = 40)
  void numbersHaveASecondPrefix(RandomGenerator random) {
    List<DataType> numbers =
        List.of("Int8", "UInt16", "Int32", "UInt64", "Float64", "Decimal(9, 2)").stream()
            .map(DataTypes::parse)
            .toList();
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      List<KeyColumn> columns = new ArrayList<>();
      List<Vector> vectors = new ArrayList<>();
      int bytes = 0;
      for (int c = 1 + random.nextInt(6); c > 0; c--) {
        DataType type = numbers.get(random.nextInt(numbers.size()));
        bytes += type.width();
        columns.add(new KeyColumn(type, random.nextBoolean(), false));
        vectors.add(new RandomVectors(random).of(type, 20, scratch));
      }
      KeyEncoder encoder = new KeyEncoder(columns);
      assertThat(encoder.hasSecondPrefix()).isEqualTo(bytes > 8);
      byte[][] keys = new byte[20][];
      Arrays.setAll(keys, row -> encoder.encode(vectors, row));
      checkBulk(encoder, vectors, keys);
    }
  }

  @Test
  void whatIsNoSignedNumberHasNoRangeOfValues() {
    for (String type : List.of("UInt64", "Float64", "String", "Nullable(Int32)", "Int128")) {
      KeyEncoder encoder = KeyEncoder.ascending(List.of(DataTypes.parse(type)));
      assertThat(encoder.upTo(0x1234_5678_9ABC_DEF0L)).as(type).isNull();
    }
  }

  private static void checkBulk(KeyEncoder encoder, List<Vector> vectors, byte[][] keys) {
    long[] prefixes = new long[keys.length];
    encoder.prefixes(vectors, keys.length, prefixes);
    long[] seconds = new long[keys.length];
    if (encoder.hasSecondPrefix()) {
      encoder.secondPrefixes(vectors, keys.length, seconds);
      for (int row = 0; row < keys.length; row++) {
        byte[] behind = Arrays.copyOfRange(keys[row], 8, 16);
        assertThat(seconds[row]).isEqualTo(KeyEncoder.prefix(behind));
      }
    }
    EncodedKeys all = encoder.encodeAll(vectors, keys.length);
    for (int row = 0; row < keys.length; row++) {
      assertThat(prefixes[row]).isEqualTo(KeyEncoder.prefix(keys[row]));
      assertThat(all.key(row)).isEqualTo(keys[row]);
      if (encoder.isPrefixExact()) {
        assertThat(prefixes[row] == prefixes[0]).isEqualTo(Arrays.equals(keys[row], keys[0]));
      }
      byte[] pieces = new byte[0];
      for (int c = 0; c < vectors.size(); c++) {
        byte[] piece = encoder.encodeColumn(c, vectors.get(c), row);
        pieces = Arrays.copyOf(pieces, pieces.length + piece.length);
        System.arraycopy(piece, 0, pieces, pieces.length - piece.length, piece.length);
      }
      assertThat(pieces).isEqualTo(keys[row]);
    }
  }

  private static int compare(List<KeyColumn> columns, List<Vector> vectors, int a, int b) {
    for (int c = 0; c < columns.size(); c++) {
      KeyColumn column = columns.get(c);
      Vector vector = vectors.get(c);
      int order;
      if (vector.isNull(a) || vector.isNull(b)) {
        order = Boolean.compare(vector.isNull(a), vector.isNull(b));
        order = column.nullsFirst() ? -order : order;
      } else {
        order = value(vector, a, b, column.nullsFirst());
        order = column.descending() ? -order : order;
      }
      if (order != 0) {
        return Integer.signum(order);
      }
    }
    return 0;
  }

  private static int value(Vector vector, int a, int b, boolean nullsFirst) {
    if (vector.isNull(a) || vector.isNull(b)) {
      int order = Boolean.compare(vector.isNull(a), vector.isNull(b));
      return nullsFirst ? -order : order;
    }
    return switch (vector.physical()) {
      case FLOAT32, FLOAT64 -> Double.compare(vector.getDouble(a) + 0.0, vector.getDouble(b) + 0.0);
      case BYTES, FIXED -> Arrays.compareUnsigned(vector.getBytes(a), vector.getBytes(b));
      case LIST -> {
        int common =
            Math.min(vector.listTo(a) - vector.listFrom(a), vector.listTo(b) - vector.listFrom(b));
        for (int e = 0; e < common; e++) {
          int order =
              value(vector.elements(), vector.listFrom(a) + e, vector.listFrom(b) + e, nullsFirst);
          if (order != 0) {
            yield order;
          }
        }
        yield Integer.compare(
            vector.listTo(a) - vector.listFrom(a), vector.listTo(b) - vector.listFrom(b));
      }
      case STRUCT -> {
        for (Vector field : vector.children()) {
          int order = value(field, a, b, nullsFirst);
          if (order != 0) {
            yield order;
          }
        }
        yield 0;
      }
      default -> vector.getInteger(a).compareTo(vector.getInteger(b));
    };
  }

  @Test
  void aDecimalKeptNarrowHasTheKeyOfItsType() {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      DataType type = DataTypes.parse("Decimal(38, 2)");
      Vector wide = VectorValues.of(type, scratch, "-1.25", "0", "12345678901234.56");
      MemorySegment values = scratch.allocate(24);
      for (int i = 0; i < 3; i++) {
        values.set(Vector.I64, i * 8L, wide.getInteger(i).longValueExact());
      }
      Vector narrow = Vector.fixed(type, Physical.INT64, 3, values, null);
      KeyEncoder encoder = KeyEncoder.ascending(List.of(type));
      long[] prefixes = new long[3];
      encoder.prefixes(List.of(narrow), 3, prefixes);
      for (int i = 0; i < 3; i++) {
        assertThat(encoder.encode(List.of(narrow), i)).isEqualTo(encoder.encode(List.of(wide), i));
        assertThat(prefixes[i]).isEqualTo(KeyEncoder.prefix(encoder.encode(List.of(wide), i)));
      }
    }
  }

  @Test
  void constantsAndDictionariesHaveTheKeysOfTheirValues() {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      Vector numbers = VectorValues.of(DataTypes.INT32, scratch, 5L, -7L);
      MemorySegment codes = scratch.allocate(12);
      codes.set(Vector.I32, 0, 1);
      codes.set(Vector.I32, 4, 0);
      codes.set(Vector.I32, 8, 1);
      Vector coded = Vector.dictionary(DataTypes.INT32, 3, codes, numbers, null);
      Vector same = Vector.constant(DataTypes.INT32, 3, numbers.head(1));
      KeyEncoder encoder = KeyEncoder.ascending(List.of(DataTypes.INT32, DataTypes.INT32));
      long[] prefixes = new long[3];
      encoder.prefixes(List.of(coded, same), 3, prefixes);
      assertThat(prefixes)
          .containsExactly(0x7FFFFFF9_80000005L, 0x80000005_80000005L, 0x7FFFFFF9_80000005L);
      assertThat(encoder.isPrefixExact()).isTrue();
      assertThat(KeyEncoder.prefix(encoder.encode(List.of(coded, same), 1)))
          .isEqualTo(0x80000005_80000005L);
    }
  }

  @Randomized(times = 50)
  void prefixesOfTextsAreThoseOfTheirKeysWhateverTheyPointInto(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      Object[] entries = new Object[1 + random.nextInt(50)];
      for (int i = 0; i < entries.length; i++) {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextInt(3) == 0) {
          bytes[random.nextInt(bytes.length)] = 0;
        }
        entries[i] = bytes;
      }
      Vector texts = VectorValues.of(DataTypes.STRING, scratch, entries);
      int rows = 1 + random.nextInt(100);
      MemorySegment codes = scratch.allocate(rows * 4L);
      for (int i = 0; i < rows; i++) {
        codes.set(Vector.I32, i * 4L, random.nextInt(entries.length));
      }
      Vector pointing = Vector.dictionary(DataTypes.STRING, rows, codes, texts, null);
      Vector number = VectorValues.of(DataTypes.INT32, scratch, random.nextLong(1000));
      Vector second = Vector.constant(DataTypes.INT32, rows, number);
      long[] prefixes = new long[rows];
      for (List<Vector> keys : List.of(List.of(pointing), List.of(pointing, second))) {
        KeyEncoder encoder = KeyEncoder.ascending(keys.stream().map(Vector::type).toList());
        encoder.prefixes(keys, rows, prefixes);
        for (int i = 0; i < rows; i++) {
          assertThat(prefixes[i]).isEqualTo(KeyEncoder.prefix(encoder.encode(keys, i)));
        }
      }
    }
  }
}
