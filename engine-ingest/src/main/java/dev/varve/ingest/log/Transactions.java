// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The transactions of a partition: which are open, since what offset, and which were aborted. From
/// it follows how far a reader of committed records may go, and what it must leave out.
///
/// A transaction counts as open until its end is committed in the log, not only written. Safe for
/// threads.
final class Transactions {
  private static final int OPEN_BYTES = 16;
  private static final int ABORTED_BYTES = 24;

  /// A transaction that has ended, its last offset being that of the marker.
  private record Ended(long firstOffset, long lastOffset) {}

  private final Map<Long, Long> openSince = new HashMap<>();
  private final List<Ended> endedLately = new ArrayList<>();
  private final List<AbortedTransaction> aborted = new ArrayList<>();
  private volatile long firstUnstable = Long.MAX_VALUE;

  /// Tells of a stamped batch that is in the log now.
  synchronized void appended(byte[] batch, int at) {
    if (!BatchLayout.isTransactional(batch, at)) {
      return;
    }
    long producer = BatchLayout.producerId(batch, at);
    long offset = BatchLayout.baseOffset(batch, at);
    if (!BatchLayout.isControl(batch, at)) {
      openSince.putIfAbsent(producer, offset);
    } else {
      ended(producer, offset, MarkerLayout.isCommit(batch, at));
    }
    refresh();
  }

  private void ended(long producer, long offset, boolean isCommit) {
    Long since = openSince.remove(producer);
    if (since == null) {
      return; // a marker that was written again
    }
    endedLately.add(new Ended(since, offset));
    if (!isCommit) {
      aborted.add(new AbortedTransaction(producer, since, offset));
    }
  }

  /// Tells how far the log is committed.
  synchronized void committed(long highWatermark) {
    if (!endedLately.isEmpty() && endedLately.removeIf(e -> e.lastOffset < highWatermark)) {
      refresh();
    }
  }

  private void refresh() {
    long first = Long.MAX_VALUE;
    for (long since : openSince.values()) {
      first = Math.min(first, since);
    }
    for (Ended ended : endedLately) {
      first = Math.min(first, ended.firstOffset);
    }
    firstUnstable = first;
  }

  /// The first offset whose fate is open; Long.MAX_VALUE if there is none.
  long firstUnstable() {
    return firstUnstable;
  }

  /// Aborted transactions with records from one offset on, up to another.
  synchronized List<AbortedTransaction> aborted(long from, long to) {
    List<AbortedTransaction> found = new ArrayList<>();
    for (int i = aborted.size() - 1; i >= 0 && aborted.get(i).lastOffset() >= from; i--) {
      if (aborted.get(i).firstOffset() < to) {
        found.addFirst(aborted.get(i));
      }
    }
    return found;
  }

  /// Open transactions, by the id of their producer.
  synchronized Map<Long, Long> open() {
    return Map.copyOf(openSince);
  }

  /// Takes what is open for aborted: its producers are unknown from here on.
  synchronized void abandon(long endOffset) {
    openSince.forEach(
        (producer, since) -> aborted.add(new AbortedTransaction(producer, since, endOffset - 1)));
    openSince.clear();
    endedLately.clear();
    refresh();
  }

  /// Forgets aborted transactions whose records are gone.
  synchronized void forgetBefore(long startOffset) {
    aborted.removeIf(a -> a.lastOffset() < startOffset);
  }

  synchronized int snapshotBytes() {
    return 2 * Integer.BYTES + openSince.size() * OPEN_BYTES + aborted.size() * ABORTED_BYTES;
  }

  synchronized void snapshot(ByteBuffer out) {
    out.putInt(openSince.size());
    openSince.forEach((producer, since) -> out.putLong(producer).putLong(since));
    out.putInt(aborted.size());
    for (AbortedTransaction each : aborted) {
      out.putLong(each.producerId()).putLong(each.firstOffset()).putLong(each.lastOffset());
    }
  }

  /// Takes a snapshot in; false if it is cut off.
  synchronized boolean restore(ByteBuffer in) {
    clear();
    if (in.remaining() < Integer.BYTES) {
      return false;
    }
    int open = in.getInt();
    if (open < 0 || in.remaining() < (long) open * OPEN_BYTES + Integer.BYTES) {
      return false;
    }
    for (int i = 0; i < open; i++) {
      openSince.put(in.getLong(), in.getLong());
    }
    int ended = in.getInt();
    if (ended < 0 || in.remaining() != (long) ended * ABORTED_BYTES) {
      return false;
    }
    for (int i = 0; i < ended; i++) {
      aborted.add(new AbortedTransaction(in.getLong(), in.getLong(), in.getLong()));
    }
    refresh();
    return true;
  }

  synchronized void clear() {
    openSince.clear();
    endedLately.clear();
    aborted.clear();
    firstUnstable = Long.MAX_VALUE;
  }
}
