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
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// Resolves the keys that several parts hold, under the rules that look at all rows of a key.
/// Collapsing shows one of the rows as it is stored; Summing and Aggregating show a row that no
/// part holds, which goes into an overlay.
final class FamilyResolver {
  private static final long OVERLAY_ID = -1;

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

  /// @param dead the hidden rows of each part; becomes its dead rows
  /// @return the overlay, which the caller closes
  Optional<MemoryPart> resolve(List<Part> parts, KeyFamilies families, List<RoaringBitmap> dead) {
    if (families.count() == 0) {
      return Optional.empty();
    }
    for (int p = 0; p < parts.size(); p++) {
      RoaringBitmap colliding = RoaringBitmap.bitmapOf(families.rows(p));
      dead.get(p).or(colliding);
    }
    int[] place = combines ? keyOrder(parts, families) : identity(families.count());
    int[] starts = new int[families.count() + 1];
    SourceMap members = families.members(place, starts);
    Scratch kept = new Scratch(allocator);
    List<Batch> overlay = new ArrayList<>();
    try (RowGather gather = new RowGather(parts, wanted, allocator);
        Scratch scratch = new Scratch(allocator)) {
      for (int from = 0; from < families.count(); ) {
        int to = Math.min(families.count(), from + Batch.MAX_ROWS);
        scratch.reset();
        resolve(members, starts, from, to, gather, scratch, kept, dead, overlay);
        from = to;
      }
    } catch (RuntimeException | Error e) {
      kept.close();
      throw e;
    }
    if (overlay.isEmpty()) {
      kept.close();
      return Optional.empty();
    }
    return Optional.of(
        MemoryPart.owning(
            draft(parts), new PartLayout(layout.columns(), layout.key()), overlay, kept));
  }

  private void resolve(
      SourceMap members,
      int[] starts,
      int from,
      int to,
      RowGather gather,
      Scratch scratch,
      Scratch kept,
      List<RoaringBitmap> dead,
      List<Batch> overlay) {
    int first = starts[from];
    int[] positions = IntStream.range(first, starts[to]).toArray();
    SourceMap map = members.pick(positions, positions.length);
    int[] groupStarts = new int[to - from + 1];
    for (int g = 0; g < groupStarts.length; g++) {
      groupStarts[g] = starts[from + g] - first;
    }
    KeyGroups groups = new KeyGroups(groupStarts, to - from);
    SortedColumns rows = SortedColumns.of(map.size(), wanted, gather.gather(map, scratch));
    Outcome outcome = merger.decide(groups, rows, scratch);
    if (combines) {
      combine(groups, rows, outcome, scratch, kept).ifPresent(overlay::add);
      return;
    }
    for (int g = 0; g < groups.count(); g++) {
      if (!outcome.hidden().get(g)) {
        int base = outcome.base()[g];
        dead.get(map.source(base)).remove(map.row(base));
      }
    }
  }

  private Optional<Batch> combine(
      KeyGroups groups, SortedColumns rows, Outcome outcome, Scratch scratch, Scratch kept) {
    int[] shown = new int[groups.count()];
    int[] shownBase = new int[groups.count()];
    int count = 0;
    for (int g = 0; g < groups.count(); g++) {
      if (!outcome.hidden().get(g)) {
        shown[count] = g;
        shownBase[count++] = outcome.base()[g];
      }
    }
    if (count == 0) {
      return Optional.empty();
    }
    List<Vector> columns = new ArrayList<>();
    for (ColumnDefinition column : layout.columns()) {
      boolean combined = merger.combines(column.name());
      Vector values =
          combined
              ? merger.combine(column, groups, rows, outcome, scratch)
              : rows.column(column.name());
      Vector flat = VectorOps.flatten(values, scratch);
      columns.add(VectorOps.gather(flat, combined ? shown : shownBase, count, kept));
    }
    return Optional.of(new Batch(count, columns));
  }

  /// For each family its place in key order.
  private int[] keyOrder(List<Part> parts, KeyFamilies families) {
    List<RowGather.Wanted> keys = HiddenRows.wanted(layout, layout.key());
    KeyBlock block;
    try (RowGather gather = new RowGather(parts, keys, allocator);
        Scratch scratch = new Scratch(allocator)) {
      SourceMap representatives = families.representatives();
      block = KeyBlock.of(encoder, gather.gather(representatives, scratch), families.count());
    }
    int[] sorted = block.sortedRows();
    int[] place = new int[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      place[sorted[i]] = i;
    }
    return place;
  }

  private static int[] identity(int count) {
    int[] place = new int[count];
    Arrays.setAll(place, i -> i);
    return place;
  }

  private static PartDraft draft(List<Part> parts) {
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
}
