// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
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
  private final AtomicInteger next = new AtomicInteger();

  AggregateOutput(HashAggregate plan, List<Aggregation.Output> outputs, QueryContext context) {
    this.plan = plan;
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

      @Override
      public Batch next() {
        context.check();
        if (run == null || at == run.to) {
          int claimed = AggregateOutput.this.next.getAndIncrement();
          if (claimed >= runs.size()) {
            return null;
          }
          run = runs.get(claimed);
          at = run.from;
        }
        int rows = Math.min(Batch.MAX_ROWS, run.to - at);
        scratch.reset();
        Batch batch = batch(plan, run.output, at, rows, scratch);
        at += rows;
        return batch;
      }

      @Override
      public void close() {
        scratch.close();
      }
    };
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
