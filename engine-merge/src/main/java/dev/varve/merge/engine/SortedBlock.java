// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rule.Collapser;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.PartSection;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The rows of a block of one partition as its part holds them: in which order, each key once where
/// the rule says so. Only columns that are combined are made ahead; the others are put in order one
/// after another when they are written, so that only one of them is held twice, in memory that is
/// warm. Read by several threads; lives as long as the block and the scratch it was made in.
final class SortedBlock {
  private final RowBlock block;
  private final Vector sequences;
  private final Collapser.Plan plan;
  private final int[] rows;
  private final int count;

  /// @param plan null where every row stays
  /// @param rows for each row of the part the one of the block, or null where all stay as they came
  private SortedBlock(
      RowBlock block, Vector sequences, Collapser.Plan plan, int[] rows, int count) {
    this.block = block;
    this.sequences = sequences;
    this.plan = plan;
    this.rows = rows;
    this.count = count;
  }

  /// @param sequences `_seq` of each row of the block, of any form
  static SortedBlock of(RowBlock block, Vector sequences, Scratch scratch) {
    TableShape shape = block.shape();
    List<Vector> keys = new ArrayList<>();
    for (int index : shape.keyIndexes()) {
      keys.add(block.column(index, scratch));
    }
    int[] all = new int[block.rows()];
    Arrays.setAll(all, i -> i);
    RowOrder order = RowOrder.of(shape.keyEncoder(), keys, block.rows(), all);
    int[] sorted = order.isSorted() ? null : order.rows();
    if (!shape.layout().rule().collapsesKeys() || order.groups().isUnique()) {
      return new SortedBlock(block, sequences, null, sorted, block.rows());
    }
    SortedBlock whole = new SortedBlock(block, sequences, null, sorted, block.rows());
    Collapser.Plan plan =
        shape.collapser().plan(column -> whole.column(column, scratch), order.groups(), scratch);
    int[] kept = new int[plan.rows()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = sorted == null ? plan.base()[i] : sorted[plan.base()[i]];
    }
    return new SortedBlock(block, sequences, plan, kept, kept.length);
  }

  int rows() {
    return count;
  }

  /// The columns of the part: the layout's, then those of the rule's state that some row needs.
  List<ColumnDefinition> columns() {
    return plan == null ? block.shape().layout().columns() : plan.definitions();
  }

  /// All rows of a column of the layout.
  private Vector column(int column, Scratch scratch) {
    Vector came = column == block.storedColumns() ? sequences : block.column(column, scratch);
    return rows == null ? came : VectorOps.gather(came, rows, count, scratch);
  }

  /// Writes the rows `[from, to)`, column by column.
  void write(int from, int to, PartSection section, Scratch scratch) {
    int[] picked = rows == null ? null : Arrays.copyOfRange(rows, from, to);
    int columns = columns().size();
    for (int c = 0; c < columns; c++) {
      int column = c;
      Vector combined = plan == null ? null : plan.combined().get(c);
      if (combined != null) {
        section.write(c, VectorOps.slice(combined, from, to - from, scratch));
      } else if (picked == null && c < block.storedColumns()) {
        block.pieces(c, from, to, scratch, piece -> section.write(column, piece));
      } else if (picked == null) {
        section.write(c, VectorOps.slice(sequences, from, to - from, scratch));
      } else {
        Vector came = c == block.storedColumns() ? sequences : block.column(c, scratch);
        section.write(c, VectorOps.gather(came, picked, picked.length, scratch));
      }
      scratch.reset();
    }
  }
}
