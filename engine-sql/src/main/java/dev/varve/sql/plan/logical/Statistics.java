// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.sql.plan.logical.PartStatistics.Bounds;
import dev.varve.sql.plan.logical.PartStatistics.Rise;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.Part;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
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

  /// Whether no two rows of a view have the same value in a column of whole numbers, as each part's
  /// rise from row to row and no value lies within the bounds of two parts.
  boolean isUnique(TableView view, String column) {
    return rises(view, column, Rise.STRICT);
  }

  /// Whether rows of a view that have the same value in a column of whole numbers follow each other
  /// in one part, or end one and begin another.
  boolean isSorted(TableView view, String column) {
    return rises(view, column, Rise.RISING);
  }

  private boolean rises(TableView view, String column, Rise wanted) {
    Optional<DataType> type = view.definition().column(column).map(ColumnDefinition::type);
    if (type.isEmpty() || !isPlainNumber(type.get()) || view.stored().isPresent()) {
      return false;
    }
    List<long[]> bounds = new ArrayList<>();
    for (VisiblePart visible : view.partsRoughly()) {
      Part part = visible.part();
      if (part.granules() == 0) {
        continue;
      }
      if (!isStoredAs(part, column, type.get()) || parts.rise(part, column).compareTo(wanted) < 0) {
        return false;
      }
      bounds.add(
          new long[] {
            (Long) part.stats(column, 0).min(), (Long) part.stats(column, part.granules() - 1).max()
          });
    }
    bounds.sort(Comparator.<long[]>comparingLong(b -> b[0]).thenComparingLong(b -> b[1]));
    for (int i = 1; i < bounds.size(); i++) {
      long last = bounds.get(i - 1)[1];
      long first = bounds.get(i)[0];
      if (first < last || first == last && wanted == Rise.STRICT) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlainNumber(DataType type) {
    return type.physical().isLong()
        && !type.isNullable()
        && (type.physical() != Physical.INT64 || !type.isUnsigned());
  }

  // Values of another type may have another order, and several of them may become one.
  private static boolean isStoredAs(Part part, String column, DataType type) {
    return part.columns().stream()
        .anyMatch(stored -> stored.name().equals(column) && stored.type().equals(type));
  }
}
