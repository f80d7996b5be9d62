// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.Precedence;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Decides which row of a key beats which, under the Replacing rule. Where the inserts of the parts
/// did not overlap in time, the parts tell the order of inserts and only versions are read, if
/// there are any.
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
    this.seqOfPart =
        apart ? parts.stream().mapToLong(p -> p.info().sequences().first()).toArray() : null;
    this.deciding =
        HiddenRows.wanted(
            layout, apart ? precedence.version().stream().toList() : precedence.columns());
    this.scratch = new Scratch(allocator);
    this.gather = deciding.isEmpty() ? null : new RowGather(parts, deciding, allocator);
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
