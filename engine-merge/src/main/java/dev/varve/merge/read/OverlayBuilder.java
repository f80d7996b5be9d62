// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.RowList;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.Outcome;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Gathers the combined rows of keys, in key order, into an overlay. One thread.
final class OverlayBuilder implements AutoCloseable {
  private static final long OVERLAY_ID = -1;

  private final RowLayout layout;
  private final List<Part> parts;
  private final Scratch kept;
  private final List<Batch> batches = new ArrayList<>();
  private final RowList sources = new RowList();
  private final RowList rows = new RowList();
  private boolean finished;

  OverlayBuilder(RowLayout layout, List<Part> parts, BufferAllocator allocator) {
    this.layout = layout;
    this.parts = parts;
    this.kept = new Scratch(allocator);
  }

  /// Adds the combined rows of the groups that are not hidden.
  void add(
      SourceMap map,
      KeyGroups groups,
      SortedColumns columns,
      Outcome outcome,
      RowMerger merger,
      Scratch scratch) {
    int[] shown = new int[groups.count()];
    int[] bases = new int[groups.count()];
    int count = 0;
    for (int g = 0; g < groups.count(); g++) {
      if (!outcome.hidden().get(g)) {
        shown[count] = g;
        bases[count++] = outcome.base()[g];
        sources.add(map.source(groups.start(g)));
        rows.add(map.row(groups.start(g)));
      }
    }
    List<Vector> vectors = new ArrayList<>();
    List<int[]> picks = new ArrayList<>();
    for (ColumnDefinition column : layout.columns()) {
      boolean combined = merger.combines(column.name());
      Vector values =
          combined
              ? merger.combine(column, groups, columns, outcome, scratch)
              : columns.column(column.name());
      vectors.add(VectorOps.flatten(values, scratch));
      picks.add(combined ? shown : bases);
    }
    cut(vectors, picks, count);
  }

  private void cut(List<Vector> vectors, List<int[]> picks, int count) {
    for (int from = 0; from < count; from += Batch.MAX_ROWS) {
      int to = Math.min(count, from + Batch.MAX_ROWS);
      List<Vector> granule = new ArrayList<>();
      for (int c = 0; c < vectors.size(); c++) {
        int[] picked = Arrays.copyOfRange(picks.get(c), from, to);
        granule.add(VectorOps.gather(vectors.get(c), picked, to - from, kept));
      }
      batches.add(new Batch(to - from, granule));
    }
  }

  /// The overlay, which the caller owns; null if it has no row.
  OverlaySegment finish() {
    if (batches.isEmpty()) {
      return null;
    }
    MemoryPart part =
        MemoryPart.owning(
            draft(parts), new PartLayout(layout.columns(), layout.key()), batches, kept);
    finished = true;
    return new OverlaySegment(
        part, RowMasks.clean(part), parts.toArray(Part[]::new), sources.toArray(), rows.toArray());
  }

  static PartDraft draft(List<Part> parts) {
    SeqRange sequences = parts.getFirst().info().sequences();
    for (Part part : parts) {
      sequences = sequences.union(part.info().sequences());
    }
    return new PartDraft(
        OVERLAY_ID,
        parts.getFirst().info().table(),
        parts.getFirst().info().schemaVersion(),
        0,
        List.of(),
        parts.getFirst().info().partition(),
        sequences,
        List.of(),
        0);
  }

  @Override
  public void close() {
    if (!finished) {
      kept.close();
    }
  }
}
