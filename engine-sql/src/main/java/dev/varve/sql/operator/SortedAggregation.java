// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.LongReads;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// GROUP BY a column of whole numbers in whose order a table's rows lie: the rows of a group follow
/// each other. Each batch is given as groups at once, but for its first and last one, of which
/// neighbouring batches may have more rows: these go to a table, which is given at the end.
///
/// Needs no memory for groups, no hash, and no merging of workers' groups.
final class SortedAggregation implements ParallelSource {
  private final HashAggregate plan;
  private final Aggregation shared;
  private final ParallelSource input;
  private final QueryContext context;
  private final List<DataType> inputTypes;
  private final List<GroupState> edges = new ArrayList<>();
  private final AtomicInteger running;

  private SortedAggregation(HashAggregate plan, ParallelSource input, QueryContext context) {
    this.plan = plan;
    this.input = input;
    this.context = context;
    this.shared = new Aggregation(plan, context);
    this.inputTypes = plan.input().types();
    this.running = new AtomicInteger(input.parallelism());
  }

  static ParallelSource open(HashAggregate plan, QueryContext context) {
    return new SortedAggregation(plan, context.open(plan.input()), context);
  }

  @Override
  public int parallelism() {
    return input.parallelism();
  }

  @Override
  public BatchSource worker(int index) {
    return new Worker(input.worker(index));
  }

  /// The groups at the edges of all batches, once the last worker is through; else null.
  private BatchSource ended(GroupState own) {
    synchronized (edges) {
      edges.add(own);
    }
    if (running.decrementAndGet() > 0) {
      return null;
    }
    List<Aggregation.Output> outputs = new ArrayList<>();
    for (GroupState state : shared.combined(edges)) {
      if (state.size() > 0) {
        outputs.add(new Aggregation.Output(0, state));
      }
    }
    return ParallelSource.inTurn(new AggregateOutput(plan, outputs, context, null));
  }

  @Override
  public void close() {
    input.close();
  }

  private final class Worker implements BatchSource {
    private final BatchSource share;
    private final Scratch scratch = context.newScratch();
    private final GroupState edge = shared.newState(0);
    private long[] values = new long[Batch.MAX_ROWS];
    private int[] groups = new int[Batch.MAX_ROWS];
    private int[] starts = new int[Batch.MAX_ROWS];
    private List<CallState> calls = List.of();
    private boolean ended;
    private BatchSource last;

    Worker(BatchSource share) {
      this.share = share;
      context.register(edge);
    }

    @Override
    public Batch next() {
      while (!ended) {
        context.check();
        Batch batch = share.next();
        if (batch == null) {
          ended = true;
          last = ended(edge);
          break;
        }
        Batch given = grouped(batch);
        if (given != null) {
          return given;
        }
      }
      return last == null ? null : last.next();
    }

    /// The groups of a batch that are surely whole, or null where there are none.
    private Batch grouped(Batch batch) {
      scratch.reset();
      calls.forEach(CallState::close);
      calls = List.of();
      int rows = batch.rows();
      if (groups.length < rows) {
        values = new long[rows];
        groups = new int[rows];
        starts = new int[rows];
      }
      Vector key = batch.column(plan.keys().getFirst());
      LongReads.read(VectorOps.flatten(key, scratch), 0, rows, values);
      int count = number(values, rows, groups, starts);
      if (count <= 2) {
        edge.update(List.of(key), batch, scratch);
        return null;
      }
      calls = CallState.all(plan.calls(), inputTypes, true, context);
      for (CallState call : calls) {
        call.reserve(count);
        call.update(batch, groups, scratch);
      }
      int[] outer = {starts[0], starts[count - 1]};
      edge.merge(
          List.of(VectorOps.gather(key, outer, 2, scratch)),
          calls,
          new int[] {0, count - 1},
          scratch);
      int whole = count - 2;
      System.arraycopy(starts, 1, starts, 0, whole);
      List<Vector> columns = new ArrayList<>(1 + calls.size());
      columns.add(VectorOps.gather(key, starts, whole, scratch));
      calls.forEach(call -> columns.add(call.results(1, whole, scratch)));
      return new Batch(whole, columns);
    }

    @Override
    public void close() {
      share.close();
      calls.forEach(CallState::close);
      scratch.close();
      if (last != null) {
        last.close();
      }
    }
  }

  /// Numbers stretches of equal values; gives how many there are.
  private static int number(long[] values, int rows, int[] groups, int[] starts) {
    int group = -1;
    long before = 0;
    for (int row = 0; row < rows; row++) {
      long value = values[row];
      if (row == 0 || value != before) {
        if (row > 0 && value < before) {
          throw new IllegalStateException("rows are not in the order of their key: " + value);
        }
        starts[++group] = row;
        before = value;
      }
      groups[row] = group;
    }
    return group + 1;
  }
}
