// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.RowPacking;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read of packed numbers without unpacking them is what unpacking them gives.
final class PackedReadsTest {
  private static final List<DataType> TYPES =
      List.of(
          DataTypes.parse("Int8"),
          DataTypes.parse("UInt8"),
          DataTypes.parse("Int16"),
          DataTypes.parse("UInt32"),
          DataTypes.parse("Int32"),
          DataTypes.parse("Int64"),
          DataTypes.parse("Date32"),
          DataTypes.parse("DateTime"),
          DataTypes.parse("Decimal(15, 2)"),
          DataTypes.parse("Decimal(38, 4)"),
          DataTypes.parse("Nullable(Int32)"),
          DataTypes.parse("Nullable(Decimal(9, 3))"));

  @TempDir Path directory;

  @Randomized(times = 150)
  void rangesAndFewRowsAreThoseOfAllValues(RandomGenerator random) {
    DataType type = TYPES.get(random.nextInt(TYPES.size()));
    int rows = random.nextInt(3) == 0 ? 1 + random.nextInt(300) : 1 + random.nextInt(20_000);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        DiskPart part = write(values(type, rows, random, scratch), random, allocator);
        PartReader whole = part.open(List.of("x"), allocator);
        PartReader packed = part.open(List.of("x"), allocator)) {
      for (int g = 0; g < part.granules(); g++) {
        whole.seek(g);
        packed.seek(g);
        Vector all = whole.read(0);
        for (int round = 0; round < 4; round++) {
          checkRange(packed, all, random);
        }
        checkFew(packed, all, random, scratch);
      }
    }
  }

  @Randomized(times = 40)
  void codesOfTextsAreKeptAsTheirEntriesAre(RandomGenerator random) {
    int rows = 1 + random.nextInt(20_000);
    int kind = random.nextInt(3);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
      for (int i = 0; i < rows; i++) {
        int number =
            switch (kind) {
              case 0 -> random.nextInt(90);
              case 1 -> i / 500;
              default -> random.nextInt(20) == 0 ? random.nextInt(60) : 0;
            };
        builder.appendBytes(("text number " + number).getBytes(StandardCharsets.UTF_8));
      }
      try (DiskPart part = write(builder.build(), random, allocator);
          PartReader whole = part.open(List.of("x"), allocator);
          PartReader packed = part.open(List.of("x"), allocator)) {
        for (int g = 0; g < part.granules(); g++) {
          whole.seek(g);
          packed.seek(g);
          Vector all = whole.read(0);
          Vector entries = packed.dictionary(0);
          assertThat(entries == null).isEqualTo(!all.isDictionary());
          if (entries != null) {
            checkCodes(packed, all, entries, random);
          }
        }
      }
    }
  }

  private static void checkCodes(
      PartReader packed, Vector all, Vector entries, RandomGenerator random) {
    int low = random.nextInt(entries.rows());
    int high = random.nextInt(entries.rows());
    long[] mask = new long[all.rows() + 63 >>> 6];
    long[] expected = new long[mask.length];
    for (int i = 0; i < all.rows(); i++) {
      int code = all.values().get(Vector.I32, i * 4L);
      assertThat(VectorValues.get(entries, code)).isEqualTo(VectorValues.get(all, i));
      mask[i >>> 6] |= 1L << i;
      expected[i >>> 6] |= (low <= code && code <= high ? 1L : 0) << i;
    }
    long[] before = mask.clone();
    boolean known = packed.keepCodes(0, low, high, mask);
    assertThat(mask).isEqualTo(known ? expected : before);
  }

  @Randomized(times = 5)
  void numbersAnswerForThemselvesWhateverTheirForm(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      VectorBuilder packed = new VectorBuilder(DataTypes.INT64, scratch);
      VectorBuilder coded = new VectorBuilder(DataTypes.INT64, scratch);
      VectorBuilder inRuns = new VectorBuilder(DataTypes.INT64, scratch);
      VectorBuilder patched = new VectorBuilder(DataTypes.INT64, scratch);
      long[] heads = random.longs(200).toArray();
      for (int i = 0; i < 10_000; i++) {
        packed.appendLong(random.nextInt(1 << 20));
        coded.appendLong(1L << random.nextInt(40));
        inRuns.appendLong(heads[i / 50]);
        patched.appendLong(i % 200 == 77 ? random.nextLong() : random.nextInt(1 << 20));
      }
      for (Vector values :
          List.of(packed.build(), coded.build(), inRuns.build(), patched.build())) {
        try (DiskPart part = write(values, random, allocator);
            PartReader reader = part.open(List.of("x"), allocator)) {
          reader.seek(0);
          assertThat(reader.keep(0, 100, 1 << 19, new long[128])).isTrue();
        }
      }
    }
  }

  @Test
  void packedNumbersAndRunsGiveTheRowsOfAMaskBeforeTheyAreWide() {
    assumeTrue(RowPacking.create() != null, "no instruction that packs");
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      VectorBuilder packed = new VectorBuilder(DataTypes.INT64, scratch);
      VectorBuilder runs = new VectorBuilder(DataTypes.INT64, scratch);
      for (int i = 0; i < 8_000; i++) {
        packed.appendLong(1_000_000_000_000L + i * 7919L % 1000);
        runs.appendLong((i / 300) * 0x123456789L % 1000);
      }
      long[] mask = new long[125];
      Arrays.fill(mask, 0x10F3_0000_FFFF_0001L);
      int left = 125 * Long.bitCount(mask[0]);
      RandomGenerator ids = new SplittableRandom(1);
      for (Vector values : List.of(packed.build(), runs.build())) {
        try (DiskPart part = write(values, ids, allocator);
            PartReader reader = part.open(List.of("x"), allocator)) {
          reader.seek(0);
          int rows = part.granuleRows(0);
          assertThat(rows).isEqualTo(8_000);
          Vector found = reader.read(0, mask, left, RowPacking.trusted(), scratch);
          assertThat(found.rows()).isEqualTo(left);
          int at = 0;
          for (int row = 0; row < rows; row++) {
            if ((mask[row >> 6] >>> row & 1) != 0) {
              assertThat(found.getLong(at++)).isEqualTo(values.getLong(row));
            }
          }
        }
      }
    }
  }

  private static void checkRange(PartReader packed, Vector all, RandomGenerator random) {
    int rows = all.rows();
    long low = bound(all, random);
    long high = random.nextInt(4) == 0 ? low : bound(all, random);
    long[] mask = new long[rows + 63 >>> 6];
    long[] expected = new long[mask.length];
    for (int i = 0; i < rows; i++) {
      long bit = random.nextInt(8) == 0 ? 0 : 1L << i;
      mask[i >>> 6] |= bit;
      if (!all.isNull(i) && isWithin(all.getInteger(i), low, high)) {
        expected[i >>> 6] |= bit;
      }
    }
    long[] before = mask.clone();
    boolean known = packed.keep(0, low, high, mask);
    assertThat(mask)
        .as("from %d to %d, known %s", low, high, known)
        .isEqualTo(known ? expected : before);
  }

  // A wide decimal may be far from any bound that a long can name.
  private static boolean isWithin(BigInteger value, long low, long high) {
    return value.compareTo(BigInteger.valueOf(low)) >= 0
        && value.compareTo(BigInteger.valueOf(high)) <= 0;
  }

  private static long bound(Vector all, RandomGenerator random) {
    int row = random.nextInt(all.rows());
    return switch (random.nextInt(6)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> random.nextLong();
      default -> (all.isNull(row) ? 0 : all.getInteger(row).longValue()) + random.nextInt(-1, 2);
    };
  }

  private static void checkFew(
      PartReader packed, Vector all, RandomGenerator random, Scratch scratch) {
    int[] wanted =
        random
            .ints(random.nextInt(1 + all.rows() / 8 + 1), 0, all.rows())
            .sorted()
            .distinct()
            .toArray();
    Vector some = packed.read(0, wanted, wanted.length, scratch);
    assertThat(some.rows()).isEqualTo(wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(VectorValues.get(some, i)).isEqualTo(VectorValues.get(all, wanted[i]));
    }
  }

  private DiskPart write(Vector values, RandomGenerator random, BufferAllocator allocator) {
    ColumnDefinition column = ColumnDefinition.of("x", values.type());
    PartLayout layout = new PartLayout(List.of(column), List.of());
    try (PartWriter writer =
        PartWriter.create(
            directory,
            TestParts.draft(random.nextLong(1 << 30)),
            layout,
            new PartOptions(65536, false),
            allocator)) {
      writer.write(0, values);
      return writer.finish();
    }
  }

  /// Few values, multiples, values of some bits beside a base, runs, such with outliers, or any.
  private static Vector values(DataType type, int rows, RandomGenerator random, Scratch scratch) {
    int bits = 8 * Math.min(8, type.physical().width());
    long[] pool = random.longs(2 + random.nextInt(40)).toArray();
    int kind = random.nextInt(6);
    int width = random.nextInt(Math.min(bits, 63));
    long base = cut(random.nextLong(), bits, type.isUnsigned()) / 4;
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      if (type.isNullable() && random.nextInt(9) == 0) {
        builder.appendNull();
        continue;
      }
      long value =
          switch (kind) {
            case 0 -> pool[random.nextInt(pool.length)];
            case 1 -> base + 25L * random.nextInt(50);
            case 2 -> base + random.nextLong(1L << width);
            case 3 -> pool[i / 100 % pool.length];
            case 4 -> random.nextInt(60) == 0 ? random.nextLong() : random.nextInt(9);
            default -> random.nextLong();
          };
      builder.appendLong(cut(value, bits, type.isUnsigned()));
    }
    return builder.build();
  }

  private static long cut(long value, int bits, boolean unsigned) {
    long up = value << 64 - bits;
    return unsigned ? up >>> 64 - bits : up >> 64 - bits;
  }
}
