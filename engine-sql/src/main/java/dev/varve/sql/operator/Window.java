// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;

/// Window functions over one partitioning and order: the input's columns, then one for each call.
///
/// The input comes sorted by the partition columns, then by the order. Whole partitions are held,
/// as many as make a good piece of work; one partition must fit into the query's memory.
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
    return ParallelSource.single(
        new WindowPieces(this, ParallelSource.inTurn(context.open(input)), context));
  }
}
