// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// A running GROUP BY. Each worker groups its share for itself; then the workers' groups become
/// one, at once where they are few, partition by partition on all workers where they are many.
final class Aggregation {
  /// Above this many groups in one worker the merge is worth all workers.
  private static final int PARTITIONED_GROUPS = 1 << 16;

  private final HashAggregate plan;
  private final QueryContext context;
  private final List<DataType> inputTypes;

  Aggregation(HashAggregate plan, QueryContext context) {
    this.plan = plan;
    this.context = context;
    this.inputTypes = plan.input().types();
  }

  ParallelSource run() {
    int sets = plan.sets().size();
    List<List<GroupState>> perSet = new ArrayList<>();
    for (int s = 0; s < sets; s++) {
      perSet.add(new ArrayList<>());
    }
    try (ParallelSource input = context.open(plan.input())) {
      int workers = input.parallelism();
      for (int s = 0; s < sets; s++) {
        for (int w = 0; w < workers; w++) {
          GroupState state = newState(s);
          context.register(state);
          perSet.get(s).add(state);
        }
      }
      context.drain(input, (worker, share) -> consume(share, worker, perSet));
    }
    List<Output> outputs = new ArrayList<>();
    for (int s = 0; s < sets; s++) {
      for (GroupState state : combined(s, perSet.get(s))) {
        if (state.size() > 0) {
          outputs.add(new Output(s, state));
        }
      }
    }
    return new AggregateOutput(plan, outputs, context);
  }

  /// A finished state of one grouping set.
  record Output(int set, GroupState state) {}

  private GroupState newState(int set) {
    List<DataType> types = new ArrayList<>();
    for (int position : plan.sets().get(set)) {
      types.add(inputTypes.get(plan.keys().get(position)));
    }
    return new GroupState(types, plan.calls(), inputTypes, context);
  }

  private void consume(BatchSource share, int worker, List<List<GroupState>> perSet) {
    try (Scratch scratch = context.newScratch()) {
      for (Batch batch = share.next(); batch != null; batch = share.next()) {
        context.check();
        for (int s = 0; s < perSet.size(); s++) {
          scratch.reset();
          List<Vector> keys = new ArrayList<>();
          for (int position : plan.sets().get(s)) {
            keys.add(batch.column(plan.keys().get(position)));
          }
          perSet.get(s).get(worker).update(keys, batch, scratch);
        }
      }
    }
  }

  private List<GroupState> combined(int set, List<GroupState> states) {
    int largest = states.stream().mapToInt(GroupState::size).max().orElse(0);
    if (states.size() > 1 && largest > PARTITIONED_GROUPS) {
      return partitioned(set, states);
    }
    try (Scratch scratch = context.newScratch()) {
      GroupState all = states.getFirst();
      for (GroupState other : states.subList(1, states.size())) {
        if (other.hasRows()) {
          all.merge(other, null, scratch);
        }
        other.close();
      }
      all.finish(scratch);
      return List.of(all);
    }
  }

  private List<GroupState> partitioned(int set, List<GroupState> states) {
    int partitions = Math.min(64, 4 * context.threads());
    int[][][] members = new int[states.size()][][];
    GroupState[] merged = new GroupState[partitions];
    context.parallel(
        states.size(),
        w -> {
          try (Scratch scratch = context.newScratch()) {
            members[w] = states.get(w).partition(partitions, scratch);
          }
        });
    context.parallel(
        partitions,
        p -> {
          try (Scratch scratch = context.newScratch()) {
            GroupState state = newState(set);
            context.register(state);
            for (int w = 0; w < states.size(); w++) {
              state.merge(states.get(w), members[w][p], scratch);
            }
            state.finish(scratch);
            merged[p] = state;
          }
        });
    states.forEach(GroupState::close);
    return List.of(merged);
  }

  /// Keys of a grouping set spread over all key columns, NULL where the set lacks one.
  static List<Vector> spread(
      HashAggregate plan, int set, List<Vector> keys, int rows, Scratch scratch) {
    if (plan.sets().size() == 1) {
      return keys;
    }
    List<DataType> types = plan.types();
    List<Vector> columns = new ArrayList<>();
    for (int position = 0; position < plan.keys().size(); position++) {
      int at = plan.sets().get(set).indexOf(position);
      columns.add(
          at < 0
              ? VectorOps.nulls(types.get(position), rows, scratch)
              : keys.get(at).as(types.get(position)));
    }
    return columns;
  }

  static Vector setNumber(int set, int rows, Scratch scratch) {
    Vector single = dev.varve.storage.vector.VectorValues.of(DataTypes.UINT32, scratch, (long) set);
    return Vector.constant(DataTypes.UINT32, rows, single);
  }
}
