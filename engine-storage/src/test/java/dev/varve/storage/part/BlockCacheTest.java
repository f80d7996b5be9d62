// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.column.BlockCache;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.RandomVectors;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;

final class BlockCacheTest {
  private static final int ROWS = 6000;

  @TempDir Path directory;

  private final BufferAllocator allocator = new RootAllocator();

  /// A part of some columns in blocks of 500 rows, and what its rows are.
  private DiskPart part(RandomGenerator random, List<List<Object>> expected) {
    RandomVectors rows = new RandomVectors(random);
    List<ColumnDefinition> columns = new ArrayList<>();
    try (Scratch scratch = new Scratch(allocator)) {
      List<Vector> vectors = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        DataType type = RandomVectors.TYPES.get(random.nextInt(RandomVectors.TYPES.size()));
        String codec = List.of("", "LZ4", "ZSTD(1)", "NONE").get(random.nextInt(4));
        columns.add(
            new ColumnDefinition("c" + c, type, ColumnDefinition.Kind.DEFAULT, "", codec, ""));
        Vector vector = rows.of(type, ROWS, scratch);
        vectors.add(vector);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
          values.add(VectorValues.get(vector, i));
        }
        expected.add(values);
      }
      PartLayout layout = new PartLayout(columns, List.of());
      try (PartWriter writer =
          PartWriter.create(
              directory,
              TestParts.draft(random.nextLong(1 << 30)),
              layout,
              new PartOptions(500, false),
              allocator)) {
        for (int from = 0; from < ROWS; from += 500) {
          int first = from;
          writer.write(
              new Batch(500, vectors.stream().map(v -> slice(v, first, scratch)).toList()));
          writer.endGranule();
        }
        return writer.finish();
      }
    }
  }

  private static Vector slice(Vector vector, int from, Scratch scratch) {
    int[] rows = IntStream.range(from, from + 500).toArray();
    return VectorOps.gather(vector, rows, rows.length, scratch);
  }

  private void readAll(DiskPart part, List<List<Object>> expected, Random random) {
    List<String> names = part.columns().stream().map(ColumnDefinition::name).toList();
    try (PartReader reader = part.openCached(names, allocator)) {
      for (int i = 0; i < part.granules(); i++) {
        int granule = random.nextInt(part.granules());
        reader.seek(granule);
        int c = random.nextInt(names.size());
        Vector found = reader.read(c);
        for (int k = 0; k < 20; k++) {
          int row = random.nextInt(found.rows());
          Object want = expected.get(c).get((int) part.granuleFirstRow(granule) + row);
          assertThat(VectorValues.get(found, row)).isEqualTo(want);
        }
      }
    }
  }

  @Randomized(times = 10)
  void threadsReadTheSameRowsWhateverTheLimit(RandomGenerator random) throws Exception {
    List<List<Object>> expected = new ArrayList<>();
    long limit = List.of(0L, 300_000L, 1_000_000L, 1L << 30).get(random.nextInt(4));
    try (BlockCache cache = new BlockCache(limit);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      DiskPart part = part(random, expected);
      part.keepBlocks(cache);
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random own = new Random(random.nextLong());
        running.add(
            threads.submit(() -> {
              for (int pass = 0; pass < 8; pass++) {
                readAll(part, expected, own);
                if (own.nextInt(3) == 0) {
                  cache.shrinkTo(own.nextInt(500_000));
                }
              }
            }));
      }
      for (Future<?> task : running) {
        task.get();
      }
      cache.shrinkTo(limit);
      assertThat(cache.bytes()).isLessThanOrEqualTo(limit);
      part.close();
      assertThat(cache.bytes()).isZero();
      assertThat(cache.blocks()).isZero();
    }
    allocator.close();
  }

  @Randomized(times = 3)
  void secondReaderFindsTheBlocksOfTheFirst(RandomGenerator random) {
    try (BlockCache cache = new BlockCache(1 << 30)) {
      DiskPart part = part(random, new ArrayList<>());
      part.keepBlocks(cache);
      for (int pass = 0; pass < 2; pass++) {
        try (PartReader reader = part.openCached(List.of("c0"), allocator)) {
          for (int g = 0; g < part.granules(); g++) {
            reader.seek(g);
            reader.read(0);
          }
        }
      }
      assertThat(cache.misses()).isEqualTo(ROWS / 500);
      assertThat(cache.hits()).isEqualTo(ROWS / 500);
      part.close();
    }
    allocator.close();
  }

  @Randomized(times = 3)
  void blocksGoWhenOthersNeedTheMemory(RandomGenerator random) {
    long memory = 16 << 20;
    try (BlockCache cache = new BlockCache(memory);
        BufferAllocator others = cache.allocatorBeside(memory)) {
      List<List<Object>> expected = new ArrayList<>();
      DiskPart part = part(random, expected);
      part.keepBlocks(cache);
      readAll(part, expected, new Random(random.nextLong()));
      assertThat(cache.bytes()).isPositive();
      try (ArrowBuf buffer = others.buffer(memory)) {
        assertThat(buffer.capacity()).isEqualTo(memory);
        assertThat(cache.bytes()).isZero();
        readAll(part, expected, new Random(random.nextLong()));
        assertThat(cache.bytes()).isZero();
      }
      part.close();
    }
    allocator.close();
  }

  @Randomized(times = 3)
  void blocksReadOftenOutliveAPassOverManyOthers(RandomGenerator random) {
    DiskPart often = part(random, new ArrayList<>());
    DiskPart once = part(random, new ArrayList<>());
    List<String> names = once.columns().stream().map(ColumnDefinition::name).toList();
    long all = bytesOf(often, List.of("c0")) + bytesOf(once, names);
    try (BlockCache cache = new BlockCache(Math.max(all / 2, 2 * bytesOf(often, List.of("c0"))))) {
      often.keepBlocks(cache);
      once.keepBlocks(cache);
      touch(often, List.of("c0"));
      touch(often, List.of("c0"));
      touch(once, names);
      long misses = cache.misses();
      touch(often, List.of("c0"));
      assertThat(cache.misses()).isEqualTo(misses);
      often.close();
      once.close();
    }
    allocator.close();
  }

  private long bytesOf(DiskPart part, List<String> names) {
    try (BlockCache cache = new BlockCache(1 << 30);
        DiskPart again = DiskPart.open(part.directory())) {
      again.keepBlocks(cache);
      touch(again, names);
      return cache.bytes();
    }
  }

  private void touch(DiskPart part, List<String> names) {
    try (PartReader reader = part.openCached(names, allocator)) {
      for (int g = 0; g < part.granules(); g++) {
        reader.seek(g);
        for (int c = 0; c < names.size(); c++) {
          reader.read(c);
        }
      }
    }
  }
}
