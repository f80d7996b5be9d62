// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// A writer for rows of which the last is that of the totals: it holds the last row back until it
/// knows whether another comes.
final class TotalledWriter implements RowsWriter {
  private final RowsWriter writer;
  private final BufferAllocator memory = new RootAllocator();
  private Scratch held = new Scratch(memory);
  private Scratch other = new Scratch(memory);
  private Batch last;

  TotalledWriter(RowsWriter writer) {
    this.writer = writer;
  }

  @Override
  public String contentType() {
    return writer.contentType();
  }

  @Override
  public void begin() throws IOException {
    writer.begin();
  }

  @Override
  public void write(Batch batch) throws IOException {
    if (batch.rows() == 0) {
      return;
    }
    if (last != null) {
      writer.write(last);
    }
    other.reset();
    int front = batch.rows() - 1;
    if (front > 0) {
      writer.write(
          new Batch(
              front,
              batch.columns().stream()
                  .map(column -> VectorOps.slice(column, 0, front, other))
                  .toList()));
    }
    other.reset();
    last =
        new Batch(1, batch.columns().stream().map(column -> copy(column, front, other)).toList());
    Scratch before = held;
    held = other;
    other = before;
  }

  /// A row on its own, as the batch that it stands in lives no longer than the next is asked for.
  private static Vector copy(Vector column, int row, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(column.type(), scratch);
    builder.append(column, row);
    return builder.build();
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    if (last != null) {
      writer.totals(last);
    }
    writer.end(statistics);
  }

  @Override
  public void close() {
    try (BufferAllocator all = memory;
        Scratch one = held;
        Scratch two = other) {
      writer.close();
    }
  }
}
