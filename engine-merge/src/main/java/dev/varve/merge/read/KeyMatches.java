// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyBlock;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/// Finds all stored rows of the keys that some visible rows have: what a DELETE of these rows takes
/// away, so that no older row of a key comes to light.
public final class KeyMatches {
  /// Keys that are held and sorted at once.
  private static final int CHUNK = 1 << 20;

  private final RowLayout layout;
  private final BufferAllocator allocator;
  private final KeyEncoder encoder;
  private final List<RowGather.Wanted> keys;

  public KeyMatches(RowLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
    this.encoder = KeyEncoder.ascending(layout.keyTypes());
    this.keys = HiddenRows.wanted(layout, layout.key());
  }

  /// @param visible parts of an exact view: each of their keys stands once
  /// @param marked rows of them, by their position
  /// @param parts where to look
  /// @return the rows of each of `parts` that have a key of a marked row
  public List<RoaringBitmap> find(
      List<Part> visible, List<RoaringBitmap> marked, List<Part> parts) {
    List<RoaringBitmap> found = new ArrayList<>();
    parts.forEach(_ -> found.add(new RoaringBitmap()));
    SourceMap chunk = new SourceMap(1024);
    try (RowGather gather = new RowGather(visible, keys, allocator)) {
      for (int v = 0; v < visible.size(); v++) {
        PeekableIntIterator rows = marked.get(v).getIntIterator();
        while (rows.hasNext()) {
          chunk.add(v, rows.next());
          if (chunk.size() == CHUNK) {
            find(chunk, gather, visible.getFirst().info(), parts, found);
            chunk.clear();
          }
        }
      }
      if (chunk.size() > 0) {
        find(chunk, gather, visible.getFirst().info(), parts, found);
      }
    }
    return found;
  }

  private void find(
      SourceMap rows,
      RowGather gather,
      PartInfo like,
      List<Part> parts,
      List<RoaringBitmap> found) {
    try (Scratch scratch = new Scratch(allocator);
        MemoryPart wanted = sorted(gather.gather(rows, scratch), rows.size(), like, scratch)) {
      for (int p = 0; p < parts.size(); p++) {
        if (!CollisionFinder.overlap(wanted, parts.get(p))) {
          continue;
        }
        CollisionFinder finder = new CollisionFinder(layout.key(), encoder, null, allocator);
        RoaringBitmap same = found.get(p);
        finder.between(
            wanted,
            parts.get(p),
            (map, _) -> {
              for (int i = 0; i < map.size(); i++) {
                if (map.source(i) == 1) {
                  same.add(map.row(i));
                }
              }
            });
      }
    }
  }

  /// The keys as a part of nothing else, in their order.
  private MemoryPart sorted(List<Vector> vectors, int rows, PartInfo like, Scratch scratch) {
    List<Vector> flat = vectors.stream().map(v -> VectorOps.flatten(v, scratch)).toList();
    int[] order = KeyBlock.of(encoder, flat, rows).sortedRows();
    List<Vector> ordered =
        flat.stream().map(v -> VectorOps.gather(v, order, rows, scratch)).toList();
    List<ColumnDefinition> columns = keys.stream().map(RowGather.Wanted::column).toList();
    PartDraft draft =
        new PartDraft(
            -1,
            like.table(),
            like.schemaVersion(),
            0,
            List.of(),
            like.partition(),
            like.sequences(),
            List.of(),
            0);
    return MemoryPart.copyOf(
        draft, new PartLayout(columns, layout.key()), new Batch(rows, ordered), allocator);
  }
}
