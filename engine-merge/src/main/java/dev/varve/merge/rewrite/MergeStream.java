// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.LoserTree;
import dev.varve.merge.order.MergeOrder;
import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.MergeRule;
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
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// The merged rows of some parts, a batch at a time: keys first, which gives a map of where each
/// row comes from; then the columns that the rule decides by; then the other columns, of the rows
/// that stay.
final class MergeStream implements AutoCloseable {
  private static final int GRANULES_LOOKED_AT = 16;

  private final MergeRule rule;
  private final RowMerger merger;
  private final List<ColumnDefinition> columns;
  private final List<RoaringBitmap> deletedOfInputs;
  private final boolean anyDeleted;
  private final boolean[] matureInputs;
  private final List<RowGather.Wanted> examined = new ArrayList<>();
  private final List<RowGather.Wanted> copied = new ArrayList<>();
  private final MergeOrder order;
  private final MergeSources sources;
  private final DropRule dropRule;
  private final KeyLookup lookup;
  private final BlockCopies copies;
  private final MergeTrace.Recorder trace;
  private final RoaringBitmap deleted = new RoaringBitmap();
  private final Scratch scratch;
  private int rowsWritten;
  private long rowsRead;

  MergeStream(
      RowLayout layout,
      List<PartMerger.Input> inputs,
      MergeSlice slice,
      DropRule dropRule,
      List<ColumnDefinition> columns,
      List<String> duplicatesBy,
      RewriteLimits limits,
      BufferAllocator allocator) {
    List<Part> parts = inputs.stream().map(PartMerger.Input::part).toList();
    this.rule = layout.rule();
    this.merger = RowMerger.of(layout);
    this.columns = columns;
    this.deletedOfInputs = inputs.stream().map(PartMerger.Input::deleted).toList();
    this.anyDeleted = deletedOfInputs.stream().anyMatch(rows -> !rows.isEmpty());
    this.matureInputs = new boolean[inputs.size()];
    for (int i = 0; i < matureInputs.length; i++) {
      matureInputs[i] = inputs.get(i).isMature();
    }
    this.trace =
        new MergeTrace.Recorder(
            parts, Arrays.stream(slice.from()).mapToInt(Math::toIntExact).toArray());
    List<String> deciding = merger.decidingColumns();
    for (ColumnDefinition column : layout.columns()) {
      boolean isExamined = merger.combines(column.name()) || deciding.contains(column.name());
      if (isExamined || columns.contains(column)) { // else it has a turn of its own
        (isExamined ? examined : copied).add(new RowGather.Wanted(column, null));
      }
    }
    for (ColumnDefinition state : layout.stateColumns()) {
      examined.add(new RowGather.Wanted(state, layout.fallback(state.name())));
    }
    List<RowGather.Wanted> compared =
        copied.stream().filter(c -> duplicatesBy.contains(c.column().name())).toList();
    this.sources =
        new MergeSources(
            parts,
            layout.key(),
            KeyEncoder.ascending(layout.keyTypes()),
            slice,
            examined,
            copied,
            compared,
            allocator);
    this.scratch = new Scratch(allocator);
    this.order =
        new MergeOrder(
            new LoserTree(sources.cursors()),
            layout.rule().collapsesKeys() || sources.duplicates() != null);
    if (sources.duplicates() != null) {
      order.rowByRow();
    }
    this.dropRule = dropRule;
    this.lookup = dropRule.lookup(granulesToLookAt(slice), allocator);
    this.copies = new BlockCopies(layout, inputs, dropRule, limits);
  }

  long rowsRead() {
    return rowsRead;
  }

  /// Takes granules over as they are, where the sink can.
  void copyInto(PartMerger.Sink sink) {
    if (sources.duplicates() == null && copies.prepare(sink)) {
      order.copying(copies);
    }
  }

  int rowsWritten() {
    return rowsWritten;
  }

  /// What became of the rows, at the end.
  MergeTrace trace() {
    return trace.trace();
  }

  /// Rows given out so far that are deleted and had to stay.
  RoaringBitmap deleted() {
    return deleted;
  }

  /// Gives the next rows to the sink, maybe none where all were dropped. False at the end.
  boolean step(PartMerger.Sink sink) {
    int granules = order.copyAhead();
    if (granules > 0) {
      copy(granules, sink);
      return true;
    }
    Batch batch = next();
    if (batch != null && batch.rows() > 0) {
      sink.write(batch);
    }
    return batch != null;
  }

  private void copy(int granules, PartMerger.Sink sink) {
    Part part = copies.part(order.source());
    int from = order.granule();
    int rows =
        Math.toIntExact(
            part.granuleFirstRow(from + granules - 1)
                + part.granuleRows(from + granules - 1)
                - part.granuleFirstRow(from));
    sink.copy(part, from, from + granules);
    trace.addRun(order.source(), rows);
    rowsRead += rows;
    rowsWritten = Math.addExact(rowsWritten, rows);
    order.skipGranules(granules);
  }

  private Batch next() {
    scratch.reset();
    SourceMap all = order.next(Batch.MAX_ROWS);
    if (all.size() == 0) {
      return null;
    }
    rowsRead += all.size();
    SourceMap.Filtered left = new SourceMap.Filtered(all, order.groups());
    if (anyDeleted && !rule.deletedRowsDominate()) {
      left = all.without(order.groups(), this::isDeleted);
    }
    DuplicateRows duplicates = sources.duplicates();
    return merge(all, duplicates == null ? left : duplicates.remove(left, scratch));
  }

