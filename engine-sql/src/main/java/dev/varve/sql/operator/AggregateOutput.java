// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Masks;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The finished groups, a run of them per claim.
final class AggregateOutput implements ParallelSource {
  private static final int RUN = 4 * Batch.MAX_ROWS;

  /// Some groups of one state.
  private record Run(Aggregation.Output output, int from, int to) {}

  private final HashAggregate plan;
  private final List<Run> runs = new ArrayList<>();
  private final List<Aggregation.Output> outputs;
  private final QueryContext context;
  private final TopBound bound;
  private final AtomicInteger next = new AtomicInteger();

  /// @param bound of a result, beyond which groups need not be given; null for none
  AggregateOutput(
      HashAggregate plan, List<Aggregation.Output> outputs, QueryContext context, TopBound bound) {
    this.plan = plan;
    this.bound = bound;
    this.outputs = outputs;
    this.context = context;
    for (Aggregation.Output output : outputs) {
      int size = output.state().size();
      for (int from = 0; from < size; from += RUN) {
        runs.add(new Run(output, from, Math.min(size, from + RUN)));
      }
    }
  }

  @Override
  public int parallelism() {
    return Math.max(1, Math.min(context.threads(), runs.size()));
  }

  @Override
  public BatchSource worker(int index) {
    Scratch scratch = context.newScratch();
    return new BatchSource() {
      private Run run;
      private int at;
      private final long[] prefixes = new long[bound == null ? 0 : Batch.MAX_ROWS];

      @Override
      public Batch next() {
        while (true) {
          context.check();
          if (run == null || at == run.to) {
            int claimed = AggregateOutput.this.next.getAndIncrement();
            if (claimed >= runs.size()) {
              return null;
            }
            run = runs.get(claimed);
            at = run.from;
          }
          int from = at;
          int rows = Math.min(Batch.MAX_ROWS, run.to - from);
          at += rows;
          scratch.reset();
          if (bound == null || !bound.isSet()) {
            return batch(plan, run.output, from, rows, scratch);
          }
          Batch batch = within(run.output.state(), from, rows, prefixes, scratch);
          if (batch != null) {
            return batch;
          }
        }
      }

      @Override
      public void close() {
        scratch.close();
      }
    };
  }

  /// The groups that are not beyond the bound, or null where all are: the keys of the others, texts
  /// among them, are not fetched.
  private Batch within(GroupState state, int from, int rows, long[] prefixes, Scratch scratch) {
    long[] mask = Masks.all(rows);
    Vector ordered = state.result(bound.column(), from, rows, scratch);
    int left = bound.test(ordered, rows, prefixes, mask);
    if (left == 0) {
      return null;
    }
    List<Vector> results = state.results(from, rows, scratch);
    int[] selection = new int[left];
    Masks.toSelection(mask, selection);
    int[] members = new int[left];
    for (int i = 0; i < left; i++) {
      members[i] = from + selection[i];
    }
    List<Vector> columns = new ArrayList<>(state.keys(members, scratch));
    for (Vector result : results) {
      columns.add(VectorOps.gather(result, selection, left, scratch));
    }
    return new Batch(left, columns);
  }

  /// Some groups of a finished state, as the plan gives them.
  static Batch batch(
      HashAggregate plan, Aggregation.Output output, int from, int rows, Scratch scratch) {
    List<Vector> keys = output.state().keys(from, rows, scratch);
    List<Vector> columns =
        new ArrayList<>(Aggregation.spread(plan, output.set(), keys, rows, scratch));
    columns.addAll(output.state().results(from, rows, scratch));
    if (plan.sets().size() > 1) {
      columns.add(Aggregation.setNumber(output.set(), rows, scratch));
    }
    return new Batch(rows, columns);
  }

  @Override
  public void close() {
    outputs.forEach(output -> output.state().close());
  }
}
