// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

/// A partition as `system.ingest` shows it.
///
/// @param table full name of the table, empty for a plain topic
/// @param appliedOffset offset up to which rows are visible; the high watermark of a plain topic
/// @param durableOffset offset up to which rows are in durable parts
/// @param lag records in the log that are not visible yet; never negative
/// @param lastError why it is out of service or cannot show rows, or empty
public record IngestStatus(
    String topic,
    int partition,
    String table,
    long logStartOffset,
    long logEndOffset,
    long highWatermark,
    long appliedOffset,
    long durableOffset,
    long lag,
    long bytes,
    String lastError) {}
