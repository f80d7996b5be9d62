// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.spill.SpillFile;
import dev.varve.sql.spill.SpillReader;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Groups of which some rows are on disk, finished partition by partition while they are taken.
///
/// A worker that had no room for more groups kept its groups and wrote the rows that came later. So
/// a partition is: those groups of all workers that belong to it, then its rows from disk. That
/// order is kept, as `groupArray` and `any` show it. A partition whose groups are too many is
/// parted again by other bits of the hash.
final class SpilledAggregation implements ParallelSource {
  private final HashAggregate plan;
  private final Aggregation aggregation;
  private final QueryContext context;
  private final Deque<Task> tasks = new ArrayDeque<>();

  /// Groups kept in memory, until nobody needs them any more.
  private record Kept(GroupState state, AtomicInteger users) {}

  /// A partition of kept groups.
  private record Piece(Kept kept, GroupParts parts, int partition) {}

  /// A partition of a grouping set to be finished.
  ///
  /// @param finished its groups where nothing is on disk, else null
  private record Task(
      int set, int level, List<Piece> pieces, SpillFile file, GroupState finished) {}

  SpilledAggregation(HashAggregate plan, Aggregation aggregation, QueryContext context) {
    this.plan = plan;
    this.aggregation = aggregation;
    this.context = context;
  }

  /// Adds groups that are finished.
  void add(Aggregation.Output output) {
    tasks.add(new Task(output.set(), 0, List.of(), null, output.state()));
  }

  /// Adds a grouping set: the groups of each worker, and the rows on disk.
  void add(int set, List<GroupState> states, PartitionedRows rows) {
    part(set, 0, states, rows);
  }

  private void part(int set, int level, List<GroupState> states, PartitionedRows rows) {
    List<List<Piece>> pieces = new ArrayList<>();
    for (int p = 0; p < PartitionedRows.PARTITIONS; p++) {
      pieces.add(new ArrayList<>());
    }
    try (Scratch scratch = context.newScratch()) {
      for (GroupState state : states) {
        GroupParts parts = state.partition(PartitionedRows.PARTITIONS, level, scratch);
        Kept kept = new Kept(state, new AtomicInteger(PartitionedRows.PARTITIONS));
        for (int p = 0; p < PartitionedRows.PARTITIONS; p++) {
          pieces.get(p).add(new Piece(kept, parts, p));
        }
      }
    }
    synchronized (tasks) {
      for (int p = 0; p < PartitionedRows.PARTITIONS; p++) {
        tasks.addFirst(new Task(set, level, pieces.get(p), rows.file(p), null));
      }
    }
  }

  @Override
  public int parallelism() {
    return context.threads();
  }

  @Override
  public BatchSource worker(int index) {
    return new Worker();
  }

  @Override
  public void close() {}

  private final class Worker implements BatchSource {
    private final Scratch scratch = context.newScratch();
    private Aggregation.Output output;
    private int at;

    @Override
    public Batch next() {
      while (true) {
        context.check();
        if (output == null) {
          Task task;
          synchronized (tasks) {
            task = tasks.poll();
          }
          if (task == null) {
            return null;
          }
          output = finish(task);
          at = 0;
          continue;
        }
        GroupState state = output.state();
        if (at < state.size()) {
          int rows = Math.min(Batch.MAX_ROWS, state.size() - at);
          scratch.reset();
          Batch batch = AggregateOutput.batch(plan, output, at, rows, scratch);
          at += rows;
          return batch;
        }
        drop(state);
        output = null;
      }
    }

    @Override
    public void close() {
      if (output != null) {
        output.state().close();
      }
      scratch.close();
    }
  }

  private void drop(GroupState state) {
    context.forget(state);
    state.close();
  }

  /// The groups of a partition, or null where it had to be parted again.
  private Aggregation.Output finish(Task task) {
    if (task.finished != null) {
      return new Aggregation.Output(task.set, task.finished);
    }
    GroupState state = aggregation.newState(task.set);
    context.register(state);
    try (Scratch scratch = context.newScratch()) {
      for (Piece piece : task.pieces) {
        state.merge(piece.kept.state(), piece.parts, piece.partition, false, scratch);
        if (piece.kept.users().decrementAndGet() == 0) {
          drop(piece.kept.state());
        }
      }
      boolean whole = task.file == null || take(task, state, scratch);
      PartitionedRows.drop(task.file, context);
      if (!whole) {
        return null;
      }
      state.finish(scratch);
      return new Aggregation.Output(task.set, state);
    }
  }

  private boolean take(Task task, GroupState state, Scratch scratch) {
    PartitionedRows.Writer writer = null;
    PartitionedRows above = null;
    try (SpillReader reader = task.file.reader(context.newScratch())) {
      for (Batch page = reader.next(); page != null; page = reader.next()) {
        context.check();
        if (writer == null && isTooLarge(task, state)) {
          above = aggregation.rowsOnDisk(task.set, task.level + 1);
          writer = above.writer();
        }
        if (writer != null) {
          writer.add(page);
        } else {
          scratch.reset();
          state.update(aggregation.keysOf(task.set, page), page, scratch);
        }
      }
    }
    if (writer == null) {
      return true;
    }
    writer.close();
    part(task.set, task.level + 1, List.of(state), above);
    return false;
  }

  private boolean isTooLarge(Task task, GroupState state) {
    return task.level < context.memory().lastLevel()
        && state.size() > 1
        && context.memory().mustSpillGroups(state.bytes(), state.growth(), context.threads());
  }
}
