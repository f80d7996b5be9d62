// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.codec.BlockFrames;
import dev.varve.storage.codec.CodecChoice;
import dev.varve.storage.codec.CodecChoice.Compression;
import dev.varve.storage.codec.CodecChoice.Encoding;
import dev.varve.storage.codec.Compressor;
import dev.varve.storage.codec.IntegerDecoder;
import dev.varve.storage.codec.MalformedBytesException;
import dev.varve.storage.codec.NodeDecoder;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.RandomVectors;
import dev.varve.storage.vector.RowPacking;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;

/// Every type in every shape, by every codec: what goes into a block comes out, granule by granule,
/// and damage that no checksum sees is told apart from an error of ours.
final class BlockCodecTest {
  private static final Path PATH = Path.of("data.bin");

  /// Rows in the shapes that encodings look for beyond those of [RandomVectors].
  private static Vector rows(RandomGenerator random, Scratch scratch) {
    int rows = 1 + random.nextInt(random.nextInt(5) == 0 ? 20_000 : 1_000);
    return switch (random.nextInt(6)) {
      case 3 -> words(random, rows, scratch);
      case 4 -> multiples(random, rows, scratch);
      case 0 -> floats(random, rows, scratch);
      case 1 -> strings(random, rows, scratch);
      case 2 -> outliers(random, rows, scratch);
      default -> {
        List<DataType> types = RandomVectors.TYPES;
        DataType type = types.get(random.nextInt(types.size()));
        yield new RandomVectors(random).of(type, Math.min(rows, 2_000), scratch);
      }
    };
  }

  private static Vector floats(RandomGenerator random, int rows, Scratch scratch) {
    DataType type = random.nextBoolean() ? DataTypes.FLOAT64 : DataTypes.parse("Float32");
    VectorBuilder builder = new VectorBuilder(type, scratch);
    int shape = random.nextInt(5);
    double scale = Math.pow(10, random.nextInt(-3, 8));
    int odd = random.nextInt(2, 200);
    double walk = random.nextDouble() * scale;
    for (int row = 0; row < rows; row++) {
      walk += random.nextInt(8) == 0 ? random.nextGaussian() : 0;
      double value =
          switch (shape) {
            case 0 -> random.nextInt(1_000_000) / scale;
            case 1 -> random.nextDouble() + 1;
            case 2 -> walk;
            case 3 -> Double.longBitsToDouble(random.nextLong());
            default -> Math.round(random.nextGaussian() * 1000) / 8.0;
          };
      builder.appendDouble(
          random.nextInt(odd) > 0
              ? value
              : List.of(Double.NaN, -0.0, 0.0, Double.NEGATIVE_INFINITY, Double.MIN_VALUE)
                  .get(random.nextInt(5)));
    }
    return builder.build();
  }

