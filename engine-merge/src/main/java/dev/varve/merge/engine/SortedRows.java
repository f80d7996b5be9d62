// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rule.Collapser.Collapsed;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The rows of one partition as a part holds them: sorted, each key once where the rule says so.
/// The vectors live in the scratch they were made in.
record SortedRows(String partition, List<ColumnDefinition> columns, Batch rows) {

  /// Hands on the rows of a block, partition by partition.
  ///
  /// @param sequences `_seq` of each row of the block, of any form
  static void of(RowBlock block, Vector sequences, Scratch scratch, Consumer<SortedRows> to) {
    TableShape shape = block.shape();
    List<Vector> all = new ArrayList<>();
    for (int i = 0; i < block.storedColumns(); i++) {
      all.add(block.column(i, scratch));
    }
    all.add(sequences);
    int[][] picked = block.rowsByPartition();
    for (int p = 0; p < picked.length; p++) {
      to.accept(sort(shape, block.partition(p), all, block.rows(), picked[p], scratch));
    }
  }

  private static SortedRows sort(
      TableShape shape,
      String partition,
      List<Vector> all,
      int allRows,
      int[] picked,
      Scratch scratch) {
    RowOrder order = RowOrder.of(shape.keyEncoder(), shape.keys(all), allRows, picked);
    List<Vector> sorted = all;
    if (!order.isSorted() || picked.length < allRows) {
      sorted = new ArrayList<>(all.size());
      for (Vector column : all) {
        sorted.add(VectorOps.gather(column, order.rows(), picked.length, scratch));
      }
    }
    List<ColumnDefinition> columns = shape.layout().columns();
    if (!shape.layout().rule().collapsesKeys() || order.groups().isUnique()) {
      return new SortedRows(partition, columns, new Batch(picked.length, sorted));
    }
    Collapsed collapsed = shape.collapser().collapse(sorted, order.groups(), scratch);
    return new SortedRows(
        partition, collapsed.definitions(), new Batch(collapsed.rows(), collapsed.columns()));
  }
}
