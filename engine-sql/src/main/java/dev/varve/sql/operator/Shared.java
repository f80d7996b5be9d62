// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// An input that several places of a plan read: it runs when the first of them is opened, and its
/// rows stay in memory until the query ends. All places hold this one object; a plan may still run
/// many times at once, as the rows are the run's.
public final class Shared implements Operator {
  private final Operator input;

  public Shared(Operator input) {
    this.input = input;
  }

  @Override
  public List<DataType> types() {
    return input.types();
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Shared";
  }

  @Override
  public ParallelSource open(QueryContext context) {
    List<Batch> batches = context.shared(this, () -> collect(context));
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

  // The stores' memory goes with the context.
  private List<Batch> collect(QueryContext context) {
    List<RowStore> stores = new ArrayList<>();
    try (ParallelSource source = context.open(input)) {
      for (int w = 0; w < source.parallelism(); w++) {
        stores.add(new RowStore(input.types(), context));
      }
      context.drain(
          source,
          (worker, share) -> {
            for (Batch batch = share.next(); batch != null; batch = share.next()) {
              context.check();
              stores.get(worker).add(batch);
            }
          });
    }
    List<Batch> batches = new ArrayList<>();
    stores.forEach(store -> batches.addAll(store.batches()));
    return batches;
  }
}
