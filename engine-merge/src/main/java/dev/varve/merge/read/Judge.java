// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.rule.Precedence;
import dev.varve.merge.rule.RowLayout;
import dev.varve.merge.rule.SortedColumns;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.vector.Scratch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Decides which row of a key beats which, under the Replacing rule. Where there is no version and
/// the inserts of the parts did not overlap in time, no row is read for it.
final class Judge implements AutoCloseable {
  private final Precedence precedence;
  private final List<RowGather.Wanted> deciding;
  private final Scratch scratch;
  private final RowGather gather;
  private final long[] seqOfPart;
  private Precedence.Ranks ranks;

  /// @param parts in the order in which ties are decided
  Judge(RowLayout layout, List<Part> parts, BufferAllocator allocator) {
    boolean versioned =
        layout.rule() instanceof MergeRule.Replacing replacing && replacing.version().isPresent();
    boolean wholesale = !versioned && areApart(parts);
    this.precedence = new Precedence(layout.rule());
    this.deciding = HiddenRows.wanted(layout, precedence.columns());
    this.scratch = new Scratch(allocator);
    this.seqOfPart =
        wholesale ? parts.stream().mapToLong(p -> p.info().sequences().first()).toArray() : null;
    this.gather = wholesale ? null : new RowGather(parts, deciding, allocator);
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

  /// Looks at rows that are compared from now on.
  void look(SourceMap map) {
    if (gather != null) {
      scratch.reset();
      ranks =
          precedence.ranks(SortedColumns.of(map.size(), deciding, gather.gather(map, scratch)));
    }
  }

  /// Whether row `a` is beaten by row `b`, of a later part.
  boolean isBelow(SourceMap map, int a, int b) {
    return ranks == null
        ? seqOfPart[map.source(a)] < seqOfPart[map.source(b)]
        : !ranks.isAbove(a, b);
  }

  @Override
  public void close() {
    if (gather != null) {
      gather.close();
    }
    scratch.close();
  }
}
