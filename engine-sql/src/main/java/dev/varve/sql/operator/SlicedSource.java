// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.BatchSource;

/// The rows of a source in batches of few rows, so that whoever takes them can be tried with
/// batches of any size.

record SlicedSource(ParallelSource source, int maxRows, QueryContext context)
    implements ParallelSource {
  @Override
  public int parallelism() {
    return source.parallelism();
  }

  @Override
  public BatchSource worker(int index) {
    return new Slices(source.worker(index), () -> maxRows, context);
  }

  @Override
  public void close() {
    source.close();
  }
}
