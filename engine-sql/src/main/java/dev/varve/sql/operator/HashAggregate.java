// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// GROUP BY: gives the keys, then one column for each call.
///
/// With several grouping sets the keys are nullable (NULL where a set does not hold the key) and
/// one more UInt32 column comes last: the number of the row's set in `sets`.
///
/// @param keys columns of the input; empty for one group, which is there even without rows
/// @param sets for each grouping set the positions in `keys` that it holds; one set of all
///   positions for a plain GROUP BY
/// @param sorted whether the only key is a column of whole numbers, none of them NULL, which never
///   sinks within a batch of the input, and rows of one key that lie in several batches are the
///   first or the last of each
public record HashAggregate(
    Operator input,
    List<Integer> keys,
    List<List<Integer>> sets,
    List<AggregateCall> calls,
    boolean sorted)
    implements Operator {
  public HashAggregate {
    keys = List.copyOf(keys);
    sets = sets.stream().map(List::copyOf).toList();
    calls = List.copyOf(calls);
  }

  /// Of rows in any order.
  public HashAggregate(
      Operator input, List<Integer> keys, List<List<Integer>> sets, List<AggregateCall> calls) {
    this(input, keys, sets, calls, false);
  }

  /// The same over another input of the same order, whose columns are elsewhere.
  public HashAggregate over(Operator newInput, IntUnaryOperator position) {
    return new HashAggregate(
        newInput,
        keys.stream().map(key -> position.applyAsInt(key)).toList(),
        sets,
        calls.stream().map(call -> call.moved(position)).toList(),
        sorted);
  }

  /// The same groups with other calls.
  public HashAggregate withCalls(List<AggregateCall> newCalls) {
    return new HashAggregate(input, keys, sets, newCalls, sorted);
  }

  /// The same over rows that are known to be sorted.
  public HashAggregate ofSorted() {
    return new HashAggregate(input, keys, sets, calls, true);
  }

  /// A plain GROUP BY.
  public static HashAggregate of(Operator input, List<Integer> keys, List<AggregateCall> calls) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      all.add(i);
    }
    return new HashAggregate(input, keys, List.of(all), calls);
  }

  @Override
  public List<DataType> types() {
    List<DataType> types = new ArrayList<>();
    List<DataType> inputs = input.types();
    for (int key : keys) {
      DataType type = inputs.get(key);
      types.add(sets.size() > 1 ? DataTypes.nullable(type) : type);
    }
    calls.forEach(call -> types.add(call.function().type()));
    if (sets.size() > 1) {
      types.add(DataTypes.UINT32);
    }
    return types;
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return (sorted ? "Aggregate sorted keys=" : "Aggregate keys=")
        + keys
        + (sets.size() > 1 ? " sets=" + sets : "")
        + " "
        + calls;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return open(null, context);
  }

  /// @param bound of a result, beyond which groups need not be given; null for none. Not for more
  ///   than one grouping set.
  ParallelSource open(TopBound bound, QueryContext context) {
    return sorted
        ? SortedAggregation.open(this, context)
        : new Aggregation(this, context).run(bound);
  }
}
