// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Where offsets and timestamps of a segment begin, one entry for every few kilobytes: parallel
/// arrays that only grow. Safe for threads.
///
/// The file of a closed segment, big-endian; docs/format/segment.md says the same:
///
/// | bytes | field                                                              |
/// |-------|--------------------------------------------------------------------|
/// | 0-3   | magic `VIX1`                                                       |
/// | 4-7   | bytes of the segment                                               |
/// | 8-15  | offset behind its last record                                      |
/// | 16-23 | its greatest timestamp                                             |
/// | 24-27 | entries, each: relative offset (4), position (4), timestamp (8)    |
/// | last 4| CRC32C of everything before                                        |
final class SparseIndex {
  /// Bytes of log between two entries, as Kafka has it.
  static final int INTERVAL_BYTES = 4096;

  private static final int MAGIC = 0x56495831;
  private static final int HEADER_BYTES = 28;
  private static final int ENTRY_BYTES = 16;

  private int entries;
  private int[] offsets = new int[64];
  private int[] positions = new int[64];
  private long[] timestamps = new long[64];
  private int bytesSinceEntry = INTERVAL_BYTES;

  /// Tells of a batch that was appended; the timestamp is the greatest before it.
  synchronized void appended(int relativeOffset, int position, int size, long maxTimestampBefore) {
    if (bytesSinceEntry >= INTERVAL_BYTES) {
      if (entries == offsets.length) {
        offsets = Arrays.copyOf(offsets, entries * 2);
        positions = Arrays.copyOf(positions, entries * 2);
        timestamps = Arrays.copyOf(timestamps, entries * 2);
      }
      offsets[entries] = relativeOffset;
      positions[entries] = position;
      timestamps[entries] = maxTimestampBefore;
      entries++;
      bytesSinceEntry = 0;
    }
    bytesSinceEntry += size;
  }

  /// A position at or before the batch that holds this offset.
  synchronized int positionBefore(int relativeOffset) {
    int found = Arrays.binarySearch(offsets, 0, entries, relativeOffset);
    int entry = found >= 0 ? found : -found - 2;
    return entry < 0 ? 0 : positions[entry];
  }

  /// The relative offset of the first entry at or behind a position, or -1.
  synchronized int offsetFrom(int position) {
    int found = Arrays.binarySearch(positions, 0, entries, position);
    int entry = found >= 0 ? found : -found - 1;
    return entry < entries ? offsets[entry] : -1;
  }

  /// A position before which no record has this timestamp or a later one.
  synchronized int positionBeforeTime(long timestamp) {
    int position = 0;
    for (int i = 0; i < entries && timestamps[i] < timestamp; i++) {
      position = positions[i];
    }
    return position;
  }

  /// The file of a closed segment.
  synchronized byte[] toBytes(int size, long nextOffset, long maxTimestamp) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + entries * ENTRY_BYTES + 4);
    out.putInt(MAGIC).putInt(size).putLong(nextOffset).putLong(maxTimestamp).putInt(entries);
    for (int i = 0; i < entries; i++) {
      out.putInt(offsets[i]).putInt(positions[i]).putLong(timestamps[i]);
    }
    out.putInt(checksum(out.array()));
    return out.array();
  }

  private static int checksum(byte[] file) {
    CRC32C crc = new CRC32C();
    crc.update(file, 0, file.length - 4);
    return (int) crc.getValue();
  }

  /// The header of such a file, entries taken in, or null where it is damaged or of another
  /// segment.
  synchronized Closed restore(byte[] file, long segmentBytes) {
    if (file.length < HEADER_BYTES + 4) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(file);
    boolean known = in.getInt() == MAGIC && in.getInt(file.length - 4) == checksum(file);
    Closed closed = new Closed(in.getInt(), in.getLong(), in.getLong());
    int count = in.getInt();
    long expected = HEADER_BYTES + (long) count * ENTRY_BYTES + 4;
    if (!known || closed.size != segmentBytes || file.length != expected) {
      return null;
    }
    entries = count;
    offsets = new int[Math.max(count, 1)];
    positions = new int[Math.max(count, 1)];
    timestamps = new long[Math.max(count, 1)];
    for (int i = 0; i < count; i++) {
      offsets[i] = in.getInt();
      positions[i] = in.getInt();
      timestamps[i] = in.getLong();
    }
    return closed;
  }

  /// What the file says of its segment.
  record Closed(int size, long nextOffset, long maxTimestamp) {}
}
