// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableName;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Progress of a merge, and the way to stop it. Safe for threads.
final class RunningMerge {
  private final TableName table;
  private final List<HeldPart> inputs;
  private final long startedMillis;
  private final boolean inBackground;
  private final BufferAllocator memory;
  private final MergePace pace;
  private volatile long rowsRead;
  private volatile long rowsWritten;
  private volatile long bytesWritten;
  private volatile boolean cancelled;

  /// @param inBackground whether the scheduler chose it, not a user
  /// @param memory of this merge alone
  RunningMerge(
      TableName table,
      List<HeldPart> inputs,
      long startedMillis,
      boolean inBackground,
      BufferAllocator memory,
      MergePace pace) {
    this.table = table;
    this.inputs = List.copyOf(inputs);
    this.startedMillis = startedMillis;
    this.inBackground = inBackground;
    this.memory = memory;
    this.pace = pace;
  }

  boolean isInBackground() {
    return inBackground;
  }

  String partition() {
    return inputs.getFirst().part().info().partition();
  }

  /// Notes how far it is; false to stop it.
  boolean proceed(long read, long written, long bytes) {
    rowsRead = read;
    rowsWritten = written;
    bytesWritten = bytes;
    if (inBackground && !cancelled) {
      pace.step();
    }
    return !cancelled;
  }

  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  private static String resultName(List<PartInfo> inputs) {
    PartInfo first = inputs.getFirst();
    SeqRange sequences = first.sequences();
    int level = 0;
    for (PartInfo input : inputs) {
      sequences = sequences.union(input.sequences());
      level = Math.max(level, input.level());
    }
    return PartName.of(first.partition(), sequences, level + 1);
  }

  MergeProgress progress() {
    List<PartInfo> infos = inputs.stream().map(part -> part.part().info()).toList();
    return new MergeProgress(
        table,
        infos.getFirst().partition(),
        infos.stream().map(PartName::of).toList(),
        resultName(infos),
        rowsRead,
        infos.stream().mapToLong(PartInfo::rows).sum(),
        infos.stream().mapToLong(PartInfo::bytes).sum(),
        rowsWritten,
        bytesWritten,
        memory.getAllocatedMemory(),
        inBackground,
        startedMillis);
  }
}
