// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.TableView;
import dev.varve.merge.rule.MergeRule;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.vector.Batch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One table: its parts, its runs in memory, its merge rule. Safe for threads.
public final class MergeTable {
  private MergeTable() {}

  public TableDefinition definition() {
    throw new UnsupportedOperationException("not built yet");
  }

  public MergeRule rule() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// The rows that count, as of now: everything acknowledged before this call is in it.
  ///
  /// @param exact false shows raw rows (`final = 0`)
  public TableView view(boolean exact) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Starts an INSERT. Nothing is visible until it is committed, then everything is at once.
  public TableInsert insert() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Makes the rows of a piece of a log partition visible, from memory. Called in offset order for
  /// each partition, after the records are in the log; the log makes them durable. The batch holds
  /// the insertable columns ([#insertColumns()]) and is copied; row `i` has offset `offsets[i]`.
  public void applyLog(Batch rows, long[] offsets, LogRange source) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// For each log partition, the offset up to which records are in durable parts: where replay
  /// starts after a restart.
  public Map<Integer, Long> durableOffsets() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// For each log partition, the offset up to which records are visible.
  public Map<Integer, Long> appliedOffsets() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Writes the runs in memory to a part and commits it together with their offsets.
  public void flush() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// The columns an INSERT without a column list fills, in order.
  public List<dev.varve.storage.column.ColumnDefinition> insertColumns() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Merges now. With `full`, until each partition has one part.
  ///
  /// @param partition only this one, or all
  public void optimize(Optional<String> partition, boolean full) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Removes all rows.
  public void truncate() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Active parts and memory runs, for `system.parts`.
  public List<Part> parts() {
    throw new UnsupportedOperationException("not built yet");
  }
}
