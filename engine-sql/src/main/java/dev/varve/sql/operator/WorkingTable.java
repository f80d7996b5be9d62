// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The rows that a recursive query hands to its next step. What they are is the run's: each run
/// sets them in its context before it opens the step. All places of a plan that read them hold this
/// one object.
public final class WorkingTable implements Operator {
  private final String name;
  private final List<DataType> types;

  public WorkingTable(String name, List<DataType> types) {
    this.name = name;
    this.types = List.copyOf(types);
  }

  @Override
  public List<DataType> types() {
    return types;
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "WorkingTable " + name;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return shares(context.working(this), context);
  }

  /// Rows that stay where they are, shared out among workers.
  static ParallelSource shares(List<Batch> batches, QueryContext context) {
    AtomicInteger next = new AtomicInteger();
    return new ParallelSource() {
      @Override
      public int parallelism() {
        return Math.max(1, Math.min(context.threads(), batches.size()));
      }

      @Override
      public BatchSource worker(int index) {
        return new BatchSource() {
          @Override
          public Batch next() {
            context.check();
            int claimed = next.getAndIncrement();
            return claimed < batches.size() ? batches.get(claimed) : null;
          }

          @Override
          public void close() {}
        };
      }

      @Override
      public void close() {}
    };
  }
}
