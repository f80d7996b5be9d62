// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.test.Randomized;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/// Which rows are NULL comes back as it went in, and takes about the bytes of compressed bitmaps.
final class SectionValidityTest {
  private static final int ROWS = 8192;
  private static final int GRANULES = 64;

  /// NULLs in runs of about this length.
  private static MemorySegment bitmap(
      double share, int run, int rows, RandomGenerator random, Scratch scratch) {
    MemorySegment bitmap = scratch.allocateZeroed(Validity.bytes(rows));
    boolean isNull = random.nextDouble() < share;
    for (int row = 0; row < rows; row++) {
      double turns = isNull ? 1.0 / run : share / (1 - share) / run;
      isNull = run == 1 ? random.nextDouble() < share : (random.nextDouble() < turns) != isNull;
      if (!isNull) {
        Validity.set(bitmap, row);
      }
    }
    return bitmap;
  }

  private static ByteSink encoded(MemorySegment bitmap, int rows, Scratch scratch) {
    ByteSink sink = new ByteSink(scratch, 1024);
    SectionValidity.encode(bitmap, 0, rows, new IntegerEncoder(), sink);
    return sink;
  }

  @Randomized(times = 200)
  void theRowsThatAreNullComeBack(RandomGenerator random) {
    int rows = 1 + random.nextInt(ROWS);
    double share = Math.pow(random.nextDouble(), 3) * 0.999;
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      MemorySegment bitmap = bitmap(share, 1 + random.nextInt(200), rows, random, scratch);
      MemorySegment bytes = encoded(bitmap, rows, scratch).written();
      assertThat(SectionValidity.bytes(bytes, 0, rows)).isEqualTo(bytes.byteSize());
      MemorySegment decoded = SectionValidity.decode(bytes, 0, rows, new IntegerDecoder(), scratch);
      for (int row = 0; row < rows; row++) {
        assertThat(decoded == null || Validity.isSet(decoded, row))
            .as("row %d of %d", row, rows)
            .isEqualTo(Validity.isSet(bitmap, row));
      }
    }
  }

  /// Beyond the few bytes that each granule has to itself, so that it can be read alone. NULLs in
  /// long runs are left to the frames of the block.
  @ParameterizedTest
  @ValueSource(doubles = {0.0001, 0.01, 0.05, 0.5, 0.99})
  void scatteredNullsTakeAboutTheBytesOfRoaringOrFewer(double share) {
    RandomGenerator random = new SplittableRandom(7);
    RoaringBitmap nulls = new RoaringBitmap();
    long ours = 0;
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      for (int granule = 0; granule < GRANULES; granule++) {
        MemorySegment bitmap = bitmap(share, 1, ROWS, random, scratch);
        ours += encoded(bitmap, ROWS, scratch).position();
        for (int row = 0; row < ROWS; row++) {
          if (!Validity.isSet(bitmap, row)) {
            nulls.add(granule * ROWS + row);
          }
        }
      }
    }
    nulls.runOptimize();
    assertThat(ours).isLessThan(GRANULES * 24L + nulls.serializedSizeInBytes() * 11L / 10);
  }
}
