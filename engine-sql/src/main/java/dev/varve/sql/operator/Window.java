// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.ArrayList;
import java.util.List;

/// Window functions over one partitioning and order: the input's columns, then one for each call.
///
/// The input comes sorted by the partition columns, then by the order. It is held whole, within the
/// query's memory.
///
/// @param partition columns whose equal values make a partition
/// @param order the order inside a partition; rows equal in it are peers
public record Window(
    Operator input, List<Integer> partition, List<SortKey> order, List<WindowCall> calls)
    implements Operator {
  public Window {
    partition = List.copyOf(partition);
    order = List.copyOf(order);
    calls = List.copyOf(calls);
  }

  @Override
  public List<DataType> types() {
    List<DataType> types = new ArrayList<>(input.types());
    calls.forEach(call -> types.add(call.type()));
    return types;
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Window partition=" + partition + " order=" + order + " " + calls;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    RowStore store = new RowStore(input.types(), context);
    try (ParallelSource source = context.open(input)) {
      for (int worker = 0; worker < source.parallelism(); worker++) {
        try (BatchSource share = source.worker(worker)) {
          for (Batch batch = share.next(); batch != null; batch = share.next()) {
            context.check();
            store.add(batch);
          }
        }
      }
      return ParallelSource.single(new WindowSource(this, store, context));
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }
}
