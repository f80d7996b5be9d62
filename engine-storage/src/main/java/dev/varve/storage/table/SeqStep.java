// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

/// From offset `from` on, the row at offset `o` of log partition `p` has the sequence `base + o *
/// stride + p`, until the next step; the stride is the table's number of log partitions and divides
/// `base`, so that no two rows of the log share a sequence.
///
/// An INSERT takes a sequence above all given ones and adds a step for each log partition, so that
/// the log's later rows are newer than it. Steps are part of the commit of every part that relies
/// on them: so replay after a crash gives each row the sequence it had, and no answer changes.
public record SeqStep(int partition, long from, long base) {
  public SeqStep {
    if (partition < 0 || from < 0) {
      throw new IllegalArgumentException(
          "not a step: partition " + partition + " from offset " + from);
    }
  }
}
