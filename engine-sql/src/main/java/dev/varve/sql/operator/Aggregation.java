// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.PartedRows;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/// A running GROUP BY. Each worker groups its share for itself; then the workers' groups become
/// one, at once where they are few, partition by partition on all workers where they are many. A
/// worker that has no room for more groups puts the rows that follow on disk.
final class Aggregation {
  /// Above this many groups of all workers the merge is worth all workers.
  private static final int PARTITIONED_GROUPS = 1 << 16;

  /// Groups for which the table of a partition of rows has room at first.
  private static final int EXPECTED_GROUPS = 1 << 11;

  private final HashAggregate plan;
  private final QueryContext context;
  private final List<DataType> inputTypes;
  private final CoarserSets coarser;
  // For each grouping set the rows for which workers had no room; null where there are none.
  private AtomicReferenceArray<PartitionedRows> onDisk;

  Aggregation(HashAggregate plan, QueryContext context) {
    this.plan = plan;
    this.context = context;
    this.inputTypes = plan.input().types();
    this.coarser = new CoarserSets(plan);
  }

  /// @param bound of a result, beyond which groups need not be given; null for none. Not for more
  ///   than one grouping set.
  ParallelSource run(TopBound bound) {
    int sets = plan.sets().size();
    List<List<WorkerGroups>> perSet = new ArrayList<>();
    for (int s = 0; s < sets; s++) {
      perSet.add(new ArrayList<>());
    }
    try (ParallelSource input = context.open(plan.input())) {
      int workers = input.parallelism();
      for (int s = 0; s < sets; s++) {
        for (int w = 0; w < workers; w++) {
          perSet.get(s).add(newGroups(s));
        }
      }
      onDisk = new AtomicReferenceArray<>(sets);
      context.drain(input, (worker, share) -> consume(share, worker, perSet));
    }
    List<Output> outputs = new ArrayList<>();
    SpilledAggregation spilled = null;
    for (int s = 0; s < sets; s++) {
      List<GroupState> states =
          perSet.get(s).stream().flatMap(worker -> worker.states().stream()).toList();
      if (onDisk.get(s) != null) {
        try (PartitionedRows.Writer writer = onDisk.get(s).writer()) {
          for (WorkerGroups groups : perSet.get(s)) {
            groups.drain((columns, rows) -> writer.add(new Batch(rows, columns)));
          }
        }
        spilled = spilled == null ? new SpilledAggregation(plan, this, context) : spilled;
        spilled.add(s, states, onDisk.get(s));
        continue;
      }
      List<RowParting> partings =
          perSet.get(s).stream().map(WorkerGroups::parting).filter(Objects::nonNull).toList();
      for (GroupState state : partings.isEmpty() ? combined(states) : parted(states, partings)) {
        if (state.size() > 0) {
          outputs.add(new Output(s, state));
        }
      }
    }
    if (spilled == null) {
      return new AggregateOutput(plan, outputs, context, bound);
    }
    outputs.forEach(spilled::add);
    return spilled;
  }

  // Coarser grouping sets are made of the groups of finer ones, which then must all be in tables.
  private WorkerGroups newGroups(int set) {
    Supplier<RowParting> partings =
        plan.sets().size() > 1
            ? () -> null
            : () ->
                RowParting.of(
                    inputTypes, keyColumns(set), plan.keys().size() + plan.calls().size(), context);
    return new WorkerGroups(newState(set), partings, batch -> keysOf(set, batch), context);
  }

  /// A finished state of one grouping set.
  record Output(int set, GroupState state) {}

  GroupState newState(int set) {
    return new GroupState(keyTypes(set), plan.calls(), inputTypes, context);
  }

  private List<Integer> keyColumns(int set) {
    return plan.sets().get(set).stream().map(plan.keys()::get).toList();
  }

  private List<DataType> keyTypes(int set) {
    return keyColumns(set).stream().map(inputTypes::get).toList();
  }

  List<Vector> keysOf(int set, Batch batch) {
    List<Vector> keys = new ArrayList<>();
    for (int position : plan.sets().get(set)) {
      keys.add(batch.column(plan.keys().get(position)));
    }
    return keys;
  }

  /// A new place on disk for rows of a grouping set.
  PartitionedRows rowsOnDisk(int set, int level) {
    return new PartitionedRows(inputTypes, keyColumns(set), keyTypes(set), level, context);
  }

