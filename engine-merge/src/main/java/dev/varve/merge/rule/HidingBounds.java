// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.part.Part;
import dev.varve.storage.type.DataType;
import java.math.BigInteger;
import java.util.List;

/// Tells from the bounds of a granule that all its rows count, so that it need not be read for
/// that.
final class HidingBounds {
  private HidingBounds() {}

  static boolean mayHide(RowLayout layout, Part part, int granule) {
    return switch (layout.rule()) {
      case MergeRule.Plain _, MergeRule.Aggregating _ -> false;
      case MergeRule.Replacing replacing ->
          replacing.isDeleted().isPresent()
              && !isAlways(part, replacing.isDeleted().get(), granule, 0, 0);
      case MergeRule.Collapsing(String sign) -> mayCancel(part, sign, granule, true);
      case MergeRule.VersionedCollapsing(String sign, String _) ->
          mayCancel(part, sign, granule, false);
      case MergeRule.Summing summing -> maySumToZero(layout, summing, part, granule);
    };
  }

  private static boolean mayCancel(Part part, String sign, int granule, boolean inOrder) {
    boolean plus = isAlways(part, sign, granule, 1, 1);
    boolean counts =
        !part.hasColumn(RowLayout.NET)
            || isAlways(part, RowLayout.NET, granule, 1, Long.MAX_VALUE)
            || (inOrder
                && isAlways(part, RowLayout.NET, granule, 0, Long.MAX_VALUE)
                && isAlways(part, RowLayout.LAST_SIGN, granule, 1, 1));
    return !plus || !counts;
  }

  private static boolean isAlways(Part part, String column, int granule, long least, long most) {
    ColumnStats stats = part.hasColumn(column) ? part.stats(column, granule) : null;
    return stats != null
        && stats.nulls() == 0
        && stats.min() instanceof Long min
        && stats.max() instanceof Long max
        && min >= least
        && max <= most;
  }

  private static boolean maySumToZero(
      RowLayout layout, MergeRule.Summing rule, Part part, int granule) {
    List<String> summed = CombiningMerger.zeroColumns(layout, rule);
    for (String column : summed) {
      ColumnStats stats = part.hasColumn(column) ? part.stats(column, granule) : null;
      if (stats != null
          && stats.nulls() == 0
          && isNeverZero(stats, layout.column(column).orElseThrow().type())) {
        return false;
      }
    }
    return !summed.isEmpty();
  }

  private static boolean isNeverZero(ColumnStats stats, DataType type) {
    if (type.isNullable()) {
      return true; // none is NULL, and a zero of such a column counts
    }
    if (stats.min() == null || stats.max() == null) {
      return false;
    }
    return switch (stats.min()) {
      case Long min -> type.isUnsigned() ? min != 0 : min > 0 || (Long) stats.max() < 0;
      case BigInteger min -> min.signum() > 0 || ((BigInteger) stats.max()).signum() < 0;
      case Double min -> min > 0 || (Double) stats.max() < 0;
      default -> false;
    };
  }
}
