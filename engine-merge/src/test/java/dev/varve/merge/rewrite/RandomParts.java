// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;

/// Makes parts in memory or on disk, of granules of a few rows, so that small histories meet every
/// seam.
final class RandomParts {
  private final RandomGenerator random;
  private final Path directory;
  private final boolean disk;

  RandomParts(RandomGenerator random, Path directory) {
    this.random = random;
    this.directory = directory;
    this.disk = random.nextInt(3) == 0;
  }

  Part create(PartDraft draft, PartLayout layout, List<Batch> batches, BufferAllocator allocator) {
    int granuleRows = 1 + random.nextInt(random.nextBoolean() ? 6 : 100);
    Scratch memory = new Scratch(allocator);
    List<Batch> granules = granules(layout, batches, granuleRows, memory);
    if (!disk || random.nextBoolean()) {
      return MemoryPart.owning(draft, layout, granules, memory);
    }
    try (memory;
        PartWriter writer = PartWriter.create(directory, draft, layout, options(), allocator)) {
      for (Batch granule : granules) {
        writer.write(granule);
        writer.endGranule();
      }
      return writer.finish();
    }
  }

  /// Blocks of one to a few granules, so that small parts have several.
  PartOptions options() {
    return new PartOptions(Batch.MAX_ROWS + random.nextInt(40), false);
  }

  /// Limits at which even small merges are cut and copied.
  RewriteLimits limits() {
    return new RewriteLimits(1 + random.nextInt(20), 1, 1);
  }

  /// What merges with up to three threads.
  PartMerger.Workers workers() {
    return new PartMerger.Workers(Runnable::run, 1 + random.nextInt(3));
  }

  /// Whether the next merged part is written by sections, with copied blocks where it can be.
  boolean mergesToDisk() {
    return disk && random.nextBoolean();
  }

  PartWriter writer(PartDraft draft, PartLayout layout, BufferAllocator allocator) {
    return PartWriter.create(directory, draft, layout, options(), allocator);
  }

  private static List<Batch> granules(
      PartLayout layout, List<Batch> batches, int granuleRows, Scratch memory) {
    List<Vector> columns = new ArrayList<>();
    for (int c = 0; c < layout.columns().size(); c++) {
      int column = c;
      columns.add(VectorOps.concat(batches.stream().map(b -> b.column(column)).toList(), memory));
    }
    int rows = columns.getFirst().rows();
    List<Batch> granules = new ArrayList<>();
    for (int from = 0; from < rows; from += granuleRows) {
      int count = Math.min(granuleRows, rows - from);
      int first = from;
      int[] index = new int[count];
      Arrays.setAll(index, i -> first + i);
      granules.add(
          new Batch(
              count,
              columns.stream().map(v -> VectorOps.gather(v, index, count, memory)).toList()));
    }
    return granules;
  }

  void drop(Part part) {
    switch (part) {
      case MemoryPart memory -> memory.close();
      case DiskPart onDisk -> onDisk.close();
      default -> throw new IllegalStateException("not made here: " + part);
    }
  }
}
