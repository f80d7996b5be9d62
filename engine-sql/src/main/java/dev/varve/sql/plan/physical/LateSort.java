// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.operator.LateColumns;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Sort;
import dev.varve.sql.operator.SortKey;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.operator.VirtualColumn;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// ORDER BY with a small LIMIT over a wide scan: the sort carries what decides the order and where
/// the row lies; the other columns are read for the rows that are left.
final class LateSort {
  static final long MOST_ROWS = 1000;

  /// With fewer columns to read late, carrying them costs less than finding the rows again.
  private static final int FEWEST_COLUMNS = 4;

  private LateSort() {}

  /// Such a plan, where it is worth it.
  static Optional<Operator> of(Operator input, List<SortKey> keys, long offset, long limit) {
    if (!(input instanceof TableScan scan)
        || limit < 0
        || limit > MOST_ROWS
        || offset > MOST_ROWS - limit
        || isTaken(scan, VirtualColumn.PART_INDEX)
        || isTaken(scan, VirtualColumn.PART_OFFSET)) {
      return Optional.empty();
    }
    BitSet early = new BitSet();
    keys.forEach(key -> early.set(scan.output().get(key.column())));
    scan.conjuncts().forEach(conjunct -> conjunct.collectInputs(early));
    for (int c = 0; c < scan.columns().size(); c++) {
      if (VirtualColumn.of(scan.columns().get(c).name()).isPresent()) {
        early.set(c);
      }
    }
    long late = scan.output().stream().filter(c -> !early.get(c)).distinct().count();
    return late < FEWEST_COLUMNS
        ? Optional.empty()
        : Optional.of(late(scan, early, keys, offset, limit));
  }

  private static boolean isTaken(TableScan scan, VirtualColumn column) {
    return scan.view().definition().column(column.columnName()).isPresent();
  }

  private static Operator late(
      TableScan scan, BitSet early, List<SortKey> keys, long offset, long limit) {
    List<TableScan.Column> columns = new ArrayList<>(scan.columns());
    List<Integer> narrow = new ArrayList<>();
    List<Integer> carried = new ArrayList<>();
    List<TableScan.Column> late = new ArrayList<>();
    for (int c : scan.output()) {
      if (early.get(c)) {
        carried.add(narrow.size());
        narrow.add(c);
        late.add(null);
      } else {
        carried.add(-1);
        late.add(scan.columns().get(c));
      }
    }
    for (VirtualColumn place : List.of(VirtualColumn.PART_INDEX, VirtualColumn.PART_OFFSET)) {
      narrow.add(columns.size());
      columns.add(new TableScan.Column(place.columnName(), place.type(List.of()), null));
    }
    TableScan places =
        new TableScan(scan.view(), columns, scan.conjuncts(), narrow, scan.granules());
    List<SortKey> narrowKeys =
        keys.stream()
            .map(key -> new SortKey(carried.get(key.column()), key.descending(), key.nullsFirst()))
            .toList();
    return new LateColumns(new Sort(places, narrowKeys, offset, limit), scan, carried, late);
  }
}
