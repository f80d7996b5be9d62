// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.SeqStep;
import dev.varve.storage.table.SeqSteps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gives rows their place in the order of inserts (`_seq`). Safe for threads.
///
/// A row of the log has a sequence that follows from its offset and the steps, so that replay gives
/// it the same again. An INSERT takes one above all given and adds a step for each log partition at
/// the first offset that has no sequence yet. The steps must be in the commit of every part written
/// from here, see [SeqStep].
final class Sequences {
  private final int stride;
  private final SeqSteps steps;
  private final Map<Integer, Long> assigned;
  private long greatest;
  private int unpublished;

  /// @param stride log partitions of the table; never changes
  Sequences(int stride, CatalogTable table) {
    this.stride = stride;
    this.steps = SeqSteps.of(table.steps());
    this.assigned = new HashMap<>(table.offsets());
    raise(table);
  }

  /// Others have come so far in the table: what is given from here on is above.
  synchronized void raise(CatalogTable table) {
    greatest = Math.max(greatest, table.sequence());
    for (PartInfo part : table.parts().values()) {
      greatest = Math.max(greatest, part.sequences().last());
    }
    for (SeqStep step : table.steps()) {
      steps.put(step);
      greatest = Math.max(greatest, step.base() + step.from() * stride);
    }
  }

  /// The sequence of a block of an INSERT: above all given before it, below all given after. The
  /// caller calls [#published] when the rows are visible or given up.
  ///
  /// @param count how many in a row are taken
  /// @return the first of them
  synchronized long ofInsert(long count) {
    long first = greatest + 1;
    greatest += count;
    unpublished++;
    for (int partition = 0; partition < stride; partition++) {
      long from = assigned.getOrDefault(partition, 0L);
      long base = Math.floorDiv(greatest - from * stride, stride) * stride + stride;
      steps.put(new SeqStep(partition, from, base));
    }
    return first;
  }

  /// Takes over what rows of an INSERT had before a crash. They are visible when this is called, or
  /// before anybody asks.
  ///
  /// @param last the greatest sequence of these rows
  synchronized void restore(long last, List<SeqStep> after) {
    greatest = Math.max(greatest, last);
    for (SeqStep step : after) {
      steps.put(step);
      greatest = Math.max(greatest, step.base() + step.from() * stride);
    }
  }

  /// The sequences of rows at these offsets, which are then taken. The caller calls [#published]
  /// when the rows are visible or taken back.
  synchronized long[] ofLog(LogRange source, long[] offsets) {
    int partition = source.partition();
    if (partition >= stride) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "log partition "
              + partition
              + " of a table with "
              + stride
              + (stride == 1 ? " shard" : " shards")
              + "; set `shards` in CREATE TABLE");
    }
    unpublished++;
    long[] sequences = new long[offsets.length];
    long base = 0;
    long change = Long.MIN_VALUE;
    for (int i = 0; i < offsets.length; i++) {
      if (i == 0 || offsets[i] >= change || offsets[i] < offsets[i - 1]) {
        base = steps.base(partition, offsets[i]);
        change = steps.nextChange(partition, offsets[i]);
      }
      sequences[i] = base + offsets[i] * stride + partition;
      greatest = Math.max(greatest, sequences[i]);
    }
    assigned.merge(partition, source.to(), Math::max);
    return sequences;
  }

  /// So many calls for sequences have come to their end.
  synchronized void published(int calls) {
    unpublished -= calls;
    assert unpublished >= 0;
  }

  /// Whether every row that has a sequence is visible (or given up), so that all rows still to come
  /// are newer than those that are there. Ask first, then look at the parts.
  synchronized boolean areAllPublished() {
    return unpublished == 0;
  }

  /// The first offset of a log partition that has no sequence yet.
  synchronized long next(int partition) {
    return assigned.getOrDefault(partition, 0L);
  }

  /// Takes back what [#ofLog] gave to rows that did not become visible after all. They get the same
  /// sequences when they come again.
  synchronized void takeBack(int partition, long next) {
    assigned.put(partition, next);
  }

  synchronized List<SeqStep> steps() {
    return steps.list();
  }

  /// Forgets steps that only rows in parts relied on.
  synchronized void forget(Map<Integer, Long> durable) {
    steps.prune(durable);
  }
}
