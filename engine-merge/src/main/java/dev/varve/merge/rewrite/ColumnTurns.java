// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/// Which columns of a wide table are merged together. The first turn has the columns that the order
/// of the rows and the rule ask for, and tells where each output row comes from; the others only
/// fetch what is left, some columns at a time, so that a merge holds a block of those alone. One
/// thread.
final class ColumnTurns {
  private final List<ColumnDefinition> columns;
  private final List<ColumnDefinition> first = new ArrayList<>();
  private final List<List<ColumnDefinition>> later = new ArrayList<>();

  /// @param columns of the merged part
  /// @param compared columns that duplicates are found by
  /// @param atOnce columns of a later turn
  ColumnTurns(RowLayout layout, List<ColumnDefinition> columns, List<String> compared, int atOnce) {
    this.columns = columns;
    RowMerger merger = RowMerger.of(layout);
    Set<String> decides = new HashSet<>(layout.key());
    decides.addAll(merger.decidingColumns());
    decides.addAll(compared);
    layout.stateColumns().forEach(state -> decides.add(state.name()));
    List<ColumnDefinition> turn = new ArrayList<>();
    for (ColumnDefinition column : columns) {
      if (decides.contains(column.name()) || merger.combines(column.name())) {
        first.add(column);
        continue;
      }
      turn.add(column);
      if (turn.size() == atOnce) {
        later.add(List.copyOf(turn));
        turn.clear();
      }
    }
    if (!turn.isEmpty()) {
      later.add(List.copyOf(turn));
    }
  }

  /// Columns of the first turn.
  List<ColumnDefinition> first() {
    return first;
  }

  /// Takes the rows of the first turn.
  PartMerger.Sink sink(PartWriter writer) {
    return rows -> write(first, rows.columns(), writer);
  }

  private void write(List<ColumnDefinition> turn, List<Vector> vectors, PartWriter writer) {
    for (int c = 0; c < turn.size(); c++) {
      writer.write(columns.indexOf(turn.get(c)), vectors.get(c));
    }
  }

  private void finish(List<ColumnDefinition> turn, PartWriter writer) {
    turn.forEach(column -> writer.finishColumn(columns.indexOf(column)));
  }

  /// Ends the first turn and does the others.
  ///
  /// @param trace of the first turn
  void finish(
      MergeTrace trace, PartWriter writer, PartMerger.Watcher watcher, BufferAllocator allocator) {
    finish(first, writer);
    long read = trace.inputs().stream().mapToLong(part -> part.info().rows()).sum();
    for (List<ColumnDefinition> turn : later) {
      List<RowGather.Wanted> wanted =
          turn.stream().map(column -> new RowGather.Wanted(column, null)).toList();
      Sources sources = new Sources(trace);
      try (RowGather gather = new RowGather(trace.inputs(), wanted, allocator);
          Scratch scratch = new Scratch(allocator)) {
        for (SourceMap map = sources.next(); map.size() > 0; map = sources.next()) {
          write(turn, gather.gather(map, scratch), writer);
          scratch.reset();
          SlicedMerge.proceed(watcher, read, trace.outputRows());
        }
      }
      finish(turn, writer);
    }
  }

  /// Where the output rows come from, in their order: the trace read backwards. The rows of an
  /// input that stay ascend in the output too.
  private static final class Sources {
    private final MergeTrace trace;
    private final int[] next;
    private int done;

    Sources(MergeTrace trace) {
      this.trace = trace;
      this.next = new int[trace.inputs().size()];
    }

    /// Empty at the end.
    SourceMap next() {
      int count = Math.min(Batch.MAX_ROWS, trace.outputRows() - done);
      int[] inputs = new int[count];
      int[] rows = new int[count];
      Arrays.fill(inputs, -1);
      for (int input = 0; input < next.length; input++) {
        take(input, inputs, rows, done + count);
      }
      SourceMap map = new SourceMap(count);
      for (int i = 0; i < count; i++) {
        if (inputs[i] < 0) {
          throw new IllegalStateException("no input gave output row " + (done + i));
        }
        map.add(inputs[i], rows[i]);
      }
      done += count;
      return map;
    }

    private void take(int input, int[] inputs, int[] rows, int end) {
      Part part = trace.inputs().get(input);
      int row = next[input];
      while (row < part.info().rows()) {
        if (trace.isBase(input, row)) {
          int output = trace.outputOf(input, row);
          if (output >= end) {
            break;
          }
          inputs[output - done] = input;
          rows[output - done] = row;
        }
        row++;
      }
      next[input] = row;
    }
  }
}
