// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// Skips `offset` rows and gives at most `limit` of those that follow.
///
/// @param limit -1 for no limit
public record Limit(Operator input, long offset, long limit) implements Operator {
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
    return "Limit " + (limit < 0 ? "all" : limit) + (offset == 0 ? "" : " offset " + offset);
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return over(context.open(input), context);
  }

  /// Cuts the rows of a source that is open already, and closes it.
  ParallelSource over(ParallelSource source, QueryContext context) {
    // One worker: a limit is about few rows, and the order of a sorted input must stay.
    return new ParallelSource() {
      @Override
      public int parallelism() {
        return 1;
      }

      @Override
      public BatchSource worker(int index) {
        return new Source(source, source.worker(0), context);
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }

  private final class Source implements BatchSource {
    private final ParallelSource source;
    private final Scratch scratch;
    private final QueryContext context;
    private BatchSource share;
    private int nextShare = 1;
    private long skip = offset;
    private long left = limit < 0 ? Long.MAX_VALUE : limit;

    Source(ParallelSource source, BatchSource first, QueryContext context) {
      this.source = source;
      this.share = first;
      this.context = context;
      this.scratch = context.newScratch();
    }

    @Override
    public Batch next() {
      while (left > 0) {
        context.check();
        Batch batch = share.next();
        if (batch == null) {
          if (nextShare >= source.parallelism()) {
            return null;
          }
          share.close();
          share = source.worker(nextShare++);
          continue;
        }
        if (skip >= batch.rows()) {
          skip -= batch.rows();
          continue;
        }
        int from = (int) skip;
        int count = (int) Math.min(left, batch.rows() - from);
        skip = 0;
        left -= count;
        return cut(batch, from, count);
      }
      return null;
    }

    private Batch cut(Batch batch, int from, int count) {
      if (count == batch.rows()) {
        return batch;
      }
      scratch.reset();
      List<Vector> columns = new ArrayList<>(batch.columns().size());
      for (Vector column : batch.columns()) {
        columns.add(VectorOps.slice(column, from, count, scratch));
      }
      return new Batch(count, columns);
    }

    @Override
    public void close() {
      share.close();
      scratch.close();
    }
  }
}
