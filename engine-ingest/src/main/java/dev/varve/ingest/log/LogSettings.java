// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

/// How a partition keeps its records.
///
/// @param segmentBytes a segment is closed when it would grow beyond this
/// @param segmentMillis a segment is closed when it is older; -1 for never
/// @param maxBatchBytes a larger batch is refused (`max.message.bytes`)
/// @param deletes whether segments go by age and size (`cleanup.policy` has `delete`)
/// @param retentionMillis segments whose newest record is older may go; -1 keeps them
/// @param retentionBytes the oldest segments may go while the partition is larger; -1 keeps them
/// @param compacts whether only the last record of each key is kept (`cleanup.policy` has
///   `compact`)
/// @param tombstoneMillis how long compaction keeps a record without a value
/// @param flushMillis -1: what asks for the disk (`acks=all`) is answered when the disk has it.
///   Otherwise it is answered as soon as it is written, and a power cut takes what came in so many
///   milliseconds
public record LogSettings(
    int segmentBytes,
    long segmentMillis,
    int maxBatchBytes,
    boolean deletes,
    long retentionMillis,
    long retentionBytes,
    boolean compacts,
    long tombstoneMillis,
    long flushMillis) {
  private static final long DAY_MILLIS = 24L * 3600 * 1000;

  public LogSettings {
    if (segmentBytes < 1024 || maxBatchBytes < 1024) {
      throw new IllegalArgumentException(
          "a segment and a batch need at least 1024 bytes: segmentBytes="
              + segmentBytes
              + " maxBatchBytes="
              + maxBatchBytes);
    }
  }

  /// A log that is deleted by age and size, and not compacted.
  public LogSettings(
      int segmentBytes, int maxBatchBytes, long retentionMillis, long retentionBytes) {
    this(
        segmentBytes,
        7 * DAY_MILLIS,
        maxBatchBytes,
        true,
        retentionMillis,
        retentionBytes,
        false,
        DAY_MILLIS,
        -1);
  }

  /// Kafka's defaults, with a smaller segment so that recovery reads less.
  public static LogSettings defaults() {
    return new LogSettings(256 << 20, 16 << 20, 7 * DAY_MILLIS, -1);
  }

  /// The same log, compacted and never deleted.
  public LogSettings compacted() {
    return new LogSettings(
        segmentBytes,
        segmentMillis,
        maxBatchBytes,
        false,
        retentionMillis,
        retentionBytes,
        true,
        tombstoneMillis,
        flushMillis);
  }

  /// What a batch must become before it is answered, where this was asked for.
  public Durability answeredAt(Durability asked) {
    return flushMillis < 0 ? asked : Durability.WRITTEN;
  }

  /// The same log, of which nothing goes by age or size.
  public LogSettings kept() {
    return new LogSettings(
        segmentBytes,
        segmentMillis,
        maxBatchBytes,
        false,
        -1,
        -1,
        compacts,
        tombstoneMillis,
        flushMillis);
  }
}
