// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.Outcome;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// Finds the rows of one part that do not count even where no other part holds their key:
/// tombstones, cancelled rows, zero sums. Granules whose bounds rule them out are not read.
final class HiddenRows {
  private final RowLayout layout;
  private final RowMerger merger;
  private final List<RowGather.Wanted> deciding;
  private final BufferAllocator allocator;

  HiddenRows(RowLayout layout, RowMerger merger, BufferAllocator allocator) {
    this.layout = layout;
    this.merger = merger;
    this.deciding = wanted(layout, merger.decidingColumns());
    this.allocator = allocator;
  }

  static List<RowGather.Wanted> wanted(RowLayout layout, List<String> columns) {
    return columns.stream()
        .map(name ->
            new RowGather.Wanted(
                layout.column(name).orElseThrow(),
                layout.isState(name) ? layout.fallback(name) : null))
        .toList();
  }

  RoaringBitmap of(Part part) {
    return of(part, 0, part.granules());
  }

  /// Those of the granules `from` to `to`.
  RoaringBitmap of(Part part, int from, int to) {
    RoaringBitmap hidden = new RoaringBitmap();
    RowGather gather = null;
    try (Scratch scratch = new Scratch(allocator)) {
      for (int g = from; g < to; g++) {
        if (!layout.mayHide(part, g)) {
          continue;
        }
        if (gather == null) {
          gather = new RowGather(List.of(part), deciding, allocator);
        }
        scratch.reset();
        addHidden(part, g, gather, scratch, hidden);
      }
    } finally {
      if (gather != null) {
        gather.close();
      }
    }
    hidden.runOptimize();
    return hidden;
  }

  private void addHidden(
      Part part, int granule, RowGather gather, Scratch scratch, RoaringBitmap hidden) {
    int first = Math.toIntExact(part.granuleFirstRow(granule));
    int rows = part.granuleRows(granule);
    SourceMap map = new SourceMap(rows);
    map.addRun(0, first, rows);
    List<Vector> vectors = gather.gather(map, scratch);
    Outcome outcome =
        merger.decide(KeyGroups.unique(rows), SortedColumns.of(rows, deciding, vectors), scratch);
    outcome.hidden().stream().forEach(row -> hidden.add(first + row));
  }
}
