// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.util.ArrayList;
import java.util.List;

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
    return WorkingTable.shares(batches, context);
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
