// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.Precedence;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Decides which row of a key beats which, under the Replacing rule. Where the inserts of the parts
/// did not overlap in time, the parts tell the order of inserts and only versions are read, if
/// there are any and their bounds do not tell already.
final class Judge implements AutoCloseable {
  private final Precedence precedence;
  private final List<RowGather.Wanted> deciding;
  private final Scratch scratch;
  private final RowGather gather;
  private final long[] seqOfPart;
  private long[] versions;
  private Precedence.Ranks ranks;

  /// @param parts in the order in which ties are decided
  Judge(RowLayout layout, List<Part> parts, BufferAllocator allocator) {
    this.precedence = new Precedence(layout.rule());
    boolean apart = areApart(parts);
    boolean byParts = apart && precedence.version().map(v -> rise(v, parts)).orElse(true);
    this.seqOfPart =
        apart ? parts.stream().mapToLong(p -> p.info().sequences().first()).toArray() : null;
    this.deciding = HiddenRows.wanted(layout, columns(apart, byParts));
    this.scratch = new Scratch(allocator);
    this.gather = deciding.isEmpty() ? null : new RowGather(parts, deciding, allocator);
  }

  private List<String> columns(boolean apart, boolean byParts) {
    if (byParts) {
      return List.of();
    }
    return apart ? precedence.version().stream().toList() : precedence.columns();
  }

  /// Whether no version of an earlier part is above one of a later part, as where versions count
  /// up: then it is the later row that counts, and nobody need look at the rows.
  private static boolean rise(String version, List<Part> parts) {
    List<Part> ordered = new ArrayList<>(parts);
    ordered.sort(Comparator.comparingLong(part -> part.info().sequences().first()));
    long greatest = Long.MIN_VALUE;
    for (Part part : ordered) {
      long highest = greatest;
      // The order of unsigned numbers, if they are, as that of signed ones.
      long flip = isUnsigned(version, part) ? Long.MIN_VALUE : 0;
      for (int g = 0; g < part.granules(); g++) {
        ColumnStats stats = part.hasColumn(version) ? part.stats(version, g) : null;
        if (stats == null
            || stats.nulls() > 0
            || !(stats.min() instanceof Long least)
            || !(stats.max() instanceof Long most)) {
          return false;
        }
        if ((least ^ flip) < greatest) {
          return false;
        }
        highest = Math.max(highest, most ^ flip);
      }
      greatest = highest;
    }
    return true;
  }

  private static boolean isUnsigned(String column, Part part) {
    return part.columns().stream().anyMatch(c -> c.name().equals(column) && c.type().isUnsigned());
  }

  private static boolean areApart(List<Part> parts) {
    List<SeqRange> ranges = new ArrayList<>();
    parts.forEach(part -> ranges.add(part.info().sequences()));
    ranges.sort(Comparator.comparingLong(SeqRange::first));
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i - 1).overlaps(ranges.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Looks at rows that are compared from now on.
  void look(SourceMap map) {
    if (gather == null) {
      return;
    }
    scratch.reset();
    SortedColumns rows = SortedColumns.of(map.size(), deciding, gather.gather(map, scratch));
    if (seqOfPart == null) {
      ranks = precedence.ranks(rows);
    } else {
      versions = precedence.versions(rows);
    }
  }

  /// Whether row `a` is beaten by row `b`, of a later part.
  boolean isBelow(SourceMap map, int a, int b) {
    if (ranks != null) {
      return !ranks.isAbove(a, b);
    }
    return versions == null || versions[a] == versions[b]
        ? seqOfPart[map.source(a)] < seqOfPart[map.source(b)]
        : versions[a] < versions[b];
  }

  @Override
  public void close() {
    if (gather != null) {
      gather.close();
    }
    scratch.close();
  }
}
