// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.RowMerger;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/// Finds the rows of one range of keys that count, from the parts alone: for a reader who wants
/// nothing else, and need not wait until whole parts have been compared. It keeps nothing.
///
/// Of a key outside of the range any row, or none, may seem to count. Safe for threads.
final class RangeResolver {
  private final RowLayout layout;
  private final boolean replaces;
  private final boolean combines;
  private final RowMerger merger;
  private final KeyEncoder encoder;
  private final BufferAllocator allocator;

  RangeResolver(RowLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.replaces = layout.rule() instanceof MergeRule.Replacing;
    this.combines = layout.rule().combinesRows();
    this.merger = RowMerger.of(layout);
    this.encoder = KeyEncoder.ascending(layout.keyTypes());
    this.allocator = allocator;
  }

  /// @param parts among which a key may stand more than once
  /// @param deleted the deleted rows of those parts that have any
  /// @return the parts and what is to be shown beside them; the caller frees the overlays
  ScopeState resolve(List<Part> parts, Map<Part, RoaringBitmap> deleted, KeyBounds range) {
    List<Part> ordered = new ArrayList<>(parts);
    ordered.sort(ScopeResolver.INSERT_ORDER);
    RowMasks.Editor[] masks = new RowMasks.Editor[ordered.size()];
    HiddenRows hidden = new HiddenRows(layout, merger, allocator);
    for (int p = 0; p < masks.length; p++) {
      Part part = ordered.get(p);
      masks[p] = RowMasks.clean(part).edit();
      int to = part.index().to(range);
      masks[p].kill(hidden.of(part, Math.min(part.index().from(range), to), to));
    }
    FamilyResolver families = new FamilyResolver(layout, merger, encoder, combines, allocator);
    CollisionFinder finder = new CollisionFinder(layout.key(), encoder, null, allocator);
    OverlaySegment overlay;
    try (FamilyResolver.Run run = families.begin(ordered, masks)) {
      finder.within(ordered, range, replaces ? run : new Undeleted(ordered, deleted, run));
      overlay = run.finish();
    }
    Map<Part, RowMasks> done = new HashMap<>();
    for (int p = 0; p < masks.length; p++) {
      killDeleted(masks[p], ordered.get(p), deleted.get(ordered.get(p)), range);
      done.put(ordered.get(p), masks[p].done());
    }
    List<OverlaySegment> overlays = overlay == null ? List.of() : List.of(overlay);
    return new ScopeState(ordered, deleted, done, overlays);
  }

  private static void killDeleted(
      RowMasks.Editor masks, Part part, RoaringBitmap deleted, KeyBounds range) {
    int from = part.index().from(range);
    int to = part.index().to(range);
    if (deleted == null || from >= to) {
      return;
    }
    long end = part.granuleFirstRow(to - 1) + part.granuleRows(to - 1);
    PeekableIntIterator rows = deleted.getIntIterator();
    rows.advanceIfNeeded(Math.toIntExact(part.granuleFirstRow(from)));
    while (rows.hasNext() && rows.peekNext() < end) {
      masks.kill(rows.next());
    }
  }

  /// Under Replacing a deleted row still beats others, under the other rules it takes part in
  /// nothing.
  private record Undeleted(
      List<Part> parts, Map<Part, RoaringBitmap> deleted, CollisionFinder.Shared next)
      implements CollisionFinder.Shared {
    @Override
    public void take(SourceMap map, KeyGroups groups) {
      if (deleted.isEmpty()) {
        next.take(map, groups);
        return;
      }
      SourceMap.Filtered left = map.without(groups, this::isDeleted);
      if (left.groups().count() > 0) {
        next.take(left.rows(), left.groups());
      }
    }

    private boolean isDeleted(int part, int row) {
      RoaringBitmap gone = deleted.get(parts.get(part));
      return gone != null && gone.contains(row);
    }
  }
}