  private static Vector strings(RandomGenerator random, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(DataTypes.parse("Nullable(String)"), scratch);
    int distinct = 1 + random.nextInt(2 * rows);
    boolean sorted = random.nextBoolean();
    int nulls = random.nextInt(3) == 0 ? random.nextInt(2, 200) : Integer.MAX_VALUE;
    for (int row = 0; row < rows; row++) {
      int number = sorted ? row : random.nextInt(distinct);
      String text =
          "https://example.org/" + "section/".repeat(number % 5) + Integer.toHexString(number);
      if (random.nextInt(nulls) == 0) {
        builder.appendNull();
      } else {
        builder.appendBytes(
            random.nextInt(50) == 0 ? new byte[0] : text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return builder.build();
  }

  /// Text without long prefixes in common, as an FSST table is good at.
  private static Vector words(RandomGenerator random, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(DataTypes.parse("Nullable(String)"), scratch);
    String[] words = {"deposits ", "furiously ", "final ", "sleep ", "\u00e9t\u00e9 ", "quick "};
    int distinct = random.nextBoolean() ? rows : 1 + rows / 5;
    int nulls = random.nextInt(3) == 0 ? random.nextInt(2, 200) : Integer.MAX_VALUE;
    for (int row = 0; row < rows; row++) {
      Random text = new Random(random.nextInt(distinct));
      StringBuilder built = new StringBuilder();
      for (int w = text.nextInt(6); w > 0; w--) {
        built.append(words[text.nextInt(words.length)]).append((char) text.nextInt(300));
      }
      if (random.nextInt(nulls) == 0) {
        builder.appendNull();
      } else {
        builder.appendBytes(built.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return builder.build();
  }

  /// Numbers that a number divides, from the ends of their type too.
  private static Vector multiples(RandomGenerator random, int rows, Scratch scratch) {
    VectorBuilder builder =
        new VectorBuilder(
            DataTypes.parse(random.nextBoolean() ? "Nullable(Int64)" : "UInt64"), scratch);
    long factor = random.nextLong(2, random.nextBoolean() ? 100 : 1L << 40);
    long least = random.nextInt(3) == 0 ? Long.MIN_VALUE : random.nextLong(-1_000_000, 1_000_000);
    long range = random.nextBoolean() ? 1000 : Long.MAX_VALUE / factor;
    boolean walks = random.nextBoolean();
    for (int row = 0; row < rows; row++) {
      long quotient = walks ? row + random.nextInt(3) : random.nextLong(range);
      builder.appendLong(least + quotient * factor);
    }
    return builder.build();
  }

  private static Vector outliers(RandomGenerator random, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(DataTypes.parse("Nullable(Int64)"), scratch);
    long base = random.nextLong();
    int one = random.nextInt(20, 2_000);
    int spread = 1 + random.nextInt(1000);
    for (int row = 0; row < rows; row++) {
      if (random.nextInt(one) == 0) {
        builder.appendNull();
      } else {
        builder.appendLong(
            random.nextInt(one) == 0 ? random.nextLong() : base + random.nextInt(spread));
      }
    }
    return builder.build();
  }

  private static CodecChoice choice(RandomGenerator random, DataType type) {
    Physical physical = type.physical();
    boolean isEncoded = physical.isLong() || physical.isFloat() || physical == Physical.BYTES;
    Encoding encoding =
        isEncoded && random.nextInt(3) == 0
            ? Encoding.values()[random.nextInt(Encoding.values().length)]
            : Encoding.AUTOMATIC;
    Compression compression = Compression.values()[random.nextInt(Compression.values().length)];
    int level = compression == Compression.AUTOMATIC ? random.nextInt(2) : 1;
    return new CodecChoice(encoding, compression, level);
  }

  private static int[] ends(RandomGenerator random, int rows) {
    List<Integer> ends = new ArrayList<>();
    int end = 0;
    while (end < rows) {
      end = Math.min(rows, end + 1 + random.nextInt(8192));
      ends.add(end);
    }
    return ends.stream().mapToInt(Integer::intValue).toArray();
  }

  private static BlockFrames frames(MemorySegment block, int granules, BlockBytes memory) {
    Compressor compressor = new Compressor();
    if (BlockLayout.isFramed(block)) {
      BlockPlace place = new BlockPlace(0, (int) block.byteSize(), 0, granules);
      return new StoredFrames(PATH, place, block, compressor, memory);
    }
    MemorySegment body = block.asSlice(BlockLayout.framesOffset(granules));
    if (BlockLayout.compression(block) == Compressor.NONE) {
      return BlockFrames.whole(body);
    }
    MemorySegment plain = memory.take(Integer.toUnsignedLong(BlockLayout.plainBytes(block)));
    if (!compressor.decompress(BlockLayout.compression(block), body, plain)) {
      throw new VarveException(ErrorCode.CORRUPTED_DATA, "not compressed so");
    }
    return BlockFrames.whole(plain);
  }

  @Randomized(times = 150)
  void everyGranuleComesBackAloneAndInAnyOrder(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        Scratch out = new Scratch(allocator);
        BlockBytes memory = new BlockBytes(allocator)) {
      Vector rows = VectorOps.flatten(rows(random, scratch), scratch);
      CodecChoice choice = choice(random, rows.type());
      int[] ends = ends(random, rows.rows());
      MemorySegment block = new BlockEncoder(choice, new Compressor()).encode(rows, ends, scratch);
      BlockFrames frames = frames(block, ends.length, memory);
      NodeDecoder decoder = new NodeDecoder(rows.type(), frames, scratch);
      List<Integer> order = new ArrayList<>();
      for (int g = 0; g < ends.length; g++) {
        order.add(g);
      }
      Collections.shuffle(order, new Random(random.nextLong()));
      for (int g : order) {
        int from = g == 0 ? 0 : ends[g - 1];
        Vector found = decoder.decode(g, ends[g] - from, new IntegerDecoder(), out);
        for (int row = from; row < ends[g]; row++) {
          Object want = VectorValues.get(rows, row);
          Object got = VectorValues.get(found, row - from);
          assertThat(Objects.deepEquals(want, got))
              .as("%s by %s, row %d: %s, found %s", rows, choice, row, want, got)
              .isTrue();
        }
        out.reset();
        someRowsComeBack(rows, from, ends[g] - from, g, frames, random, scratch);
      }
    }
  }

  private static void someRowsComeBack(
      Vector rows,
      int from,
      int count,
      int granule,
      BlockFrames frames,
      RandomGenerator random,
      Scratch scratch) {
    NodeDecoder decoder = new NodeDecoder(rows.type(), frames, scratch);
    int odds = random.nextInt(1, 40);
    int[] wanted = IntStream.range(0, count).filter(row -> random.nextInt(odds) == 0).toArray();
    IntegerDecoder integers = new IntegerDecoder();
    Vector few = decoder.decode(granule, count, wanted, wanted.length, integers, scratch);
    isThose(few, rows, from, wanted);
    if (RowPacking.create() != null) {
      long[] mask = new long[count + 63 >>> 6];
      Arrays.stream(wanted).forEach(row -> mask[row >> 6] |= 1L << row);
      Vector packed =
          decoder.decode(
              granule, count, mask, wanted.length, RowPacking.trusted(), integers, scratch);
      if (packed != null) {
        isThose(packed, rows, from, wanted);
      }
    }
  }

  private static void isThose(Vector found, Vector rows, int from, int[] wanted) {
    assertThat(found.rows()).isEqualTo(wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      Object want = VectorValues.get(rows, from + wanted[i]);
      Object got = VectorValues.get(found, i);
      assertThat(Objects.deepEquals(want, got))
          .as("row %d of some of %s: %s, found %s", wanted[i], rows, want, got)
          .isTrue();
    }
  }

  @Randomized(times = 400)
  void damagedBytesAreMalformedOrOtherValuesAndNothingElse(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator(256 << 20);
        Scratch scratch = new Scratch(allocator);
        Scratch out = new Scratch(allocator);
        BlockBytes memory = new BlockBytes(allocator)) {
      Vector rows = VectorOps.flatten(rows(random, scratch), scratch);
      int[] ends = ends(random, rows.rows());
      CodecChoice choice =
          new CodecChoice(choice(random, rows.type()).encoding(), Compression.NONE, 0);
      MemorySegment block = new BlockEncoder(choice, new Compressor()).encode(rows, ends, scratch);
      long start = BlockLayout.framesOffset(ends.length);
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        long at = start + random.nextLong(Math.min(200, block.byteSize() - start));
        block.set(JAVA_BYTE, at, (byte) random.nextInt(256));
      }
      try {
        BlockFrames frames = frames(block, ends.length, memory);
        IntegerDecoder integers = new IntegerDecoder();
        NodeDecoder decoder = new NodeDecoder(rows.type(), frames, scratch);
        for (int g = 0; g < ends.length; g++) {
          int count = ends[g] - (g == 0 ? 0 : ends[g - 1]);
          Vector found = decoder.decode(g, count, integers, out);
          assertThat(found.rows()).isEqualTo(count);
          touch(found);
          int[] wanted = {0, count / 2, count - 1};
          NodeDecoder other = new NodeDecoder(rows.type(), frames, scratch);
          touch(other.decode(g, count, wanted, 3, integers, out));
          if (RowPacking.create() != null) {
            long[] mask = new long[count + 63 >>> 6];
            mask[0] = 1;
            Vector one = other.decode(g, count, mask, 1, RowPacking.trusted(), integers, out);
            assertThat(one == null || one.rows() == 1).isTrue();
          }
        }
      } catch (MalformedBytesException | IndexOutOfBoundsException | OutOfMemoryException e) {
        assertThat(e).isNotNull();
      } catch (VarveException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTED_DATA);
      }
    }
  }

  /// Whatever was decoded can be read to the last row.
  private static void touch(Vector vector) {
    if (vector.base().physical() == Physical.BYTES) {
      for (int row = 0; row < vector.rows(); row++) {
        if (!vector.isNull(row)) {
          assertThat(vector.getSegment(row).byteSize()).isNotNegative();
        }
      }
    }
  }
}
