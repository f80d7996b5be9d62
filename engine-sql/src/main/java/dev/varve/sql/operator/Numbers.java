// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// `numbers(first, count[, step])`: one UInt64 column.
///
/// @param count -1 for numbers without end, which only a LIMIT stops
public record Numbers(long first, long count, long step) implements Operator {
  // Enough rows for a worker to be worth its start.
  private static final long MORSEL = 16L * Batch.MAX_ROWS;

  @Override
  public List<DataType> types() {
    return List.of(DataTypes.UINT64);
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "Numbers from " + first + (count < 0 ? "" : " count " + count);
  }

  @Override
  public ParallelSource open(QueryContext context) {
    long end = count < 0 ? Long.MAX_VALUE - MORSEL : count;
    context.addTotalRows(count < 0 ? 0 : count);
    AtomicLong next = new AtomicLong();
    int parallelism = (int) Math.max(1, Math.min(context.threads(), end / MORSEL));
    return new ParallelSource() {
      @Override
      public int parallelism() {
        return parallelism;
      }

      @Override
      public BatchSource worker(int index) {
        return new Source(next, end, context);
      }

      @Override
      public void close() {}
    };
  }

  private final class Source implements BatchSource {
    private final AtomicLong next;
    private final long end;
    private final QueryContext context;
    private final Scratch scratch;
    private long at;
    private long morselEnd;

    Source(AtomicLong next, long end, QueryContext context) {
      this.next = next;
      this.end = end;
      this.context = context;
      this.scratch = context.newScratch();
    }

    @Override
    public Batch next() {
      context.check();
      if (at == morselEnd) {
        at = next.getAndAdd(MORSEL);
        morselEnd = Math.min(end, at + MORSEL);
        if (at >= end) {
          morselEnd = at;
          return null;
        }
      }
      int rows = (int) Math.min(Batch.MAX_ROWS, morselEnd - at);
      scratch.reset();
      MemorySegment values = scratch.allocate(rows * 8L);
      long value = first + at * step;
      for (int i = 0; i < rows; i++) {
        values.set(Vector.I64, i * 8L, value);
        value += step;
      }
      at += rows;
      context.addRead(rows, rows * 8L);
      return new Batch(rows, List.of(Vector.fixed(DataTypes.UINT64, rows, values, null)));
    }

    @Override
    public void close() {
      scratch.close();
    }
  }
}
