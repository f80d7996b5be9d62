// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.record.RecordHeader;
import java.util.List;

/// A record that did not fit its table, and why.
///
/// @param offset of the record in its batch, or in its partition
/// @param timestamp of the record, in milliseconds since the epoch
/// @param key or null
/// @param value or null
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record DeadLetter(
    long offset,
    long timestamp,
    byte[] key,
    byte[] value,
    List<RecordHeader> headers,
    String reason) {
  DeadLetter at(long base) {
    return new DeadLetter(base + offset, timestamp, key, value, headers, reason);
  }
}
