// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/// What a partition's log is where several servers keep it: a follower appends what the leader has,
/// a leader gives away what is not committed yet, and nothing is shown before it is on all disks in
/// sync. Safe for threads. A log of one server alone never comes here.
public final class ReplicaLog {
  private final PartitionLog log;
  private final NavigableMap<Long, Segment> segments;
  private final LogReader reader;
  private final Set<Runnable> appendListeners = ConcurrentHashMap.newKeySet();
  private volatile LongConsumer syncListener;
  private volatile long replicatedEnd = Long.MAX_VALUE;

  ReplicaLog(PartitionLog log, NavigableMap<Long, Segment> segments, LogReader reader) {
    this.log = log;
    this.segments = segments;
    this.reader = reader;
  }

  /// From now on others keep the log too. Readers see nothing until it is known to be committed.
  ///
  /// @param synced told how far the log is on this server's disk
  public void share(LongConsumer synced) {
    reader.show(segments.firstKey(), segments.firstKey(), 0);
    replicatedEnd = log.startOffset();
    syncListener = synced;
  }

  boolean isShared() {
    return syncListener != null;
  }

  /// What a batch must become here before it is answered: others count on what is on the disk.
  public Durability answeredAt(Durability asked) {
    return isShared() ? Durability.SYNCED : log.settings().answeredAt(asked);
  }

  /// The offset up to which all in sync have the log; beyond any where there is one server.
  public long replicatedEnd() {
    return replicatedEnd;
  }

  /// All in sync have the log up to here.
  public void replicated(long end) {
    replicatedEnd = end;
  }

  /// Shows readers everything before an offset at which a batch begins.
  public void show(long end) throws IOException {
    if (end <= log.highWatermark()) {
      return;
    }
    Map.Entry<Long, Segment> entry = segments.floorEntry(end);
    Segment segment = entry.getValue();
    reader.show(end, segment.baseOffset(), segment.locate(end));
    log.tellCommitted();
  }

  /// Appends the whole batches that a leader sent, from the first on that is not here; a batch that
  /// is cut off stays away.
  ///
  /// @return how many bytes were taken
  /// @throws RefusedException CORRUPT_MESSAGE for a damaged batch, or one that does not follow
  public int copy(byte[] bytes) {
    int at = 0;
    while (at + BatchLayout.HEADER_BYTES <= bytes.length) {
      int size = BatchLayout.size(bytes, at);
      if (size < BatchLayout.HEADER_BYTES || at + size > bytes.length) {
        return at;
      }
      long base = BatchLayout.baseOffset(bytes, at);
      long end = base + BatchLayout.lastOffsetDelta(bytes, at) + 1;
      if (end > log.endOffset()) {
        if (base != log.endOffset() || !BatchLayout.isIntact(bytes, at)) {
          throw new RefusedException(
              Refusal.CORRUPT_MESSAGE,
              "the leader sent a batch at offset "
                  + base
                  + " that is damaged or does not follow "
                  + log.endOffset());
        }
        log.copy(bytes, at, size);
      }
      at += size;
    }
    return at;
  }

  /// Batches from the one on that holds an offset, committed or not.
  public LogSlice slice(long offset, int maxBytes, boolean wholeFirst) {
    return reader.sliceOfAll(offset, maxBytes, wholeFirst);
  }

  /// The epoch of the last record; -1 for an empty log.
  public int lastEpoch() {
    long end = log.endOffset();
    return end == log.startOffset() ? -1 : log.epochs().at(end - 1);
  }

  /// Calls back after each append, until [#removeAppendListener].
  public void addAppendListener(Runnable listener) {
    appendListeners.add(listener);
  }

  public void removeAppendListener(Runnable listener) {
    appendListeners.remove(listener);
  }

  void appended() {
    if (!appendListeners.isEmpty()) {
      appendListeners.forEach(Runnable::run);
    }
  }

  void synced(long end) {
    LongConsumer listener = syncListener;
    if (listener != null) {
      listener.accept(end);
    }
  }
}
