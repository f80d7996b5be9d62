// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.BatchSource;
import java.util.function.UnaryOperator;

/// Each worker's share passed through one more step. The step closes the share it was given.
record MappedSource(ParallelSource input, UnaryOperator<BatchSource> step)
    implements ParallelSource {
  @Override
  public int parallelism() {
    return input.parallelism();
  }

  @Override
  public BatchSource worker(int index) {
    return step.apply(input.worker(index));
  }

  @Override
  public void close() {
    input.close();
  }
}
