// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.part.Part;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the bounds that parts keep tell of a column's values as a whole.
final class Statistics {
  /// Bounds of a column of whole numbers (dates and decimals unscaled among them).
  record Bounds(double low, double high) {
    /// No more distinct values than this.
    double values() {
      return high - low + 1;
    }

    /// The part of values below a point, if they are spread evenly.
    double below(double point) {
      return Math.clamp((point - low) / Math.max(1, high - low), 0.0, 1.0);
    }
  }

  private record Key(MergeTable table, String column) {}

  private final Views views;
  private final Map<Key, Optional<Bounds>> known = new HashMap<>();

  Statistics(Views views) {
    this.views = views;
  }

  double rows(MergeTable table) {
    double rows = 0;
    for (VisiblePart part : views.of(table).parts()) {
      rows += part.part().info().rows() - part.dead().total();
    }
    return rows;
  }

  Optional<Bounds> bounds(MergeTable table, String column) {
    return known.computeIfAbsent(new Key(table, column), _ -> compute(table, column));
  }

  private Optional<Bounds> compute(MergeTable table, String column) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (VisiblePart visible : views.of(table).parts()) {
      Part part = visible.part();
      for (int granule = 0; granule < part.granules(); granule++) {
        ColumnStats stats = part.hasColumn(column) ? part.stats(column, granule) : null;
        if (stats != null
            && stats.min() instanceof Number min
            && stats.max() instanceof Number max) {
          low = Math.min(low, min.doubleValue());
          high = Math.max(high, max.doubleValue());
        }
      }
    }
    return low <= high ? Optional.of(new Bounds(low, high)) : Optional.empty();
  }
}
