// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Decompressor;
import dev.varve.ingest.record.RecordCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the last record of each key and writes closed segments without the others. One thread, for
/// one run.
///
/// Offsets stay what they are. Where all records of a batch go, an empty batch stands for their
/// offsets, so that the batches of a partition still follow each other without a gap. Records of
/// transactions are left as they are, since an aborted one must not hide an earlier record.
final class LogCompaction {
  /// Keys that one run can know; records behind the last one learnt are kept for the next run.
  private static final int MAX_KEYS = 4_000_000;

  private static final int MAX_PAYLOAD_BYTES = 256 << 20;
  private static final int TRANSACTIONAL = 16;

  private final Map<ByteBuffer, Long> lastOffsets = new HashMap<>();
  private final RecordCursor cursor;
  private final long tombstonesBefore;
  private long learntTo = Long.MAX_VALUE;
  private byte[] rewritten = new byte[1 << 16];
  private byte[] empty = new byte[BatchLayout.HEADER_BYTES];
  private long gapFrom = -1;
  private long gapTo;
  private int gapEpoch;

  /// @param tombstonesBefore a record without a value goes where its time is before this
  LogCompaction(Decompressor decompressor, long tombstonesBefore) {
    this.cursor = new RecordCursor(decompressor, MAX_PAYLOAD_BYTES);
    this.tombstonesBefore = tombstonesBefore;
  }

  /// Takes in the keys of a segment, up to a position. Segments come in the order of offsets.
  void learn(Segment segment, int to) throws IOException {
    new SegmentScan(segment).visit(0, to, (batch, _) -> learn(batch));
  }

  private void learn(byte[] batch) {
    long base = BatchLayout.baseOffset(batch, 0);
    if (lastOffsets.size() >= MAX_KEYS) {
      learntTo = Math.min(learntTo, base);
    }
    if (base >= learntTo || !isPlain(batch)) {
      return;
    }
    cursor.open(batch, 0);
    while (cursor.next()) {
      if (cursor.keyLength() >= 0) {
        lastOffsets.put(ByteBuffer.wrap(key()), base + cursor.offsetDelta());
      }
    }
  }

  private static boolean isPlain(byte[] batch) {
    return (BatchLayout.attributes(batch, 0) & TRANSACTIONAL) == 0
        && !BatchLayout.isControl(batch, 0);
  }

  private byte[] key() {
    byte[] key = new byte[cursor.keyLength()];
    System.arraycopy(cursor.bytes(), cursor.keyFrom(), key, 0, key.length);
    return key;
  }

  /// Writes what stays of neighbouring segments to one, below another folder.
  Segment rewrite(List<Segment> segments, Path folder) throws IOException {
    Segment target = new Segment(folder, segments.getFirst().baseOffset());
    gapFrom = -1;
    try {
      for (Segment source : segments) {
        IOException[] failed = new IOException[1];
        new SegmentScan(source)
            .visit(
                0,
                source.size(),
                (batch, size) -> {
                  try {
                    write(target, batch, size);
                  } catch (IOException e) {
                    failed[0] = failed[0] == null ? e : failed[0];
                  }
                });
        if (failed[0] != null) {
          throw failed[0];
        }
      }
      fillGap(target);
      target.seal();
      return target;
    } catch (IOException | RuntimeException e) {
      target.close();
      throw e;
    }
  }

  private void write(Segment target, byte[] batch, int size) throws IOException {
    int all = BatchLayout.records(batch, 0);
    int kept = isPlain(batch) ? retain(batch) : all;
    if (kept == 0) {
      long base = BatchLayout.baseOffset(batch, 0);
      long end = base + BatchLayout.lastOffsetDelta(batch, 0) + 1;
      int epoch = BatchLayout.leaderEpoch(batch, 0);
      if (gapFrom >= 0 && (end - gapFrom > Integer.MAX_VALUE || epoch != gapEpoch)) {
        fillGap(target);
      }
      gapFrom = gapFrom < 0 ? base : gapFrom;
      gapEpoch = epoch;
      gapTo = end;
      return;
    }
    fillGap(target);
    if (kept == all) {
      target.append(batch, 0, size);
    } else {
      target.append(rewritten, 0, BatchLayout.size(rewritten, 0));
    }
  }

  private void fillGap(Segment target) throws IOException {
    if (gapFrom >= 0) {
      BatchLayout.writeEmpty(empty, 0, gapFrom, (int) (gapTo - gapFrom), gapEpoch);
      target.append(empty, 0, empty.length);
      gapFrom = -1;
    }
  }

  /// Puts the records that stay, with the header, into [#rewritten]. Returns how many they are.
  private int retain(byte[] batch) {
    long base = BatchLayout.baseOffset(batch, 0);
    System.arraycopy(batch, 0, room(BatchLayout.HEADER_BYTES), 0, BatchLayout.HEADER_BYTES);
    int end = BatchLayout.HEADER_BYTES;
    int kept = 0;
    cursor.open(batch, 0);
    while (cursor.next()) {
      if (stays(base + cursor.offsetDelta())) {
        int length = cursor.recordEnd() - cursor.recordFrom();
        byte[] into = room(end + length);
        System.arraycopy(cursor.bytes(), cursor.recordFrom(), into, end, length);
        end += length;
        kept++;
      }
    }
    if (kept > 0) {
      BatchLayout.reseal(rewritten, 0, end, kept);
    }
    return kept;
  }

  private boolean stays(long offset) {
    if (offset >= learntTo || cursor.keyLength() < 0) {
      return offset >= learntTo; // a record without a key can never be asked for by its key
    }
    long last = lastOffsets.getOrDefault(ByteBuffer.wrap(key()), -1L);
    return last <= offset && (cursor.valueLength() >= 0 || cursor.timestamp() >= tombstonesBefore);
  }

  private byte[] room(int bytes) {
    if (bytes > rewritten.length) {
      rewritten = java.util.Arrays.copyOf(rewritten, Math.max(bytes, rewritten.length * 2));
    }
    return rewritten;
  }
}
