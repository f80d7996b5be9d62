// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Parts in a directory that goes with them.
final class SampleParts implements AutoCloseable {
  private final Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private long id;

  SampleParts() throws IOException {
    directory = Files.createTempDirectory("varve-micro");
  }

  /// The columns of some rows.
  interface Rows {
    /// @param from the first of [Batch#MAX_ROWS] rows
    List<Vector> of(int from, Scratch scratch);
  }

  /// @param rows a multiple of [Batch#MAX_ROWS]
  DiskPart write(List<ColumnDefinition> columns, List<String> key, int rows, Rows made) {
    PartDraft draft =
        new PartDraft(++id, 1, 1, 0, List.of(), "", new SeqRange(0, 1L << 40), List.of(), 0);
    PartLayout layout = new PartLayout(columns, key);
    PartOptions options = new PartOptions(65536, false);
    try (Scratch scratch = new Scratch(allocator);
        PartWriter writer = PartWriter.create(directory, draft, layout, options, allocator)) {
      for (int from = 0; from < rows; from += Batch.MAX_ROWS) {
        List<Vector> vectors = made.of(from, scratch);
        for (int c = 0; c < vectors.size(); c++) {
          writer.write(c, vectors.get(c));
        }
        scratch.reset();
      }
      return writer.finish();
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    allocator.close();
  }
}
