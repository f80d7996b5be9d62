// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// Some whole partitions of a [Window] with what its functions give, batch by batch.
final class WindowSource implements BatchSource {
  private final RowStore store;
  private final Scratch scratch;
  private final Scratch perBatch;
  private final QueryContext context;
  private final Batch all;
  private final List<Vector> columns;
  private int next;

  WindowSource(Window window, RowStore store, QueryContext context) {
    this.store = store;
    this.context = context;
    this.scratch = context.newScratch();
    this.perBatch = context.newScratch();
    this.all = RowStore.joined(List.of(store), window.input().types(), scratch);
    this.columns = new ArrayList<>(all.columns());
    WindowRows rows = new WindowRows(all, window.partition(), window.order(), context::check);
    for (WindowCall call : window.calls()) {
      columns.add(compute(call, rows));
    }
  }

  private Vector compute(WindowCall call, WindowRows rows) {
    return switch (call) {
      case WindowCall.Rank rank -> rank(rank, rows);
      case WindowCall.Ntile ntile -> ntile(ntile, rows);
      case WindowCall.Shift shift -> shift(shift, rows);
      case WindowCall.ValueAt value -> valueAt(value, rows);
      case WindowCall.Aggregate aggregate ->
          new WindowAggregate(aggregate, all, rows, scratch, context).compute();
    };
  }

  private void checkAt(int row) {
    if ((row & WindowRows.CHECKED) == 0) {
      context.check();
    }
  }

  private Vector rank(WindowCall.Rank call, WindowRows rows) {
    VectorBuilder result = new VectorBuilder(call.type(), scratch);
    long dense = 0;
    for (int i = 0; i < rows.rows; i++) {
      checkAt(i);
      int start = rows.partitionStart[i];
      long size = rows.partitionEnd[i] - start;
      dense = i == start ? 1 : dense + (rows.peerStart[i] == i ? 1 : 0);
      switch (call.kind()) {
        case ROW_NUMBER -> result.appendLong(i - start + 1L);
        case RANK -> result.appendLong(rows.peerStart[i] - start + 1L);
        case DENSE_RANK -> result.appendLong(dense);
        case PERCENT_RANK ->
            result.appendDouble(size == 1 ? 0 : (rows.peerStart[i] - start) / (size - 1.0));
        case CUME_DIST -> result.appendDouble((rows.peerEnd[i] - start) / (double) size);
      }
    }
    return result.build();
  }

  // The first `size % buckets` shares have one row more than the others.
  private Vector ntile(WindowCall.Ntile call, WindowRows rows) {
    VectorBuilder result = new VectorBuilder(call.type(), scratch);
    for (int i = 0; i < rows.rows; i++) {
      checkAt(i);
      long size = rows.partitionEnd[i] - rows.partitionStart[i];
      long at = i - rows.partitionStart[i];
      long small = size / call.buckets();
      long larger = size % call.buckets();
      long inLarger = larger * (small + 1);
      result.appendLong(
          1 + (at < inLarger ? at / (small + 1) : larger + (at - inLarger) / Math.max(1, small)));
    }
    return result.build();
  }

  private Vector shift(WindowCall.Shift call, WindowRows rows) {
    Vector column = VectorOps.flatten(all.column(call.column()), scratch);
    Vector otherwise =
        call.otherwise() < 0 ? null : VectorOps.flatten(all.column(call.otherwise()), scratch);
    VectorBuilder result = new VectorBuilder(call.type(), scratch);
    for (int i = 0; i < rows.rows; i++) {
      checkAt(i);
      int start = rows.frameStart(call.frame(), i);
      int end = rows.frameEnd(call.frame(), i);
      long from =
          call.skipsNulls()
              ? shiftedOverNulls(column, i, call.distance(), start, end)
              : i - call.distance();
      if (from >= start && from < end) {
        result.append(column, (int) from);
      } else if (otherwise != null) {
        result.append(otherwise, i);
      } else {
        result.appendNull();
      }
    }
    return result.build();
  }

  private static long shiftedOverNulls(Vector column, int row, long distance, int start, int end) {
    int step = distance > 0 ? -1 : 1;
    long left = Math.abs(distance);
    int at = row;
    while (left > 0) {
      at += step;
      if (at < start || at >= end) {
        return -1;
      }
      left -= column.isNull(at) ? 0 : 1;
    }
    return at;
  }

  private Vector valueAt(WindowCall.ValueAt call, WindowRows rows) {
    Vector column = VectorOps.flatten(all.column(call.column()), scratch);
    VectorBuilder result = new VectorBuilder(call.type(), scratch);
    for (int i = 0; i < rows.rows; i++) {
      checkAt(i);
      int at = place(call, column, rows.pieces(call.frame(), i));
      if (at >= 0) {
        result.append(column, at);
      } else {
        result.appendNull();
      }
    }
    return result.build();
  }

  /// The row of a frame that a call asks for, or -1.
  private static int place(WindowCall.ValueAt call, Vector column, int[] pieces) {
    boolean backwards = call.place() < 0;
    long left = Math.abs(call.place());
    for (int i = 0; i < pieces.length; i += 2) {
      int piece = backwards ? pieces.length - 2 - i : i;
      int size = pieces[piece + 1] - pieces[piece];
      if (!call.skipsNulls() && size < left) {
        left -= size;
        continue;
      }
      for (int j = call.skipsNulls() ? 0 : (int) left - 1; j < size; j++) {
        int at = backwards ? pieces[piece + 1] - 1 - j : pieces[piece] + j;
        if (!call.skipsNulls() || (!column.isNull(at) && --left == 0)) {
          return at;
        }
      }
    }
    return -1;
  }

  @Override
  public Batch next() {
    context.check();
    int count = Math.min(Batch.MAX_ROWS, all.rows() - next);
    if (count <= 0) {
      return null;
    }
    perBatch.reset();
    List<Vector> slices = new ArrayList<>(columns.size());
    for (Vector column : columns) {
      slices.add(VectorOps.slice(column, next, count, perBatch));
    }
    next += count;
    return new Batch(count, slices);
  }

  @Override
  public void close() {
    perBatch.close();
    scratch.close();
    store.close();
  }
}