  private void consume(BatchSource share, int worker, List<List<WorkerGroups>> perSet) {
    PartitionedRows.Writer[] writers = new PartitionedRows.Writer[perSet.size()];
    List<WorkerGroups> own = perSet.stream().map(workers -> workers.get(worker)).toList();
    // Sets whose groups this worker has made of another's take the rows that follow themselves.
    boolean[] taking = new boolean[perSet.size()];
    List<Integer> full = new ArrayList<>();
    for (int s = 0; s < taking.length; s++) {
      taking[s] = coarser.takesRows(s);
    }
    int holders = perSet.size() * perSet.getFirst().size();
    try (Scratch scratch = context.newScratch()) {
      for (Batch batch = share.next(); batch != null; batch = share.next()) {
        context.check();
        for (int s = 0; s < perSet.size(); s++) {
          if (writers[s] != null) {
            writers[s].add(batch);
            continue;
          }
          if (!taking[s]) {
            continue;
          }
          scratch.reset();
          WorkerGroups groups = own.get(s);
          groups.update(batch, scratch);
          if (!groups.isSingle()
              && context.memory().mustSpillGroups(groups.bytes(), groups.growth(), holders)) {
            onDisk.compareAndSet(s, null, rowsOnDisk(s, 0));
            PartitionedRows.Writer writer = onDisk.get(s).writer();
            groups.drain((columns, rows) -> writer.add(new Batch(rows, columns)));
            writers[s] = writer;
            full.add(s);
          }
        }
        full.forEach(set -> derive(set, own, taking, scratch));
        full.clear();
      }
      for (int s = 0; s < writers.length; s++) {
        if (writers[s] == null) {
          derive(s, own, taking, scratch);
        }
      }
    }
    for (PartitionedRows.Writer writer : writers) {
      if (writer != null) {
        writer.close();
      }
    }
  }

  private void derive(int set, List<WorkerGroups> own, boolean[] taking, Scratch scratch) {
    if (coarser.takesRows(set)) {
      coarser.derive(set, own, scratch).forEach(made -> taking[made] = true);
    }
  }

  /// The groups of these states, each once and finished.
  List<GroupState> combined(List<GroupState> states) {
    long groups = states.stream().mapToLong(GroupState::size).sum();
    if (states.stream().anyMatch(GroupState::isSealed)
        || states.size() > 1 && groups > PARTITIONED_GROUPS) {
      return partitioned(states, groups);
    }
    try (Scratch scratch = context.newScratch()) {
      GroupState all = states.getFirst();
      for (GroupState other : states.subList(1, states.size())) {
        if (other.hasRows()) {
          all.mergeAll(other, scratch);
        }
      }
      all.finish(scratch);
      states.subList(1, states.size()).forEach(GroupState::close);
      return List.of(all);
    }
  }

  private List<GroupState> partitioned(List<GroupState> states, long groups) {
    int partitions = GroupParts.partitions(groups, context.threads());
    GroupParts[] parts = new GroupParts[states.size()];
    GroupState[] merged = new GroupState[partitions];
    context.parallel(
        states.size(),
        w -> {
          try (Scratch scratch = context.newScratch()) {
            parts[w] = states.get(w).partition(partitions, scratch);
          }
        });
    context.parallel(
        partitions,
        p -> {
          try (Scratch scratch = context.newScratch()) {
            GroupState state = states.getFirst().empty((int) (groups / partitions));
            context.register(state);
            for (int w = 0; w < states.size(); w++) {
              state.merge(states.get(w), parts[w], p, true, scratch);
            }
            state.finish(scratch);
            merged[p] = state;
          }
        });
    states.forEach(GroupState::retire);
    return List.of(merged);
  }

  /// As [#combined], where workers have put rows by: each partition is grouped in a table that the
  /// nearest caches hold.
  private List<GroupState> parted(List<GroupState> states, List<RowParting> partings) {
    int partitions = PartedRows.PARTITIONS;
    GroupParts[] parts = new GroupParts[states.size()];
    GroupState[] merged = new GroupState[partitions];
    context.parallel(
        states.size(),
        w -> {
          try (Scratch scratch = context.newScratch()) {
            parts[w] = states.get(w).partition(partitions, scratch);
          }
        });
    context.parallel(
        partitions,
        p -> {
          try (Scratch scratch = context.newScratch()) {
            long rows = partings.stream().mapToLong(parting -> parting.rows().rows(p)).sum();
            GroupState state = states.getFirst().empty((int) Math.min(rows, EXPECTED_GROUPS));
            context.register(state);
            for (int w = 0; w < states.size(); w++) {
              state.merge(states.get(w), parts[w], p, true, scratch);
            }
            for (RowParting parting : partings) {
              parting.each(
                  p,
                  (columns, count) -> {
                    scratch.reset();
                    Batch batch = new Batch(count, columns);
                    state.update(keysOf(0, batch), batch, scratch);
                  });
            }
            state.finish(scratch);
            merged[p] = state;
          }
        });
    states.forEach(GroupState::retire);
    partings.forEach(RowParting::close);
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