  private boolean isDeleted(int source, int row) {
    return deletedOfInputs.get(source).contains(row);
  }

  private Batch merge(SourceMap all, SourceMap.Filtered left) {
    SourceMap map = left.rows();
    KeyGroups groups = left.groups();
    SortedColumns rows =
        SortedColumns.of(map.size(), examined, sources.members().gather(map, scratch));
    Outcome outcome = merger.decide(groups, rows, scratch);
    SourceMap bases = groups.isUnique() ? map : map.pick(outcome.base(), groups.count());
    BitSet deletedGroups = deletedGroups(bases);
    BitSet disposable = outcome.disposable();
    addTombstones(outcome.hidden(), deletedGroups, bases, disposable);
    if (disposable.isEmpty() || !dropRule.asksForKeys()) {
      // What is dropped is known before the other columns are read.
      BitSet dropped = dropRule.mayDrop() ? disposable : new BitSet();
      trace.add(all, map, groups, outcome.base(), dropped::get);
      int[] kept = kept(groups.count(), deletedGroups, dropped);
      SourceMap keptBases = dropped.isEmpty() ? bases : bases.pick(kept, kept.length);
      return new Batch(kept.length, columns(groups, rows, outcome, kept, keptBases));
    }
    int[] every = every(groups.count());
    List<Vector> vectors = columns(groups, rows, outcome, every, bases);
    Map<String, Vector> byName = new HashMap<>();
    for (int c = 0; c < vectors.size(); c++) {
      byName.put(columns.get(c).name(), vectors.get(c));
    }
    BitSet dropped = dropRule.dropped(disposable, groups.count(), byName::get, lookup);
    trace.add(all, map, groups, outcome.base(), dropped::get);
    int[] kept = kept(groups.count(), deletedGroups, dropped);
    return new Batch(kept.length, vectors.stream().map(v -> picked(v, kept)).toList());
  }

  /// The columns of the output, of these groups.
  private List<Vector> columns(
      KeyGroups groups, SortedColumns rows, Outcome outcome, int[] kept, SourceMap keptBases) {
    List<Vector> copies = sources.survivors().gather(keptBases, scratch);
    List<Vector> vectors = new ArrayList<>(columns.size());
    for (ColumnDefinition column : columns) {
      vectors.add(
          merger.combines(column.name())
              ? picked(merger.combine(column, groups, rows, outcome, scratch), kept)
              : taken(column.name(), copies, rows, groups, outcome, kept));
    }
    return vectors;
  }

  /// Values of these groups, of a vector of all groups.
  private Vector picked(Vector vector, int[] kept) {
    return kept.length == vector.rows()
        ? vector
        : VectorOps.gather(vector, kept, kept.length, scratch);
  }

  private static int[] every(int count) {
    int[] every = new int[count];
    Arrays.setAll(every, g -> g);
    return every;
  }

  /// Adds groups whose row only stays to beat older versions, where none is expected any more.
  private void addTombstones(
      BitSet hidden, BitSet deletedGroups, SourceMap kept, BitSet disposable) {
    if (!(rule instanceof MergeRule.Replacing) || (hidden.isEmpty() && deletedGroups.isEmpty())) {
      return;
    }
    for (int g = 0; g < kept.size(); g++) {
      boolean isGone = hidden.get(g) || deletedGroups.get(g);
      if (isGone && (rule.deletedRowsMayGo() || matureInputs[kept.source(g)])) {
        disposable.set(g);
      }
    }
  }

  /// Groups whose row stays and is deleted.
  private BitSet deletedGroups(SourceMap kept) {
    BitSet groups = new BitSet();
    for (int g = 0; anyDeleted && g < kept.size(); g++) {
      if (isDeleted(kept.source(g), kept.row(g))) {
        groups.set(g);
      }
    }
    return groups;
  }

  /// The groups that are written; notes which of their rows are deleted.
  private int[] kept(int groups, BitSet deletedGroups, BitSet dropped) {
    int[] kept = new int[groups];
    int count = 0;
    for (int g = 0; g < groups; g++) {
      if (dropped.get(g)) {
        continue;
      }
      if (deletedGroups.get(g)) {
        deleted.add(rowsWritten + count);
      }
      kept[count++] = g;
    }
    rowsWritten = Math.addExact(rowsWritten, count);
    return count == groups ? kept : Arrays.copyOf(kept, count);
  }

  /// A column of the rows that stay, from where it was fetched.
  private Vector taken(
      String name,
      List<Vector> copies,
      SortedColumns rows,
      KeyGroups groups,
      Outcome outcome,
      int[] kept) {
    for (int i = 0; i < copied.size(); i++) {
      if (copied.get(i).column().name().equals(name)) {
        return copies.get(i);
      }
    }
    Vector all = rows.column(name);
    if (groups.isUnique() && kept.length == groups.count()) {
      return all;
    }
    int[] base = outcome.base();
    int[] wanted = new int[kept.length];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = base[kept[i]];
    }
    return VectorOps.gather(all, wanted, wanted.length, scratch);
  }

  /// A look for a key that might be dropped shall not cost more than the merge.
  private static int granulesToLookAt(MergeSlice slice) {
    return Math.toIntExact(GRANULES_LOOKED_AT + slice.rows() / Batch.MAX_ROWS);
  }

  @Override
  public void close() {
    lookup.close();
    sources.close();
    scratch.close();
  }
}
