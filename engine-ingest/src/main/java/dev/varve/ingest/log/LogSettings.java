// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

/// How a partition keeps its records.
///
/// @param segmentBytes a segment is closed when it would grow beyond this
/// @param maxBatchBytes a larger batch is refused (`max.message.bytes`)
/// @param retentionMillis segments whose newest record is older may go; -1 keeps them
/// @param retentionBytes the oldest segments may go while the partition is larger; -1 keeps them
public record LogSettings(
    int segmentBytes, int maxBatchBytes, long retentionMillis, long retentionBytes) {
  public LogSettings {
    if (segmentBytes < 1024 || maxBatchBytes < 1024) {
      throw new IllegalArgumentException(
          "a segment and a batch need at least 1024 bytes: segmentBytes="
              + segmentBytes
              + " maxBatchBytes="
              + maxBatchBytes);
    }
  }

  /// Kafka's defaults, with a smaller segment so that recovery reads less.
  public static LogSettings defaults() {
    return new LogSettings(256 << 20, 16 << 20, 7L * 24 * 3600 * 1000, -1);
  }
}
