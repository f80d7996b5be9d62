// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.MergeOrder;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.part.Part;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/// Decides which granules of a merge are copied as they are stored: those that one input holds
/// alone, in whole blocks of every column, without a row that is deleted or might be dropped, and
/// large enough that the result does not break into small pieces.
final class BlockCopies implements MergeOrder.CopyRule {
  private final RowLayout layout;
  private final List<PartMerger.Input> inputs;
  private final DropRule dropRule;
  private final RewriteLimits limits;
  private final int[][] cuts;

  BlockCopies(
      RowLayout layout, List<PartMerger.Input> inputs, DropRule dropRule, RewriteLimits limits) {
    this.layout = layout;
    this.inputs = inputs;
    this.dropRule = dropRule;
    this.limits = limits;
    this.cuts = new int[inputs.size()][];
  }

  /// Asks the sink what it can take; false where that is nothing.
  boolean prepare(PartMerger.Sink sink) {
    boolean any = false;
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = sink.cuts(part(i));
      any |= cuts[i].length > 0;
    }
    return any;
  }

  Part part(int input) {
    return inputs.get(input).part();
  }

  @Override
  public int granules(int source, int granule, int ahead) {
    if (Arrays.binarySearch(cuts[source], granule) < 0) {
      return 0;
    }
    int found = Arrays.binarySearch(cuts[source], granule + ahead);
    int last = found >= 0 ? found : -found - 2;
    int end = cuts[source][last];
    boolean copies =
        end > granule && isWorthIt(part(source), granule, end) && staysAsItIs(source, granule, end);
    return copies ? end - granule : 0;
  }

  private boolean isWorthIt(Part part, int from, int to) {
    long rows = firstRow(part, to) - firstRow(part, from);
    return rows >= limits.copyRows() && rows >= (long) limits.granuleRows() * (to - from);
  }

  private static long firstRow(Part part, int granule) {
    return granule == part.granules() ? part.info().rows() : part.granuleFirstRow(granule);
  }

  private boolean staysAsItIs(int source, int from, int to) {
    Part part = part(source);
    RoaringBitmap deleted = inputs.get(source).deleted();
    if (deleted.intersects(firstRow(part, from), firstRow(part, to))) {
      return false;
    }
    for (int granule = from; dropRule.mayDrop() && granule < to; granule++) {
      if (layout.mayHide(part, granule)) {
        return false;
      }
    }
    return true;
  }
}
