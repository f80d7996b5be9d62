// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyBlock;
import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.Outcome;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/// Resolves the keys that several parts hold, under the rules that look at all rows of a key.
/// Collapsing shows one of the rows as it is stored; Summing and Aggregating show a row that no
/// part holds, which goes into an overlay. Safe for threads.
final class FamilyResolver {
  private static final int ROWS_AT_ONCE = 1 << 16;

  private final RowLayout layout;
  private final RowMerger merger;
  private final KeyEncoder encoder;
  private final boolean combines;
  private final List<RowGather.Wanted> wanted;
  private final BufferAllocator allocator;

  FamilyResolver(
      RowLayout layout,
      RowMerger merger,
      KeyEncoder encoder,
      boolean combines,
      BufferAllocator allocator) {
    this.layout = layout;
    this.merger = merger;
    this.encoder = encoder;
    this.combines = combines;
    this.allocator = allocator;
    List<String> columns = new ArrayList<>(merger.decidingColumns());
    if (combines) {
      layout.columns().stream().map(ColumnDefinition::name).forEach(columns::add);
      layout.stateColumns().stream().map(ColumnDefinition::name).forEach(columns::add);
    }
    this.wanted = HiddenRows.wanted(layout, columns.stream().distinct().toList());
  }

  /// Starts to resolve families of these parts.
  ///
  /// @param masks for each part, what becomes its dead rows
  Run begin(List<Part> parts, RowMasks.Editor[] masks) {
    return new Run(parts, masks);
  }

  /// Families on their way, a batch at a time, in key order where the rule makes overlay rows.
  final class Run implements CollisionFinder.Shared, AutoCloseable {
    private final List<Part> parts;
    private final RowMasks.Editor[] masks;
    private final RowGather gather;
    private final Scratch scratch = new Scratch(allocator);
    private final OverlayBuilder overlay;

    private Run(List<Part> parts, RowMasks.Editor[] masks) {
      this.parts = parts;
      this.masks = masks;
      this.gather = new RowGather(parts, wanted, allocator);
      this.overlay = combines ? new OverlayBuilder(layout, parts, allocator) : null;
    }

    /// Takes all rows of some keys.
    @Override
    public void take(SourceMap map, KeyGroups groups) {
      scratch.reset();
      for (int i = 0; i < map.size(); i++) {
        masks[map.source(i)].kill(map.row(i));
      }
      SortedColumns rows = SortedColumns.of(map.size(), wanted, gather.gather(map, scratch));
      Outcome outcome = merger.decide(groups, rows, scratch);
      if (combines) {
        overlay.add(map, groups, rows, outcome, merger, scratch);
        return;
      }
      for (int g = 0; g < groups.count(); g++) {
        if (!outcome.hidden().get(g)) {
          int base = outcome.base()[g];
          masks[map.source(base)].revive(map.row(base));
        }
      }
    }

    void takeAll(KeyFamilies families) {
      int count = families.count();
      int[] place = combines ? keyOrder(families) : identity(count);
      int[] starts = new int[count + 1];
      SourceMap members = families.members(place, starts);
      for (int from = 0; from < count; ) {
        int to = from + 1;
        while (to < count && starts[to + 1] - starts[from] <= ROWS_AT_ONCE) {
          to++;
        }
        int first = starts[from];
        int[] positions = IntStream.range(first, starts[to]).toArray();
        int[] groupStarts = new int[to - from + 1];
        for (int g = 0; g < groupStarts.length; g++) {
          groupStarts[g] = starts[from + g] - first;
        }
        take(members.pick(positions, positions.length), new KeyGroups(groupStarts, to - from));
        from = to;
      }
    }

    /// For each family its place in key order.
    private int[] keyOrder(KeyFamilies families) {
      List<RowGather.Wanted> keys = HiddenRows.wanted(layout, layout.key());
      KeyBlock block;
      try (RowGather keyRows = new RowGather(parts, keys, allocator)) {
        SourceMap representatives = families.representatives();
        scratch.reset();
        block = KeyBlock.of(encoder, keyRows.gather(representatives, scratch), families.count());
      }
      int[] sorted = block.sortedRows();
      int[] place = new int[sorted.length];
      for (int i = 0; i < sorted.length; i++) {
        place[sorted[i]] = i;
      }
      return place;
    }

    /// The overlay rows, or null if there are none. The caller owns them.
    OverlaySegment finish() {
      return overlay == null ? null : overlay.finish();
    }

    @Override
    public void close() {
      gather.close();
      scratch.close();
      if (overlay != null) {
        overlay.close();
      }
    }
  }

  private static int[] identity(int count) {
    int[] place = new int[count];
    Arrays.setAll(place, i -> i);
    return place;
  }
}
