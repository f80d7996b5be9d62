// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import java.util.List;

/// Batches that follow each other; either all need a sync, the same one, or none does. Guarded by
/// the queue's lock.
final class CommitGroup {
  private final List<Waiting> batches;
  private final boolean syncs;
  private final long endOffset;
  private boolean isSynced;

  CommitGroup(List<Waiting> batches, boolean syncs) {
    this.batches = batches;
    this.syncs = syncs;
    this.endOffset = batches.stream().mapToLong(each -> each.at().endOffset()).max().orElse(0);
  }

  List<Waiting> batches() {
    return batches;
  }

  boolean syncs() {
    return syncs;
  }

  long endOffset() {
    return endOffset;
  }

  /// Whether its sync is over, well or not.
  boolean isSynced() {
    return isSynced;
  }

  void synced() {
    isSynced = true;
  }
}
