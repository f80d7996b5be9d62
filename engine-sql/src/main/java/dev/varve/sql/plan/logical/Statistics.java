// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.VisiblePart;
import dev.varve.sql.plan.logical.PartStatistics.Bounds;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What is known of the parts of a view, as of the table as a whole.
final class Statistics {
  private record Key(MergeTable table, String column) {}

  private final Views views;
  private final PartStatistics parts;
  private final Map<Key, Optional<Bounds>> bounds = new HashMap<>();
  private final Map<Key, Double> distinct = new HashMap<>();

  Statistics(Views views, PartStatistics parts) {
    this.views = views;
    this.parts = parts;
  }

  double rows(MergeTable table) {
    double rows = 0;
    for (VisiblePart part : views.of(table).partsRoughly()) {
      rows += part.part().info().rows() - part.dead().total();
    }
    return rows;
  }

  Optional<Bounds> bounds(MergeTable table, String column) {
    return bounds.computeIfAbsent(
        new Key(table, column),
        _ ->
            views.of(table).partsRoughly().stream()
                .flatMap(visible -> parts.bounds(visible.part(), column).stream())
                .reduce(Bounds::union));
  }

  /// A guess at the distinct values of a column: those of the largest part, if the others are like
  /// it.
  double distinct(MergeTable table, String column) {
    return distinct.computeIfAbsent(
        new Key(table, column),
        _ -> {
          VisiblePart largest = null;
          for (VisiblePart visible : views.of(table).partsRoughly()) {
            if (largest == null || visible.part().info().rows() > largest.part().info().rows()) {
              largest = visible;
            }
          }
          if (largest == null) {
            return 1.0;
          }
          double rows = rows(table);
          double of = largest.part().info().rows();
          double found = parts.distinct(largest.part(), column);
          // Where nearly each row has a value of its own, so have those of the other parts.
          double all = found > of / 20 ? found * Math.max(1, rows / of) : found;
          return Math.min(all, bounds(table, column).map(Bounds::values).orElse(all));
        });
  }
}
