// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.KeyCursor;
import dev.varve.merge.order.LoserTree;
import dev.varve.merge.order.MergeOrder;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.Outcome;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/// The merged rows of some parts, a batch at a time: keys first, which gives a map of where each
/// row comes from; then the columns that the rule decides by; then the other columns, of the rows
/// that stay.
final class MergeStream implements AutoCloseable {
  private final RowMerger merger;
  private final List<ColumnDefinition> columns;
  private final List<RowGather.Wanted> examined = new ArrayList<>();
  private final List<RowGather.Wanted> copied = new ArrayList<>();
  private final List<KeyCursor> cursors = new ArrayList<>();
  private final MergeOrder order;
  private final RowGather members;
  private final RowGather survivors;
  private final DropRule dropRule;
  private final Scratch scratch;
  private long rowsRead;

  MergeStream(
      RowLayout layout,
      List<Part> parts,
      List<Part> others,
      boolean complete,
      List<ColumnDefinition> columns,
      BufferAllocator allocator) {
    this.merger = RowMerger.of(layout);
    this.columns = columns;
    List<String> deciding = merger.decidingColumns();
    for (ColumnDefinition column : layout.columns()) {
      boolean combined = merger.combines(column.name());
      if (combined || deciding.contains(column.name())) {
        examined.add(new RowGather.Wanted(column, null));
      }
      if (!combined) {
        copied.add(new RowGather.Wanted(column, null));
      }
    }
    for (ColumnDefinition state : layout.stateColumns()) {
      examined.add(new RowGather.Wanted(state, layout.fallback(state.name())));
    }
    this.scratch = new Scratch(allocator);
    this.members = new RowGather(parts, examined, allocator);
    this.survivors = new RowGather(parts, copied, allocator);
    KeyEncoder encoder = KeyEncoder.ascending(layout.keyTypes());
    for (Part part : parts) {
      cursors.add(new KeyCursor(part, layout.key(), encoder, 0, part.granules(), allocator, null));
    }
    this.order = new MergeOrder(new LoserTree(cursors), layout.rule().collapsesKeys());
    this.dropRule = new DropRule(others, complete, encoder, layout.key());
  }

  long rowsRead() {
    return rowsRead;
  }

  /// The next rows, maybe none where all were dropped, or null at the end.
  Batch next() {
    scratch.reset();
    SourceMap map = order.next(Batch.MAX_ROWS);
    if (map.size() == 0) {
      return null;
    }
    rowsRead += map.size();
    SortedColumns rows = SortedColumns.of(map.size(), examined, members.gather(map, scratch));
    Outcome outcome = merger.decide(order.groups(), rows, scratch);
    boolean allStay = order.groups().isUnique();
    SourceMap kept = allStay ? map : map.pick(outcome.base(), order.groups().count());
    List<Vector> vectors = new ArrayList<>(columns.size());
    List<Vector> copies = survivors.gather(kept, scratch);
    for (ColumnDefinition column : columns) {
      vectors.add(
          merger.combines(column.name())
              ? merger.combine(column, order.groups(), rows, outcome, scratch)
              : copies.get(indexOf(copied, column.name())));
    }
    Function<String, Vector> byName = name -> copies.get(indexOf(copied, name));
    return dropRule.apply(vectors, order.groups().count(), outcome, byName, scratch);
  }

  private static int indexOf(List<RowGather.Wanted> wanted, String name) {
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.get(i).column().name().equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException("column " + name + " was not fetched");
  }

  @Override
  public void close() {
    cursors.forEach(KeyCursor::close);
    members.close();
    survivors.close();
    scratch.close();
  }
}
