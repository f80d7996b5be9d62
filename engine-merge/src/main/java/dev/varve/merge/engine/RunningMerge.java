// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rewrite.PartMerger;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableName;
import java.util.List;

/// Progress of a merge, and the way to stop it. Safe for threads.
final class RunningMerge implements PartMerger.Watcher {
  private final TableName table;
  private final List<HeldPart> inputs;
  private final long resultId;
  private final long startedMillis;
  private final boolean inBackground;
  private volatile long rowsRead;
  private volatile boolean cancelled;

  RunningMerge(
      TableName table,
      List<HeldPart> inputs,
      long resultId,
      long startedMillis,
      boolean inBackground) {
    this.table = table;
    this.inputs = inputs;
    this.resultId = resultId;
    this.startedMillis = startedMillis;
    this.inBackground = inBackground;
  }

  /// Whether the scheduler chose it, not a user.
  boolean isInBackground() {
    return inBackground;
  }

  @Override
  public boolean proceed(long rows) {
    rowsRead = rows;
    return !cancelled;
  }

  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  MergeProgress progress() {
    List<PartInfo> infos = inputs.stream().map(part -> part.part().info()).toList();
    return new MergeProgress(
        table,
        infos.getFirst().partition(),
        infos.stream().map(PartInfo::name).toList(),
        "part-" + resultId,
        rowsRead,
        infos.stream().mapToLong(PartInfo::rows).sum(),
        infos.stream().mapToLong(PartInfo::bytes).sum(),
        startedMillis);
  }
}
