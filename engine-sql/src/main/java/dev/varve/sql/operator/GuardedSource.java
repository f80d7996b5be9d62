// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import org.apache.arrow.memory.OutOfMemoryException;

/// The rows of an operator, where memory that runs out becomes an error that names the operator.
record GuardedSource(ParallelSource source, Operator operator, QueryContext context)
    implements ParallelSource {
  @Override
  public int parallelism() {
    return source.parallelism();
  }

  @Override
  public BatchSource worker(int index) {
    BatchSource share;
    try {
      share = source.worker(index);
    } catch (OutOfMemoryException e) {
      throw context.memoryLimit(operator);
    }
    return new BatchSource() {
      @Override
      public Batch next() {
        try {
          return share.next();
        } catch (OutOfMemoryException e) {
          throw context.memoryLimit(operator);
        }
      }

      @Override
      public void close() {
        share.close();
      }
    };
  }

  @Override
  public void close() {
    source.close();
  }
}
