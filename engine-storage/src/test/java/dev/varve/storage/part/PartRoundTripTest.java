// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.column.StatsCollector;
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
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;

final class PartRoundTripTest {
  private static final List<String> CODECS =
      List.of("", "", "NONE", "LZ4", "ZSTD(3)", "Delta, LZ4");

  @TempDir Path directory;

  @Randomized(times = 30)
  void everyTypeComesBackInAnyOrderOfGranules(RandomGenerator random) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      RandomVectors rows = new RandomVectors(random);
      List<ColumnDefinition> columns = new ArrayList<>();
      List<Vector> vectors = new ArrayList<>();
      int count = 1 + random.nextInt(random.nextBoolean() ? 300 : 20_000);
      for (int c = 0; c < 6; c++) {
        DataType type = RandomVectors.TYPES.get(random.nextInt(RandomVectors.TYPES.size()));
        columns.add(
            new ColumnDefinition(
                "c" + c,
                type,
                ColumnDefinition.Kind.DEFAULT,
                "",
                CODECS.get(random.nextInt(CODECS.size())),
                "column " + c));
        vectors.add(rows.of(type, count, scratch));
      }
      PartLayout layout = new PartLayout(columns, List.of());
      DiskPart part = write(layout, vectors, count, random, allocator, scratch);
      assertThat(part.info())
          .isEqualTo(TestParts.draft(part.info().id()).info(count, part.info().bytes()));
      assertThat(part.columns()).isEqualTo(columns);
      checkRows(part, layout, vectors, random, allocator);
      checkStats(part, columns, vectors, scratch);
      assertThat(PartVerifier.verify(part.directory())).isEmpty();
      part.close();
    }
  }

  private DiskPart write(
      PartLayout layout,
      List<Vector> vectors,
      int count,
      RandomGenerator random,
      BufferAllocator allocator,
      Scratch scratch) {
    PartOptions options = new PartOptions(random.nextBoolean() ? 65536 : 1000, false);
    try (PartWriter writer =
        PartWriter.create(
            directory, TestParts.draft(random.nextLong(1 << 30)), layout, options, allocator)) {
      if (random.nextBoolean()) {
        for (int c = 0; c < vectors.size(); c++) {
          writer.write(c, vectors.get(c));
        }
      } else {
        int from = 0;
        while (from < count) {
          int step = Math.min(count - from, 1 + random.nextInt(10_000));
          List<Vector> slices = new ArrayList<>();
          for (Vector vector : vectors) {
            slices.add(VectorOps.slice(vector, from, step, scratch));
          }
          writer.write(new Batch(step, slices));
          if (random.nextInt(3) == 0) {
            writer.endGranule();
          }
          from += step;
        }
      }
      return writer.finish();
    }
  }

  private static void checkRows(
      DiskPart part,
      PartLayout layout,
      List<Vector> vectors,
      RandomGenerator random,
      BufferAllocator allocator) {
    List<String> names = layout.columns().stream().map(ColumnDefinition::name).toList();
    try (PartReader reader = part.open(names, allocator)) {
      for (int n = 0; n < 2 * part.granules(); n++) {
        int granule = n < part.granules() ? n : random.nextInt(part.granules());
        reader.seek(granule);
        int first = (int) part.granuleFirstRow(granule);
        for (int c = 0; c < vectors.size(); c++) {
          Vector found = reader.read(c);
          assertThat(found.rows()).isEqualTo(part.granuleRows(granule));
          assertThat(reader.read(c)).isSameAs(found);
          for (int row = 0; row < found.rows(); row++) {
            Object expected = VectorValues.get(vectors.get(c), first + row);
            Object actual = VectorValues.get(found, row);
            if (!Objects.deepEquals(expected, actual)) {
              assertThat(actual)
                  .as("granule %d row %d of %s", granule, row, layout.columns().get(c))
                  .isEqualTo(expected);
            }
          }
        }
      }
    }
  }

  private static void checkStats(
      DiskPart part, List<ColumnDefinition> columns, List<Vector> vectors, Scratch scratch) {
    for (int c = 0; c < columns.size(); c++) {
      for (int granule = 0; granule < part.granules(); granule++) {
        int first = (int) part.granuleFirstRow(granule);
        ColumnStats expected =
            new StatsCollector()
                .collect(vectors.get(c), first, first + part.granuleRows(granule), scratch);
        ColumnStats found = part.stats(columns.get(c).name(), granule);
        assertThat(found).usingRecursiveComparison().isEqualTo(expected);
      }
    }
  }
}
