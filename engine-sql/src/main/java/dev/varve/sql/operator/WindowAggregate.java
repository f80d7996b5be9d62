// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An aggregate over the frame of each row.
///
/// A frame that begins with the partition only grows from row to row, and one state takes each row
/// once. Other frames are aggregated anew where they change.
final class WindowAggregate {
  private final WindowCall.Aggregate window;
  // The call over its own columns alone, which are what each step slices.
  private final AggregateCall call;
  private final List<Vector> columns = new ArrayList<>();
  private final List<DataType> types;
  private final WindowRows rows;
  private final Scratch scratch;
  private final QueryContext context;

  WindowAggregate(
      WindowCall.Aggregate window,
      Batch all,
      WindowRows rows,
      Scratch scratch,
      QueryContext context) {
    this.window = window;
    AggregateCall given = window.call();
    List<Integer> arguments = new ArrayList<>();
    for (int argument : given.arguments()) {
      arguments.add(columns.size());
      columns.add(all.column(argument));
    }
    int filter = given.filter() < 0 ? -1 : columns.size();
    if (filter >= 0) {
      columns.add(all.column(given.filter()));
    }
    this.call = new AggregateCall(given.function(), arguments, filter, given.distinct());
    this.types = columns.stream().map(Vector::type).toList();
    this.rows = rows;
    this.scratch = scratch;
    this.context = context;
  }

  Vector compute() {
    VectorBuilder result = new VectorBuilder(window.type(), scratch);
    boolean grows =
        window.frame().start() instanceof WindowFrame.Edge.Unbounded
            && window.frame().exclude() == WindowFrame.Exclude.NONE
            && !call.distinct();
    try (Scratch work = context.newScratch()) {
      if (grows) {
        growing(result, work);
      } else {
        sliding(result, work);
      }
    }
    return result.build();
  }

  private void growing(VectorBuilder result, Scratch work) {
    int row = 0;
    while (row < rows.rows) {
      context.check();
      int end = rows.partitionEnd[row];
      try (CallState state = new CallState(call, types, false, context)) {
        state.reserve(1);
        int taken = rows.partitionStart[row];
        Vector value = null;
        for (; row < end; row++) {
          if ((row & WindowRows.CHECKED) == 0) {
            context.check();
          }
          int frameEnd = rows.frameEnd(window.frame(), row);
          if (frameEnd > taken || value == null) {
            work.reset();
            feed(state, taken, frameEnd, work);
            taken = Math.max(taken, frameEnd);
            value = state.results(0, 1, work);
          }
          result.append(VectorOps.flatten(value, work), 0);
        }
      }
    }
  }

  private void sliding(VectorBuilder result, Scratch work) {
    int[] last = {};
    Vector value = null;
    for (int row = 0; row < rows.rows; row++) {
      int[] pieces = rows.pieces(window.frame(), row);
      if (value == null || !Arrays.equals(pieces, last)) {
        context.check();
        work.reset();
        try (CallState state = new CallState(call, types, false, context)) {
          state.reserve(1);
          for (int i = 0; i < pieces.length; i += 2) {
            feed(state, pieces[i], pieces[i + 1], work);
          }
          state.finish(work);
          value = VectorOps.flatten(state.results(0, 1, work), work);
        }
        last = pieces;
      }
      result.append(value, 0);
    }
  }

  private void feed(CallState state, int from, int to, Scratch work) {
    for (int at = from; at < to; at += Batch.MAX_ROWS) {
      context.check();
      int count = Math.min(Batch.MAX_ROWS, to - at);
      List<Vector> slices = new ArrayList<>(columns.size());
      for (Vector column : columns) {
        slices.add(VectorOps.slice(column, at, count, work));
      }
      state.update(new Batch(count, slices), null, work);
    }
  }
}
