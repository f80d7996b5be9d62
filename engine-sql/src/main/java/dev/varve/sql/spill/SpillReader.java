// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.spill;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;

/// Pages of a [SpillFile] in the order they were written. One thread.
public final class SpillReader implements BatchSource {
  private final SpillFile file;
  private final Scratch scratch;
  private final long end;
  private long position;

  SpillReader(SpillFile file, SpillFile.Chunk chunk, Scratch scratch) {
    this.file = file;
    this.scratch = scratch;
    this.position = chunk.from();
    this.end = chunk.to();
  }

  @Override
  public Batch next() {
    if (position >= end) {
      return null;
    }
    scratch.reset();
    SpillPage.Header header = file.header(position, scratch);
    Batch page = file.page(position, header, scratch);
    position += SpillPage.HEADER_BYTES + header.storedBytes();
    return page;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
