// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.rule.Outcome;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/// Which rows of two parts are beaten by the other part's row of their key, under the Replacing
/// rule. Rows of a key are in a total order, so a row is dead if and only if some one part beats it:
/// the pairs of a part are ORed, whatever other parts there are.
record Supersession(RoaringBitmap earlierDead, RoaringBitmap laterDead) {

  /// Makes supersessions out of collisions.
  static final class Judge {
    private final boolean versioned;
    private final RowMerger merger;
    private final List<RowGather.Wanted> deciding;
    private final BufferAllocator allocator;

    Judge(RowLayout layout, RowMerger merger, BufferAllocator allocator) {
      this.versioned =
          layout.rule() instanceof MergeRule.Replacing replacing
              && replacing.version().isPresent();
      this.merger = merger;
      this.deciding = HiddenRows.wanted(layout, merger.decidingColumns());
      this.allocator = allocator;
    }

    Supersession judge(Part earlier, Part later, Collisions collisions) {
      List<Boolean> wholesale = wholesale(earlier, later);
      RoaringBitmapWriter<RoaringBitmap> earlierDead = RoaringBitmapWriter.writer().get();
      RoaringBitmapWriter<RoaringBitmap> laterDead = RoaringBitmapWriter.writer().get();
      if (!wholesale.isEmpty()) {
        boolean laterWins = wholesale.getFirst();
        for (int i = 0; i < collisions.count(); i++) {
          if (laterWins) {
            earlierDead.add(collisions.left(i));
          } else {
            laterDead.add(collisions.right(i));
          }
        }
      } else {
        compare(earlier, later, collisions, earlierDead, laterDead);
      }
      return new Supersession(finished(earlierDead), finished(laterDead));
    }

    private static RoaringBitmap finished(RoaringBitmapWriter<RoaringBitmap> writer) {
      RoaringBitmap rows = writer.get();
      rows.runOptimize();
      return rows;
    }

    /// Whether the later part wins every collision, where that is known without reading a row: no
    /// version, and one part's inserts all came after the other's. Empty where it is not known.
    private List<Boolean> wholesale(Part earlier, Part later) {
      if (versioned || earlier.info().sequences().overlaps(later.info().sequences())) {
        return List.of();
      }
      return List.of(
          earlier.info().sequences().last() < later.info().sequences().first());
    }

    private void compare(
        Part earlier,
        Part later,
        Collisions collisions,
        RoaringBitmapWriter<RoaringBitmap> earlierDead,
        RoaringBitmapWriter<RoaringBitmap> laterDead) {
      int step = Batch.MAX_ROWS / 2;
      try (RowGather gather = new RowGather(List.of(earlier, later), deciding, allocator);
          Scratch scratch = new Scratch(allocator)) {
        for (int from = 0; from < collisions.count(); from += step) {
          int to = Math.min(collisions.count(), from + step);
          scratch.reset();
          SourceMap map = new SourceMap(2 * (to - from));
          int[] starts = new int[to - from + 1];
          for (int i = from; i < to; i++) {
            map.add(0, collisions.left(i));
            map.add(1, collisions.right(i));
            starts[i - from + 1] = map.size();
          }
          SortedColumns rows =
              SortedColumns.of(map.size(), deciding, gather.gather(map, scratch));
          Outcome outcome = merger.decide(new KeyGroups(starts, to - from), rows, scratch);
          for (int i = from; i < to; i++) {
            if (map.source(outcome.base()[i - from]) == 1) {
              earlierDead.add(collisions.left(i));
            } else {
              laterDead.add(collisions.right(i));
            }
          }
        }
      }
    }
  }

  /// The dead rows of each part: those hidden by themselves and those beaten by any other.
  static List<RoaringBitmap> compose(
      List<Part> parts, PairStore<Supersession> pairs, List<RoaringBitmap> hidden) {
    List<RoaringBitmap> dead = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      RoaringBitmap rows = hidden.get(p).clone();
      for (int o = 0; o < parts.size(); o++) {
        if (o != p) {
          Supersession pair =
              pairs.get(parts.get(Math.min(o, p)), parts.get(Math.max(o, p)));
          if (pair != null) {
            rows.or(p < o ? pair.earlierDead() : pair.laterDead());
          }
        }
      }
      dead.add(rows);
    }
    return dead;
  }
}
