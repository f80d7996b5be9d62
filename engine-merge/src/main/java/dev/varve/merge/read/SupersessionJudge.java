// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.rule.Precedence;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/// Decides which row of a key beats which, under the Replacing rule. Where there is no version and
/// the inserts of the parts did not overlap in time, no row is read for it.
final class SupersessionJudge implements PairStore.Evaluation<Supersession> {
  private final boolean versioned;
  private final Precedence precedence;
  private final List<RowGather.Wanted> deciding;
  private final BufferAllocator allocator;

  SupersessionJudge(RowLayout layout, BufferAllocator allocator) {
    this.versioned =
        layout.rule() instanceof MergeRule.Replacing replacing && replacing.version().isPresent();
    this.precedence = new Precedence(layout.rule());
    this.deciding = HiddenRows.wanted(layout, precedence.columns());
    this.allocator = allocator;
  }

  @Override
  public Supersession of(Part earlier, Part later, Collisions collisions) {
    int step = Batch.MAX_ROWS / 2;
    try (Trial trial = walk(List.of(earlier, later))) {
      for (int from = 0; from < collisions.count(); from += step) {
        int to = Math.min(collisions.count(), from + step);
        SourceMap map = new SourceMap(2 * (to - from));
        int[] starts = new int[to - from + 1];
        for (int i = from; i < to; i++) {
          map.add(0, collisions.left(i));
          map.add(1, collisions.right(i));
          starts[i - from + 1] = map.size();
        }
        trial.take(map, new KeyGroups(starts, to - from));
      }
      return trial.pair(0, 1);
    }
  }

  @Override
  public Trial walk(List<Part> parts) {
    return new Trial(parts);
  }

  /// Pairs in the making. Rows of each part come in ascending order.
  final class Trial implements PairStore.Walk<Supersession> {
    private final int parts;
    private final Scratch scratch = new Scratch(allocator);
    private final RowGather gather;
    private final long[] seqOfPart;
    private final RoaringBitmapWriter<RoaringBitmap>[][] beaten;

    @SuppressWarnings({"unchecked", "rawtypes"}) // generic arrays cannot be made otherwise
    private Trial(List<Part> parts) {
      this.parts = parts.size();
      boolean wholesale = !versioned && areApart(parts);
      seqOfPart =
          wholesale ? parts.stream().mapToLong(p -> p.info().sequences().first()).toArray() : null;
      gather = wholesale ? null : new RowGather(parts, deciding, allocator);
      beaten = new RoaringBitmapWriter[this.parts][this.parts];
      for (int i = 0; i < this.parts; i++) {
        for (int j = 0; j < this.parts; j++) {
          beaten[i][j] = RoaringBitmapWriter.writer().get();
        }
      }
    }

    private static boolean areApart(List<Part> parts) {
      for (int i = 0; i < parts.size(); i++) {
        SeqRange sequences = parts.get(i).info().sequences();
        for (int j = 0; j < i; j++) {
          if (sequences.overlaps(parts.get(j).info().sequences())) {
            return false;
          }
        }
      }
      return true;
    }

    @Override
    public void take(SourceMap map, KeyGroups groups) {
      scratch.reset();
      Precedence.Ranks ranks =
          gather == null
              ? null
              : precedence.ranks(
                  SortedColumns.of(map.size(), deciding, gather.gather(map, scratch)));
      for (int g = 0; g < groups.count(); g++) {
        for (int a = groups.start(g); a + 1 < groups.end(g); a++) {
          for (int b = a + 1; b < groups.end(g); b++) {
            int i = map.source(a);
            int j = map.source(b);
            boolean laterWins = ranks == null ? seqOfPart[i] < seqOfPart[j] : !ranks.isAbove(a, b);
            if (laterWins) {
              beaten[i][j].add(map.row(a));
            } else {
              beaten[j][i].add(map.row(b));
            }
          }
        }
      }
    }

    @Override
    public Supersession pair(int i, int j) {
      return new Supersession(finished(beaten[i][j]), finished(beaten[j][i]));
    }

    private static RoaringBitmap finished(RoaringBitmapWriter<RoaringBitmap> writer) {
      RoaringBitmap rows = writer.get();
      rows.runOptimize();
      return rows;
    }

    @Override
    public void close() {
      if (gather != null) {
        gather.close();
      }
      scratch.close();
    }
  }
}
