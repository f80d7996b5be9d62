// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyCursor;
import dev.varve.merge.order.LoserTree;
import dev.varve.merge.order.MergeOrder;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.RowList;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Keeps the segments of an overlay few: small ones become one, without the rows that newer
/// segments show, and what is left of none goes.
final class OverlayFold {
  private static final int MOST_SEGMENTS = 8;

  private final RowLayout layout;
  private final KeyEncoder encoder;
  private final BufferAllocator allocator;

  OverlayFold(RowLayout layout, KeyEncoder encoder, BufferAllocator allocator) {
    this.layout = layout;
    this.encoder = encoder;
    this.allocator = allocator;
  }

  /// The segments to show instead of these. Those left out stay the caller's.
  List<OverlaySegment> folded(List<OverlaySegment> segments) {
    List<OverlaySegment> alive = new ArrayList<>();
    for (OverlaySegment segment : segments) {
      if (segment.aliveRows() > 0) {
        alive.add(segment);
      }
    }
    if (alive.size() <= MOST_SEGMENTS) {
      return alive;
    }
    alive.sort(Comparator.comparingLong(OverlaySegment::aliveRows));
    int count = 2;
    long sum = alive.get(0).aliveRows() + alive.get(1).aliveRows();
    while (count < alive.size() && alive.get(count).aliveRows() <= sum) {
      sum += alive.get(count++).aliveRows();
    }
    List<OverlaySegment> chosen = List.copyOf(alive.subList(0, count));
    alive.subList(0, count).clear();
    alive.add(fold(chosen));
    return alive;
  }

  private OverlaySegment fold(List<OverlaySegment> segments) {
    List<Part> parts = segments.stream().map(segment -> (Part) segment.rows()).toList();
    List<RowGather.Wanted> wanted =
        HiddenRows.wanted(layout, layout.columns().stream().map(ColumnDefinition::name).toList());
    List<Part> sources = new ArrayList<>();
    RowList sourceOf = new RowList();
    RowList rowOf = new RowList();
    List<Batch> batches = new ArrayList<>();
    List<KeyCursor> cursors = new ArrayList<>();
    Scratch kept = new Scratch(allocator);
    try (RowGather gather = new RowGather(parts, wanted, allocator);
        Scratch scratch = new Scratch(allocator)) {
      for (Part part : parts) {
        cursors.add(
            new KeyCursor(part, layout.key(), encoder, 0, part.granules(), allocator, null));
      }
      MergeOrder order = new MergeOrder(new LoserTree(cursors), false);
      SourceMap map = order.next(Batch.MAX_ROWS / 2);
      while (map.size() > 0) {
        SourceMap alive = alive(map, segments);
        for (int i = 0; i < alive.size(); i++) {
          OverlaySegment from = segments.get(alive.source(i));
          Part source = from.sources()[from.sourceOf()[alive.row(i)]];
          sourceOf.add(indexOf(source, sources));
          rowOf.add(from.rowOf()[alive.row(i)]);
        }
        scratch.reset();
        batches.addAll(copies(alive, gather, scratch, kept));
        map = order.next(Batch.MAX_ROWS / 2);
      }
      MemoryPart folded =
          MemoryPart.owning(
              OverlayBuilder.draft(parts),
              new PartLayout(layout.columns(), layout.key()),
              batches,
              kept);
      return new OverlaySegment(
          folded,
          RowMasks.clean(folded),
          sources.toArray(Part[]::new),
          sourceOf.toArray(),
          rowOf.toArray());
    } catch (RuntimeException | Error failed) {
      kept.close();
      throw failed;
    } finally {
      cursors.forEach(KeyCursor::close);
    }
  }

  private static SourceMap alive(SourceMap map, List<OverlaySegment> segments) {
    SourceMap alive = new SourceMap(map.size());
    for (int i = 0; i < map.size(); i++) {
      if (!segments.get(map.source(i)).masks().isDead(map.row(i))) {
        alive.add(map.source(i), map.row(i));
      }
    }
    return alive;
  }

  private static int indexOf(Part part, List<Part> parts) {
    int index = parts.indexOf(part);
    if (index < 0) {
      parts.add(part);
      return parts.size() - 1;
    }
    return index;
  }

  private static List<Batch> copies(
      SourceMap map, RowGather gather, Scratch scratch, Scratch kept) {
    List<Batch> batches = new ArrayList<>();
    List<Vector> vectors = map.size() == 0 ? List.of() : gather.gather(map, scratch);
    for (int from = 0; from < map.size(); from += Batch.MAX_ROWS) {
      int count = Math.min(Batch.MAX_ROWS, map.size() - from);
      int[] picked = new int[count];
      for (int i = 0; i < count; i++) {
        picked[i] = from + i;
      }
      List<Vector> columns = new ArrayList<>();
      for (Vector vector : vectors) {
        columns.add(VectorOps.gather(VectorOps.flatten(vector, scratch), picked, count, kept));
      }
      batches.add(new Batch(count, columns));
    }
    return batches;
  }
}
