// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.LongSupplier;

/// What readers of a partition see: the batches below the high watermark, or, for those who want
/// only what is decided, below the last stable offset. Safe for threads.
final class LogReader {
  /// Readers stop here: an offset, and where it lies.
  private record Limit(long offset, long segment, int position) {}

  private final NavigableMap<Long, Segment> segments;
  private final Transactions transactions;
  private final LongSupplier startOffset;
  private volatile Limit committed;

  LogReader(
      NavigableMap<Long, Segment> segments, Transactions transactions, LongSupplier startOffset) {
    this.segments = segments;
    this.transactions = transactions;
    this.startOffset = startOffset;
  }

  /// Shows everything up to an offset, which is at this position of a segment.
  void show(long offset, long segment, int position) {
    committed = new Limit(offset, segment, position);
    transactions.committed(offset);
  }

  long highWatermark() {
    return committed.offset;
  }

  long lastStableOffset() {
    return Math.min(committed.offset, transactions.firstUnstable());
  }

  private Limit stable() throws IOException {
    Limit limit = committed;
    long stable = Math.min(limit.offset, transactions.firstUnstable());
    Map.Entry<Long, Segment> entry = segments.floorEntry(stable);
    if (stable == limit.offset || entry == null) {
      return limit;
    }
    Segment segment = entry.getValue();
    return new Limit(stable, segment.baseOffset(), segment.locate(stable));
  }

  /// As [PartitionLog#slice].
  LogSlice slice(long offset, int maxBytes, boolean wholeFirst, boolean stableOnly) {
    if (offset > committed.offset) {
      throw outOfRange(offset);
    }
    try {
      return slice(offset, maxBytes, wholeFirst, stableOnly ? stable() : committed);
    } catch (IOException e) {
      throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, e.getMessage());
    }
  }

  /// As [#slice], of all that is written, committed or not.
  LogSlice sliceOfAll(long offset, int maxBytes, boolean wholeFirst) {
    Segment last = segments.lastEntry().getValue();
    Limit limit = new Limit(last.nextOffset(), last.baseOffset(), last.size());
    if (offset > limit.offset) {
      throw outOfRange(offset);
    }
    return slice(offset, maxBytes, wholeFirst, limit);
  }

  private LogSlice slice(long offset, int maxBytes, boolean wholeFirst, Limit limit) {
    if (offset < startOffset.getAsLong()) {
      throw outOfRange(offset);
    }
    Map.Entry<Long, Segment> entry = segments.floorEntry(offset);
    try {
      if (offset >= limit.offset || entry == null) {
        return LogSlice.nothing(offset);
      }
      Segment segment = entry.getValue();
      int position = segment.locate(offset);
      int end =
          segment.baseOffset() == limit.segment
              ? Math.min(limit.position, segment.size())
              : segment.size();
      int wanted = wholeFirst ? Math.max(maxBytes, segment.batchSize(position)) : maxBytes;
      int size = Math.max(0, Math.min(wanted, end - position));
      long endOffset = Math.min(limit.offset, segment.endOffsetAt(position + size));
      return new LogSlice(segment.channel(), position, size, endOffset);
    } catch (ClosedChannelException e) {
      Map.Entry<Long, Segment> now = segments.floorEntry(offset);
      if (now != null && now.getValue() != entry.getValue()) {
        return slice(offset, maxBytes, wholeFirst, limit); // compacted meanwhile
      }
      throw outOfRange(offset); // deleted meanwhile
    } catch (IOException e) {
      throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, e.getMessage());
    }
  }

  ByteBuffer read(long offset, int maxBytes, boolean wholeFirst) {
    LogSlice slice = slice(offset, maxBytes, wholeFirst, false);
    ByteBuffer bytes = ByteBuffer.allocate(slice.size());
    try {
      while (bytes.hasRemaining()) {
        if (slice.file().read(bytes, slice.position() + bytes.position()) < 0) {
          throw new IOException("the log ends before offset " + slice.endOffset());
        }
      }
      return bytes.flip();
    } catch (IOException e) {
      throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, e.getMessage());
    }
  }

  RefusedException outOfRange(long offset) {
    return new RefusedException(
        Refusal.OFFSET_OUT_OF_RANGE,
        "offset "
            + offset
            + " is not between "
            + startOffset.getAsLong()
            + " and "
            + highWatermark());
  }

  /// As [PartitionLog#batchAtOrAfter].
  ByteBuffer batchAtOrAfter(long timestamp) throws IOException {
    Limit limit = committed;
    for (Segment segment : segments.values()) {
      int position = segment.maxTimestamp() >= timestamp ? segment.locateTime(timestamp) : -1;
      int end = segment.baseOffset() == limit.segment ? limit.position : segment.size();
      if (position >= 0 && position < end && segment.baseOffset() <= limit.segment) {
        ByteBuffer batch = ByteBuffer.allocate(segment.batchSize(position));
        segment.readFully(batch, position);
        return batch.flip();
      }
    }
    return null;
  }
}
