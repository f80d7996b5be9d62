// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Masks;
import dev.varve.sql.hash.KeySet;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The keys of a join above, as a scan uses them: granules whose bounds hold none of them are not
/// read, rows whose value is none of them are dropped before other columns are decoded.
///
/// @param column position among the scan's columns
record JoinKeyFilter(KeySet keys, int column, String name) {
  /// Those that are known when the scan is opened.
  static List<JoinKeyFilter> of(TableScan scan, QueryContext context) {
    List<JoinKeyFilter> filters = new ArrayList<>();
    for (TableScan.JoinKeys wanted : scan.joinKeys()) {
      context
          .keySet(wanted.slot())
          .ifPresent(keys ->
              filters.add(
                  new JoinKeyFilter(
                      keys, wanted.column(), scan.columns().get(wanted.column()).name())));
    }
    return filters;
  }

  /// What is left of a part's wanted granules; null for all on either side.
  static long[] narrow(List<JoinKeyFilter> filters, Part part, long[] wanted) {
    long[] left = wanted;
    for (JoinKeyFilter filter : filters) {
      left = filter.narrow(part, left);
    }
    return left;
  }

  private long[] narrow(Part part, long[] wanted) {
    long[] left = wanted;
    for (int g = 0; g < part.granules(); g++) {
      boolean still = left == null || (left[g >>> 6] >>> g & 1) != 0;
      if (still && !mayMatch(part, g)) {
        left = left == null ? Masks.all(part.granules()) : left == wanted ? copy(left) : left;
        left[g >>> 6] &= ~(1L << g);
      }
    }
    return left;
  }

  private static long[] copy(long[] words) {
    return Arrays.copyOf(words, words.length);
  }

  private boolean mayMatch(Part part, int granule) {
    if (keys.isEmpty()) {
      return false;
    }
    if (!part.hasColumn(name)) {
      return true;
    }
    ColumnStats stats = part.bounds(name, granule);
    return stats == null
        || !(stats.min() instanceof Long low)
        || !(stats.max() instanceof Long high)
        || low > high
        || keys.mayMeet(low, high);
  }

  /// Whether every row of a granule passes, so that no row need be tested.
  boolean passesAll(Part part, int granule) {
    if (!part.hasColumn(name)) {
      return false;
    }
    ColumnStats stats = part.bounds(name, granule);
    return stats != null
        && stats.nulls() == 0
        && stats.min() instanceof Long low
        && stats.max() instanceof Long high
        && low <= high
        && keys.coversAll(low, high);
  }
}
