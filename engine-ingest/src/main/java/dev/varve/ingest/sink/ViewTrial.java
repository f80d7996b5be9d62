// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.merge.engine.MergeTable;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Tries rows on the materialized views over a table before they are in the log: what a view
/// refuses there would hold up its partition, as a record of the log must become visible.
///
/// A view may still refuse later what it took here, where it reads other tables or was changed
/// meanwhile. Safe for threads.
record ViewTrial(MergeTable table) {
  /// What views say against rows, by record. Nothing where a view would take no row at all, as its
  /// target is not there: that is no fault of the records.
  ///
  /// @param records gives for each row its record, ascending
  /// @param limit of records to find
  Map<Integer, String> refused(Batch rows, Supplier<int[]> records, Scratch scratch, int limit) {
    Map<Integer, String> refused = new TreeMap<>();
    if (rows.rows() > 0 && !table.feedsViews()) {
      return refused;
    }
    if (rows.rows() > 0 && !isTaken(rows) && isTaken(slice(rows, 0, 0, scratch))) {
      find(rows, records.get(), 0, rows.rows(), refused, scratch, limit);
    }
    return refused;
  }

  private boolean isTaken(Batch rows) {
    try {
      table.tryViews(rows);
      return true;
    } catch (VarveException refused) {
      return false; // who applies the rows finds out, and says so
    }
  }

  /// Halves what is refused until one record is left.
  private void find(
      Batch rows,
      int[] records,
      int from,
      int to,
      Map<Integer, String> refused,
      Scratch scratch,
      int limit) {
    if (from == to || refused.size() >= limit) {
      return;
    }
    try {
      table.tryViews(slice(rows, from, to, scratch));
    } catch (VarveException e) {
      if (records[from] == records[to - 1]) {
        refused.put(records[from], e.getMessage());
        return;
      }
      int middle = middle(records, from, to);
      find(rows, records, from, middle, refused, scratch, limit);
      find(rows, records, middle, to, refused, scratch, limit);
    }
  }

  /// Where a record begins, near the middle, with rows before and after.
  private static int middle(int[] records, int from, int to) {
    int middle = (from + to) >>> 1;
    int up = middle;
    while (up < to && records[up] == records[up - 1]) {
      up++;
    }
    if (up < to) {
      return up;
    }
    while (records[middle] == records[middle - 1]) {
      middle--;
    }
    return middle;
  }

  private static Batch slice(Batch rows, int from, int to, Scratch scratch) {
    if (from == 0 && to == rows.rows()) {
      return rows;
    }
    int[] picked = IntStream.range(from, to).toArray();
    List<Vector> columns = new ArrayList<>();
    for (Vector column : rows.columns()) {
      columns.add(VectorOps.gather(column, picked, picked.length, scratch));
    }
    return new Batch(picked.length, columns);
  }
}
